// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/history/HistoryReader.h"
#include "core/topology/FlowTracker.h"

#include <memory>
#include <stop_token>
#include <string>
#include <vector>

namespace weir {

/// The flow that a history shows of [from, to), from its sums as far as they are exact, also of what has
/// expired. One thread.
class FlowOfHistory
{
public:
    /// Of the messages that `filter` matches. Cancelled once `stop` is asked.
    [[nodiscard]] static Result<FlowOfHistory> read(HistoryReader& reader, Timestamp from, Timestamp to,
                                                    const Filter& filter, const std::stop_token& stop);

    /// The range, no wider than what was recorded.
    [[nodiscard]] Timestamp from() const { return m_from; }
    [[nodiscard]] Timestamp to() const { return m_to; }
    [[nodiscard]] std::vector<std::string> groups() const { return m_tracker->groups(); }
    /// Says in its coverage what the range lacks. `alike`: see FlowTracker::graph().
    [[nodiscard]] FlowGraph graph(const std::vector<std::string>& alike = {}) const;
    /// The same messages by PoP; also of reply and system subjects.
    [[nodiscard]] std::vector<PopSum> pops() const;
    /// Says in a graph of these messages what it is of, and what the range lacks.
    void tell(FlowGraph& graph) const;

private:
    std::shared_ptr<FlowTracker> m_tracker;
    std::string m_filter;
    Timestamp m_from = kNoTime;
    Timestamp m_to = kNoTime;
    Timestamp m_recordedFrom = kNoTime;
    std::vector<Gap> m_gaps;
    std::vector<std::string> m_lacks;
};

} // namespace weir
