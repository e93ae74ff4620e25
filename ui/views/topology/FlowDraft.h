// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/topology/FlowDiff.h"
#include "core/topology/FlowGrouping.h"
#include "core/topology/FlowLayout.h"
#include "core/topology/FlowStorm.h"
#include "core/topology/FlowTrace.h"
#include "core/topology/FlowTracker.h"
#include "ui/models/BrokerWatch.h"
#include "ui/views/topology/DraftHistory.h"

#include <QString>

#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>

namespace weir {

/// A range of which the flow is to be drawn.
struct FlowAsked : LooksAsked
{
    std::shared_ptr<FlowTracker> tracker; ///< that is fed with the range
    std::vector<Gap> gaps;
    Filter filter;
    bool live = false;
    std::optional<TracedWay> traced; ///< of a live range: the way of a probe, to be drawn
    FlowGrouping grouping;
    std::vector<FlowNode> pinned; ///< drawn also where nothing passes them
    Nanoseconds earlier{0};       ///< compare with the range that lies so much earlier; 0: do not compare
    double factor = kChangedBy;   ///< of that comparison; see compareFlows()
};

struct FlowDrawn
{
    std::shared_ptr<const FlowPicture> picture; ///< null: see problem
    bool brokerKnown = false;                   ///< something is known of who consumes
    bool isFirst = false;                       ///< asked again, more is known: its season
    QString problem;                            ///< also that it was stopped
};

/// How long after a picture was asked for that took so long the next one is: it has a twentieth of a core,
/// but none is older than three seconds for that, and numbers that change more often than once a second
/// cannot be read.
[[nodiscard]] std::chrono::milliseconds drawnAgainAfter(Nanoseconds took);

/// Joins what messages show of a range with what was known of its broker, compares it with an earlier range,
/// and lays it out. Remembers places, looks and the earlier range from one to the next. Any thread but the
/// gui's: it may take a second. Once `stop` is asked it ends without a picture after the step under way: a
/// block of the history read, graphs joined or compared, an order of columns (see orderFlow()).
class FlowDraft
{
public:
    explicit FlowDraft(HistoryFollower::Opener open) : m_history(std::move(open)) {}
    [[nodiscard]] FlowDrawn draw(const FlowAsked& asked, const std::stop_token& stop = {});

private:
    struct Past
    {
        Timestamp from = kNoTime;
        std::vector<std::string> alike; ///< it was drawn with
        FlowGrouping grouping;
        std::vector<std::string> groups;
        FlowGraph graph;
    };
    struct Season
    {
        Timestamp from = kNoTime; ///< of the range that it is the season of
        std::string filter;
        FlowSeason season;
    };
    // All locked.
    [[nodiscard]] Result<FlowGraph> present(const FlowAsked& asked, const std::vector<std::string>& alike,
                                            FlowDrawn& drawn, const std::stop_token& stop);
    [[nodiscard]] Result<void> addStorms(HistoryReader& reader, const FlowAsked& asked, FlowGraph& graph,
                                         const std::stop_token& stop);
    [[nodiscard]] Result<FlowGraph> compared(const FlowAsked& asked, FlowDrawn& drawn,
                                             const std::stop_token& stop);

    std::mutex m_mutex;
    FlowLayout m_layout;
    DraftHistory m_history;
    std::optional<Past> m_past;
    bool m_drawn = false; ///< once: the season can be waited for
    std::optional<Season> m_season;
};

} // namespace weir
