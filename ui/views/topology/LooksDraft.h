// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/views/topology/DraftHistory.h"

#include <mutex>

namespace weir {

/// What pictures that are not the flow are drawn of, besides messages. Any thread but the gui's.
class LooksDraft
{
public:
    explicit LooksDraft(HistoryFollower::Opener open) : m_history(std::move(open)) {}

    [[nodiscard]] DraftHistory::Known of(const LooksAsked& asked, const std::stop_token& stop)
    {
        const std::lock_guard lock(m_mutex);
        return m_history.of(asked, stop);
    }

private:
    std::mutex m_mutex;
    DraftHistory m_history; ///< guarded by m_mutex
};

} // namespace weir
