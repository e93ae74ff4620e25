// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/topology/FlowDrawing.h"

#include "ui/models/Format.h"
#include "ui/views/topology/FlowView.h"
#include "ui/views/topology/FlowWords.h"

#include <QMenu>
#include <QSettings>

#include <algorithm>

namespace weir {
namespace {
constexpr const char* kPinsKey = "topology/pins"; // kind, name and id of each
} // namespace

FlowDrawing::FlowDrawing(HistoryFollower::Opener open, QSettings* settings, QWidget* parent)
    : TopologyPicture(parent),
      m_open(std::move(open)),
      m_settings(settings),
      m_view(new FlowView(parent)),
      m_draft(std::make_shared<FlowDraft>(m_open))
{
    addKeys();
    restorePins();
}

void FlowDrawing::addKeys()
{
    connect(m_view, &GraphView::pinWanted, this, [this] {
        if (const FlowNode* node = chosen())
            togglePin(FlowNode(*node));
    });
    connect(m_view, &GraphView::groupWanted, this, [this] {
        if (const FlowNode* node = chosen())
            toggleGroup(FlowNode(*node));
    });
}

const FlowNode* FlowDrawing::chosen() const
{
    const auto id = m_view->selectedNode();
    const auto index = m_picture && id ? m_picture->graph->find(*id) : std::nullopt;
    return index ? &m_picture->graph->nodes[*index] : nullptr;
}

void FlowDrawing::addTo(QMenu& menu, const FlowNode& node)
{
    const auto isIt = [&node](const FlowNode& each) { return each.id == node.id; };
    const bool pinned = std::any_of(m_pinned.begin(), m_pinned.end(), isIt);
    menu.addAction(pinned ? tr("Unpin it\tP") : tr("Pin it\tP"), this, [this, node] { togglePin(node); });
    if (const std::string account = accountOf(node); !account.empty()) {
        const QString name = shownName(account, 40).replace(QLatin1Char('&'), QLatin1String("&&"));
        menu.addAction(m_grouping.accounts.contains(account) ? tr("Draw the parts of account %1").arg(name)
                                                             : tr("Draw account %1 as one").arg(name),
                       this, [this, account] { toggleAccount(account); });
    }
    if (node.kind == FlowKind::Account)
        return;
    const bool together = m_grouping.kinds.contains(node.kind);
    const QString kind = flowKindTitle(node.kind);
    menu.addAction(together ? tr("Draw each %1 by itself\tG").arg(kind)
                   : node.kind == FlowKind::SubjectGroup
                       ? tr("Draw subjects together by their first token\tG")
                       : tr("Draw all of the kind %1 together\tG").arg(kind),
                   this, [this, node] { toggleGroup(node); });
}

void FlowDrawing::togglePin(const FlowNode& node)
{
    const auto same = std::find_if(m_pinned.begin(), m_pinned.end(),
                                   [&node](const FlowNode& each) { return each.id == node.id; });
    if (same != m_pinned.end())
        m_pinned.erase(same);
    else
        m_pinned.push_back(node);
    std::set<std::string> ids;
    QStringList kept;
    for (const FlowNode& each : m_pinned) {
        ids.insert(each.id);
        kept << QString::number(static_cast<int>(each.kind)) << QString::fromStdString(each.name)
             << QString::fromStdString(each.id);
    }
    m_view->setPinned(std::move(ids));
    if (m_settings)
        m_settings->setValue(QLatin1String(kPinsKey), kept);
    emit drawAnewWanted();
}

void FlowDrawing::restorePins()
{
    const QStringList kept =
        m_settings ? m_settings->value(QLatin1String(kPinsKey)).toStringList() : QStringList();
    std::set<std::string> ids;
    for (qsizetype i = 0; i + 2 < kept.size(); i += 3) {
        const int kind = kept[i].toInt();
        if (kind < 0 || kind > static_cast<int>(kLastFlowKind))
            continue;
        FlowNode node;
        node.kind = static_cast<FlowKind>(kind);
        node.name = kept[i + 1].toStdString();
        node.id = kept[i + 2].toStdString();
        ids.insert(node.id);
        m_pinned.push_back(std::move(node));
    }
    m_view->setPinned(std::move(ids));
}

void FlowDrawing::toggleGroup(const FlowNode& node)
{
    if (node.kind == FlowKind::Account)
        return toggleAccount(node.name);
    if (m_grouping.kinds.erase(node.kind) == 0)
        m_grouping.kinds.insert(node.kind);
    emit drawAnewWanted();
}

void FlowDrawing::toggleAccount(const std::string& account)
{
    if (m_grouping.accounts.erase(account) == 0)
        m_grouping.accounts.insert(account);
    emit drawAnewWanted();
}

QWidget* FlowDrawing::widget()
{
    return m_view;
}

GraphView& FlowDrawing::view()
{
    return *m_view;
}

QString FlowDrawing::searchHint() const
{
    return tr("Find in the picture: checkout, orders, FRA");
}

TopologyPicture::Draw FlowDrawing::draw()
{
    return [this, draft = m_draft, grouping = m_grouping,
            pinned = m_pinned](const FlowAsked& asked, const std::stop_token& stop) -> Show {
        FlowAsked own = asked;
        own.grouping = grouping;
        own.pinned = pinned;
        return [this, drawn = draft->draw(own, stop)] { take(drawn); };
    };
}

void FlowDrawing::take(const FlowDrawn& answer)
{
    if (!answer.problem.isEmpty())
        emit problem(answer.problem);
    if (!answer.picture)
        return;
    m_picture = answer.picture;
    m_brokerKnown = answer.brokerKnown;
    m_wantsMore = answer.isFirst;
    m_view->setPicture(m_picture);
    emit changed();
}

void FlowDrawing::startOver()
{
    m_draft = std::make_shared<FlowDraft>(m_open);
    m_picture = nullptr;
    m_view->setPicture(nullptr);
}

bool FlowDrawing::hasContent() const
{
    return m_picture && !m_picture->graph->nodes.empty();
}

QString FlowDrawing::remark(bool live) const
{
    if (!m_picture)
        return {};
    QString text = countsOf(*m_picture->graph);
    if (!m_brokerKnown)
        text += live ? tr(" · who consumes is not known: no monitoring port")
                     : tr(" · who consumed is not known: the broker was not looked at");
    return text;
}

bool FlowDrawing::explain(EmptyState& /*empty*/, const TopologyWatch& /*watch*/) const
{
    return false;
}

std::shared_ptr<const FlowGraph> FlowDrawing::graph() const
{
    return m_picture ? m_picture->graph : std::make_shared<const FlowGraph>();
}

} // namespace weir
