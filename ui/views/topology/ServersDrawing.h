// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/topology/ServerPlan.h"
#include "ui/views/topology/LooksDraft.h"
#include "ui/views/topology/TopologyPicture.h"

namespace weir {

class ServersView;

/// The servers of a broker as they were last seen in the range.
class ServersDrawing : public TopologyPicture
{
    Q_OBJECT
public:
    /// `parent` is of the view, too.
    ServersDrawing(HistoryFollower::Opener open, QWidget* parent);

    [[nodiscard]] QString name() const override { return QStringLiteral("servers"); }
    [[nodiscard]] QString title() const override { return tr("Servers"); }
    [[nodiscard]] QWidget* widget() override;
    [[nodiscard]] GraphView& view() override;
    [[nodiscard]] QString searchHint() const override;
    [[nodiscard]] bool hasWays() const override { return false; }
    [[nodiscard]] bool needsMessages() const override { return false; }
    [[nodiscard]] Draw draw() override;
    void startOver() override;
    [[nodiscard]] bool hasContent() const override;
    [[nodiscard]] QString remark(bool live) const override;
    [[nodiscard]] bool explain(EmptyState& empty, const TopologyWatch& watch) const override;
    [[nodiscard]] std::shared_ptr<const FlowGraph> graph() const override;
    [[nodiscard]] TopologySheet sheet() const override { return serversSheet(m_plan); }
    [[nodiscard]] FlowFigures figures(std::uint32_t node) const override;

private:
    void take(std::shared_ptr<const ServerPlan> plan);

    const HistoryFollower::Opener m_open;
    std::shared_ptr<LooksDraft> m_looks; ///< of the present run
    ServersView* m_view;
    std::shared_ptr<const ServerPlan> m_plan;
};

} // namespace weir
