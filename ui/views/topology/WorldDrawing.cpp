// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/topology/WorldDrawing.h"

#include "core/topology/WorldLook.h"
#include "ui/models/Figures.h"
#include "ui/models/Format.h"
#include "ui/theme/ThemeColors.h"
#include "ui/views/topology/FlowWords.h"
#include "ui/views/topology/PictureAside.h"
#include "ui/views/topology/WorldView.h"
#include "ui/views/topology/WorldWords.h"

#include <QTreeWidget>

#include <algorithm>

namespace weir {
namespace {

constexpr int kId = Qt::UserRole;

} // namespace

WorldDrawing::WorldDrawing(HistoryFollower::Opener open, QWidget* parent)
    : TopologyPicture(parent),
      m_open(std::move(open)),
      m_looks(std::make_shared<LooksDraft>(m_open)),
      m_view(new WorldView(parent)),
      m_unplaced(new QTreeWidget(parent)),
      m_widget(new PictureAside(
          *m_view, [view = m_view](const QSize& room) { return view->scaleIn(room); }, tr("Not on the map"),
          *m_unplaced, parent))
{
    m_unplaced->setObjectName(QStringLiteral("unplacedPops"));
    m_unplaced->setAccessibleName(tr("PoPs whose place is not known"));
    m_unplaced->setHeaderLabels({tr("PoP"), tr("Rate"), tr("p99")});
    m_unplaced->setRootIsDecorated(false);
    m_unplaced->setUniformRowHeights(true);
    connect(m_unplaced, &QTreeWidget::currentItemChanged, this, [this](const QTreeWidgetItem* item) {
        if (item != nullptr)
            m_view->select(item->data(0, kId).toString().toStdString());
    });
    connect(m_unplaced, &QTreeWidget::itemActivated, this, [this](const QTreeWidgetItem* item) {
        emit m_view->activated(item->data(0, kId).toString().toStdString());
    });
    connect(m_view, &WorldView::selected, this, &WorldDrawing::mark);
}

QWidget* WorldDrawing::widget()
{
    return m_widget;
}

GraphView& WorldDrawing::view()
{
    return *m_view;
}

QString WorldDrawing::searchHint() const
{
    return tr("Find on the map: GRU");
}

TopologyPicture::Draw WorldDrawing::draw()
{
    return [this, looks = m_looks](const FlowAsked& asked, const std::stop_token& stop) -> Show {
        const DraftHistory::Known known = looks->of(asked, stop);
        if (stop.stop_requested())
            return {};
        auto world = std::make_shared<WorldGraph>(
            worldGraph(asked.tracker->pops(asked.from, asked.to, asked.gaps, known.recordedFrom),
                       known.looks.now.get()));
        tellRange(world->graph, asked);
        return [this, world, trouble = known.problem] {
            if (!trouble.isEmpty())
                emit problem(trouble);
            take(world);
        };
    };
}

void WorldDrawing::take(std::shared_ptr<const WorldGraph> world)
{
    m_world = std::move(world);
    m_view->setWorld(m_world);
    listUnplaced();
    emit changed();
}

void WorldDrawing::startOver()
{
    m_looks = std::make_shared<LooksDraft>(m_open);
    m_world = nullptr;
    m_view->setWorld(nullptr);
    listUnplaced();
}

/// Rows are reused: a reader's choice and place stay.
void WorldDrawing::listUnplaced()
{
    const std::vector<std::uint32_t> nodes = m_world ? worldUnplaced(*m_world) : std::vector<std::uint32_t>();
    const QSignalBlocker quiet(m_unplaced);
    const auto wanted = static_cast<int>(nodes.size());
    while (m_unplaced->topLevelItemCount() > wanted)
        delete m_unplaced->takeTopLevelItem(m_unplaced->topLevelItemCount() - 1);
    while (m_unplaced->topLevelItemCount() < wanted)
        m_unplaced->addTopLevelItem(new QTreeWidgetItem);
    for (int row = 0; row < wanted; ++row) {
        const std::uint32_t node = nodes[static_cast<std::size_t>(row)];
        const PopSum& sum = m_world->sums[node];
        QTreeWidgetItem& item = *m_unplaced->topLevelItem(row);
        const bool slow = m_world->slow[node].has_value();
        item.setText(0,
                     (slow ? QStringLiteral("⚠ ") : QString()) + shownLabel(m_world->graph.nodes[node], 60));
        item.setText(1, sum.rate ? shortRate(*sum.rate) : QStringLiteral("–"));
        item.setText(2, formatLatency(sum.latency.p99));
        item.setTextAlignment(1, Qt::AlignRight | Qt::AlignVCenter);
        item.setTextAlignment(2, Qt::AlignRight | Qt::AlignVCenter);
        item.setData(0, kId, QString::fromStdString(m_world->graph.nodes[node].id));
        item.setToolTip(0, worldSentence(*m_world, node, nullptr));
    }
    m_widget->arrange();
    mark(m_view->selectedNode());
}

void WorldDrawing::mark(const std::optional<std::string>& id)
{
    const QSignalBlocker quiet(m_unplaced);
    const QString wanted = QString::fromStdString(id.value_or(std::string()));
    m_unplaced->setCurrentItem(nullptr);
    for (int row = 0; row < m_unplaced->topLevelItemCount() && id; ++row) {
        if (m_unplaced->topLevelItem(row)->data(0, kId).toString() == wanted)
            m_unplaced->setCurrentItem(m_unplaced->topLevelItem(row));
    }
}

bool WorldDrawing::hasContent() const
{
    return m_world && !m_world->graph.nodes.empty() &&
           std::any_of(m_world->graph.nodes.begin(), m_world->graph.nodes.end(),
                       [](const FlowNode& node) { return node.kind == FlowKind::Pop; });
}

QString WorldDrawing::remark(bool /*live*/) const
{
    if (!m_world)
        return {};
    const auto pops = std::count_if(m_world->sums.begin(), m_world->sums.end(),
                                    [](const PopSum& sum) { return sum.isCode; });
    const auto slow = std::count_if(m_world->slow.begin(), m_world->slow.end(),
                                    [](const auto& each) { return each.has_value(); });
    QString text = pops == 1 ? tr("1 PoP") : tr("%1 PoPs").arg(fullCount(static_cast<std::uint64_t>(pops)));
    if (slow > 0)
        text += tr(", %1 slow").arg(slow);
    const bool noLines = m_world->graph.edges.empty();
    return noLines ? text + tr(" · no lines: where servers stand is not known") : text;
}

bool WorldDrawing::explain(EmptyState& /*empty*/, const TopologyWatch& /*watch*/) const
{
    return false;
}

std::shared_ptr<const FlowGraph> WorldDrawing::graph() const
{
    return m_world ? std::shared_ptr<const FlowGraph>(m_world, &m_world->graph)
                   : std::make_shared<const FlowGraph>();
}

FlowFigures WorldDrawing::figures(std::uint32_t node) const
{
    if (!m_world || node >= m_world->sums.size())
        return {};
    FlowFigures figures = worldFigures(*m_world, node);
    if (const WorldMark* mark = m_view->marks().of(node); mark != nullptr) {
        for (const std::uint32_t other : mark->members) {
            if (other != node)
                figures.alsoHere.push_back(m_world->graph.nodes[other].id);
        }
    }
    return figures;
}

} // namespace weir
