// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/topology/LooksOfRange.h"
#include "ui/views/topology/FlowDraft.h"

#include <deque>
#include <memory>
#include <mutex>

namespace weir {

/// What was known of a broker over a range, and since when the history was recorded, for pictures that are
/// not the flow. Remembers looks from one to the next. Any thread but the gui's.
class LooksDraft
{
public:
    explicit LooksDraft(HistoryFollower::Opener open) : m_open(std::move(open)) {}

    struct Known
    {
        RangeLooks looks;
        Timestamp recordedFrom = kNoTime;
        QString problem; ///< why the history's looks could not be read
    };
    [[nodiscard]] Known of(const FlowAsked& asked);

private:
    [[nodiscard]] Result<Known> read(const FlowAsked& asked);
    /// A look of some seconds before the present one.
    [[nodiscard]] std::shared_ptr<const BrokerLook> earlier(const FlowAsked& asked);

    const HistoryFollower::Opener m_open;
    std::mutex m_mutex;
    // All guarded by m_mutex.
    std::unique_ptr<HistoryReader> m_reader;
    Timestamp m_recordedFrom = kNoTime;
    LooksOfRange m_looks;
    std::deque<std::shared_ptr<const BrokerLook>> m_present; ///< of the last seconds
};

} // namespace weir
