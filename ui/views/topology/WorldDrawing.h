// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/topology/WorldGraph.h"
#include "ui/views/topology/LooksDraft.h"
#include "ui/views/topology/TopologyPicture.h"

class QTreeWidget;

namespace weir {

class PictureAside;
class WorldView;

/// PoPs on the map, and with it those whose place nobody knows.
class WorldDrawing : public TopologyPicture
{
    Q_OBJECT
public:
    /// `parent` is of the view, too.
    WorldDrawing(HistoryFollower::Opener open, QWidget* parent);

    [[nodiscard]] QString name() const override { return QStringLiteral("world"); }
    [[nodiscard]] QString title() const override { return tr("World"); }
    [[nodiscard]] QWidget* widget() override;
    [[nodiscard]] GraphView& view() override;
    [[nodiscard]] QString searchHint() const override;
    [[nodiscard]] bool hasWays() const override { return false; }
    [[nodiscard]] bool needsMessages() const override { return true; }
    [[nodiscard]] Draw draw() override;
    void startOver() override;
    [[nodiscard]] bool hasContent() const override;
    [[nodiscard]] QString remark(bool live) const override;
    [[nodiscard]] bool explain(EmptyState& empty, const TopologyWatch& watch) const override;
    [[nodiscard]] std::shared_ptr<const FlowGraph> graph() const override;
    [[nodiscard]] TopologySheet sheet() const override { return worldSheet(m_world); }
    [[nodiscard]] FlowFigures figures(std::uint32_t node) const override;

private:
    void take(std::shared_ptr<const WorldGraph> world);
    void listUnplaced();
    void mark(const std::optional<std::string>& id);

    const HistoryFollower::Opener m_open;
    std::shared_ptr<LooksDraft> m_looks; ///< of the present run
    WorldView* m_view;
    QTreeWidget* m_unplaced; ///< PoPs that have no place on the map
    PictureAside* m_widget;
    std::shared_ptr<const WorldGraph> m_world;
};

} // namespace weir
