// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/topology/FlowDrawing.h"

#include "ui/views/topology/FlowView.h"

namespace weir {

FlowDrawing::FlowDrawing(HistoryFollower::Opener open, QWidget* parent)
    : TopologyPicture(parent),
      m_open(std::move(open)),
      m_view(new FlowView(parent)),
      m_draft(std::make_shared<FlowDraft>(m_open))
{
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
    return [this, draft = m_draft](const FlowAsked& asked) -> Show {
        return [this, drawn = draft->draw(asked)] { take(drawn); };
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
