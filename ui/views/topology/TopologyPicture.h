// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/topology/TopologySheet.h"
#include "ui/views/topology/FlowDetails.h"
#include "ui/views/topology/FlowDraft.h"

#include <QObject>

#include <functional>
#include <memory>
#include <stop_token>

class QMenu;

namespace weir {

class EmptyState;
class GraphView;

/// Whether the page's broker is looked at, for what a picture without a look says.
struct TopologyWatch
{
    bool live = false;
    bool watches = false;
    std::string problem; ///< why the last look failed
};

/// One of the pictures of the page Topology: makes it of the facts, paints it in its view, and says what is
/// known of its parts. gui thread.
class TopologyPicture : public QObject
{
    Q_OBJECT
public:
    using Show = std::function<void()>; ///< on the gui thread
    /// On another; one at a time. Asked to stop it may answer nothing.
    using Draw = std::function<Show(const FlowAsked&, const std::stop_token&)>;

    using QObject::QObject;

    [[nodiscard]] virtual QString name() const = 0;  ///< for settings and objects: `flow`
    [[nodiscard]] virtual QString title() const = 0; ///< for people
    /// What the page shows: the view, and what stands beside it.
    [[nodiscard]] virtual QWidget* widget() = 0;
    [[nodiscard]] virtual GraphView& view() = 0;
    [[nodiscard]] virtual QString searchHint() const = 0;
    /// The nodes around the chosen one are worth to be seen alone, and what changed of them.
    [[nodiscard]] virtual bool hasWays() const = 0;
    /// Without messages there is nothing to draw.
    [[nodiscard]] virtual bool needsMessages() const = 0;

    /// Touches nothing of the picture until it shows what it made.
    [[nodiscard]] virtual Draw draw() = 0;
    /// What was drawn is no longer right.
    virtual void startOver() = 0;
    [[nodiscard]] virtual bool hasContent() const = 0;
    /// Drawn again it shows more, though nothing new came.
    [[nodiscard]] virtual bool wantsMore() const { return false; }
    /// How much is shown, and what it lacks.
    [[nodiscard]] virtual QString remark(bool live) const = 0;
    /// Says in `empty` why there is nothing; false: what every page says is right.
    [[nodiscard]] virtual bool explain(EmptyState& empty, const TopologyWatch& watch) const = 0;

    [[nodiscard]] virtual std::shared_ptr<const FlowGraph> graph() const = 0;
    /// For saving what is drawn.
    [[nodiscard]] virtual TopologySheet sheet() const = 0;
    /// What the details say of a node beside what the graph does.
    [[nodiscard]] virtual FlowFigures figures(std::uint32_t node) const;

    /// Adds to the menu of a node what can be done with it in this picture alone.
    virtual void addTo(QMenu& /*menu*/, const FlowNode& /*node*/) {}

signals:
    /// The reader wants it drawn otherwise.
    void drawAnewWanted();
    /// Another graph is shown.
    void changed();
    void problem(const QString& line);
};

/// Says in a graph what range it is of, and what the range lacks.
void tellRange(FlowGraph& graph, const FlowAsked& asked);

/// "1,204 nodes, 2,300 lines, 2 findings".
[[nodiscard]] QString countsOf(const FlowGraph& graph);

} // namespace weir
