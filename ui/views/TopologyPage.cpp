// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/TopologyPage.h"

#include "core/topology/FlowText.h"
#include "ui/models/Figures.h"
#include "ui/models/ViewState.h"
#include "ui/views/topology/FlowDetails.h"
#include "ui/views/topology/FlowExport.h"
#include "ui/views/topology/FlowView.h"

#include <QClipboard>
#include <QComboBox>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QToolButton>

namespace weir {
namespace {

constexpr int kRangeBefore = -1; ///< seconds: as many as the range has
constexpr int kWholeWay = 7;     ///< hops: as many as there are columns less one
constexpr int kDrawEvery = 1000; // ms: numbers that change faster cannot be read

} // namespace

TopologyPage::TopologyPage(ViewState& state, const BrokerWatch& broker, QWidget* parent,
                           HistoryFollower::Opener open)
    : FollowPage(
          state, QStringLiteral("topology"), tr("The way of messages appears here as soon as they come."),
          open, [this] { return makeSinks(); }, parent),
      m_broker(broker),
      m_open(std::move(open)),
      m_tracker(std::make_shared<FlowTracker>(Nanoseconds{0}, false)),
      m_draft(std::make_shared<FlowDraft>(m_open)),
      m_search(new QLineEdit(content())),
      m_hops(new QComboBox(content())),
      m_compare(new QComboBox(content())),
      m_view(new FlowView(content())),
      m_export(new FlowExport(content())),
      m_details(new FlowDetails(this))
{
    auto* column = new QVBoxLayout(content());
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(buildTools());
    column->addWidget(m_view, 1);
    m_view->setObjectName(QStringLiteral("flowView"));
    join();
    showState();
}

TopologyPage::~TopologyPage() = default;

QString TopologyPage::title() const
{
    return tr("Topology");
}

QString TopologyPage::iconName() const
{
    return QStringLiteral(":/icons/topology.svg");
}

QWidget* TopologyPage::details()
{
    return m_details;
}

std::vector<std::shared_ptr<BatchSink>> TopologyPage::makeSinks()
{
    const TimeRange& range = state().range();
    m_tracker = std::make_shared<FlowTracker>(range.live ? range.span : range.to - range.from, range.live);
    return {m_tracker};
}

QWidget* TopologyPage::buildTools()
{
    auto* tools = new QWidget(content());
    auto* line = new QHBoxLayout(tools);
    line->setContentsMargins(8, 6, 8, 6);
    line->setSpacing(12);
    m_search->setObjectName(QStringLiteral("flowSearch"));
    m_search->setPlaceholderText(tr("Find in the picture: checkout, orders, FRA"));
    m_search->setAccessibleName(tr("Find in the picture"));
    m_search->setClearButtonEnabled(true);
    m_search->setMaximumWidth(420);
    m_search->setMinimumWidth(220);
    line->addWidget(m_search, 2);
    m_hops->setObjectName(QStringLiteral("flowHops"));
    m_hops->setAccessibleName(tr("How much around the chosen part is drawn strong"));
    m_hops->addItem(tr("Everything"), 0);
    m_hops->addItem(tr("1 hop around the choice"), 1);
    m_hops->addItem(tr("2 hops around the choice"), 2);
    m_hops->addItem(tr("The whole way of the choice"), kWholeWay);
    line->addWidget(m_hops);
    m_compare->setObjectName(QStringLiteral("flowCompare"));
    m_compare->setAccessibleName(tr("What the picture is compared with"));
    m_compare->addItem(tr("No comparison"), 0);
    m_compare->addItem(tr("Changes since the range before"), kRangeBefore);
    m_compare->addItem(tr("Changes since an hour earlier"), 3600);
    m_compare->addItem(tr("Changes since a day earlier"), 24 * 3600);
    m_compare->addItem(tr("Changes since a week earlier"), 7 * 24 * 3600);
    line->addWidget(m_compare);
    auto* fit = new QToolButton(tools);
    fit->setObjectName(QStringLiteral("flowFit"));
    fit->setText(tr("Fit"));
    fit->setToolTip(tr("Show all of it (0)"));
    connect(fit, &QToolButton::clicked, m_view, &FlowView::fit);
    line->addWidget(fit);
    line->addWidget(m_export);
    line->addStretch(1);
    line->addWidget(note());
    return tools;
}

void TopologyPage::join()
{
    connect(m_search, &QLineEdit::textChanged, m_view, &FlowView::setSearch);
    connect(m_hops, &QComboBox::currentIndexChanged, this, &TopologyPage::focus);
    connect(m_compare, &QComboBox::currentIndexChanged, this, [this] {
        m_sinceDrawn.invalidate();
        m_drawn = 0;
        askAnew();
    });
    connect(m_view, &FlowView::selected, this, [this](const std::optional<std::string>& id) {
        m_chosen = id;
        m_details->showNode(id);
        focus();
    });
    connect(m_view, &FlowView::edgeSelected, m_details, &FlowDetails::showEdge);
    connect(m_view, &FlowView::activated, this, [this](const std::string& id) {
        const auto node = m_picture ? m_picture->graph->find(id) : std::nullopt;
        if (const QString term = node ? flowTerm(m_picture->graph->nodes[*node]) : QString(); !term.isEmpty())
            emit filterTermRequested(term);
    });
    connect(m_export, &FlowExport::told, this, &TopologyPage::problem);
    connect(m_view, &FlowView::contextMenuRequested, this, &TopologyPage::showMenu);
    connect(m_details, &FlowDetails::nodeChosen, m_view,
            [this](const std::string& id) { m_view->select(id); });
    connect(m_details, &FlowDetails::messagesWanted, this, &TopologyPage::filterTermRequested);
    connect(&m_broker, &BrokerWatch::looked, this, [this] {
        m_sinceDrawn.invalidate();
        ask();
    });
}

void TopologyPage::focus()
{
    const int hops = m_hops->currentData().toInt();
    m_view->focusOn(hops > 0 ? m_chosen : std::nullopt, hops);
}

void TopologyPage::startOver()
{
    m_draft = std::make_shared<FlowDraft>(m_open);
    m_picture = nullptr;
    m_sinceDrawn.invalidate();
    m_view->setPicture(nullptr);
    m_export->setPicture(nullptr);
}

Nanoseconds TopologyPage::earlier() const
{
    const int seconds = m_compare->currentData().toInt();
    const TimeRange& range = state().range();
    if (seconds == kRangeBefore)
        return range.live ? range.span : range.to - range.from;
    return std::chrono::seconds(seconds);
}

TopologyPage::Question TopologyPage::question()
{
    const auto [from, to] = sinks().bounds();
    const Nanoseconds recorded = recordedWithin(sinks().gaps(), from, to);
    const bool recent = m_sinceDrawn.isValid() && !m_sinceDrawn.hasExpired(kDrawEvery);
    const bool same =
        !state().range().live && m_drawn == m_tracker->revision() && m_drawnRecorded == recorded;
    if (hasAll() && m_picture && (recent || same))
        return [this]() -> Show { return [this] { take({m_picture, m_brokerKnown, {}}); }; };
    m_sinceDrawn.start();
    m_drawn = m_tracker->revision(); // before it is asked
    m_drawnRecorded = recorded;
    FlowAsked asked;
    asked.tracker = m_tracker;
    asked.history = state().history();
    asked.from = from;
    asked.to = to;
    asked.gaps = sinks().gaps();
    asked.filter = state().filter();
    asked.live = state().range().live;
    asked.earlier = earlier();
    if (asked.live) // of the past the history has looks at the broker
        asked.broker = m_broker.known();
    return [this, draft = m_draft, asked = std::move(asked)]() -> Show {
        return [this, drawn = draft->draw(asked)] { take(drawn); };
    };
}

void TopologyPage::take(const FlowDrawn& answer)
{
    if (!answer.problem.isEmpty())
        emit problem(answer.problem);
    if (!answer.picture || answer.picture == m_picture)
        return;
    m_picture = answer.picture;
    m_brokerKnown = answer.brokerKnown;
    m_view->setPicture(m_picture);
    m_export->setPicture(m_picture);
    m_details->setGraph(m_picture->graph);
}

bool TopologyPage::hasContent() const
{
    return m_picture && !m_picture->graph->nodes.empty();
}

QString TopologyPage::remark() const
{
    if (!m_picture)
        return {};
    const FlowGraph& graph = *m_picture->graph;
    QString text = tr("%1 nodes, %2 lines").arg(fullCount(graph.nodes.size()), fullCount(graph.edges.size()));
    if (graph.findings.size() == 1)
        text += tr(", 1 finding");
    else if (graph.findings.size() > 1)
        text += tr(", %1 findings").arg(fullCount(graph.findings.size()));
    if (!m_brokerKnown)
        text += state().range().live ? tr(" · who consumes is not known: no monitoring port")
                                     : tr(" · who consumed is not known: the broker was not looked at");
    return text;
}

void TopologyPage::showMenu(const std::string& id, const QPoint& at)
{
    const auto index = m_picture ? m_picture->graph->find(id) : std::nullopt;
    if (!index)
        return;
    const FlowNode& node = m_picture->graph->nodes[*index];
    const QString name = QString::fromStdString(node.name);
    const QString term = flowTerm(node);
    QMenu menu(this);
    if (!term.isEmpty()) {
        menu.addAction(tr("Show only its messages"), this, [this, term] { emit filterTermRequested(term); });
        menu.addAction(tr("Hide its messages"), this,
                       [this, term] { emit filterTermRequested(QStringLiteral("NOT ") + term); });
        menu.addSeparator();
    }
    menu.addAction(tr("Copy its name"), this, [name] { QGuiApplication::clipboard()->setText(name); });
    menu.exec(at);
}

} // namespace weir
