// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/history/HistoryReader.h"
#include "core/topology/SubjectTree.h"

#include <memory>
#include <stop_token>
#include <string>
#include <vector>

namespace weir {

/// The subjects of the messages that a history has of [from, to).
struct SubjectsOfHistory
{
    std::shared_ptr<SubjectTree> tree;
    Timestamp from = kNoTime; ///< no wider than what was recorded
    Timestamp to = kNoTime;
    std::vector<std::string> lacks; ///< what the range lacks: gaps, what has expired, damage
};

/// Of the messages that `filter` matches. One thread.
[[nodiscard]] Result<SubjectsOfHistory> subjectsOfHistory(HistoryReader& reader, Timestamp from, Timestamp to,
                                                          const Filter& filter, const std::stop_token& stop);

} // namespace weir
