// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/history/HistoryFollower.h"
#include "core/topology/LooksOfRange.h"
#include "ui/models/BrokerWatch.h"

#include <QString>

#include <filesystem>
#include <memory>
#include <stop_token>

namespace weir {

/// A range of which it is asked what was known of its broker.
struct LooksAsked
{
    std::filesystem::path history;
    Timestamp from = kNoTime;
    Timestamp to = kNoTime;
    BrokerWatch::Known broker; ///< of a live range: what is known of the broker now
};

/// A history as a picture's draft needs it besides its messages: since when it was recorded, and what was
/// known of its broker over a range, with what is known now. Opened once; remembers looks from one question
/// to the next. One thread at a time.
class DraftHistory
{
public:
    explicit DraftHistory(HistoryFollower::Opener open) : m_open(std::move(open)) {}

    struct Known
    {
        RangeLooks looks;
        Timestamp recordedFrom = kNoTime;
        /// Why the history's looks could not be read; what is known now is told none the less.
        QString problem;
    };
    /// Once `stop` is asked, less than is known, and a problem.
    [[nodiscard]] Known of(const LooksAsked& asked, const std::stop_token& stop);
    /// Lives as long as this.
    [[nodiscard]] Result<HistoryReader*> reader(const std::filesystem::path& history);

private:
    [[nodiscard]] Result<RangeLooks> looks(const LooksAsked& asked, const std::stop_token& stop);

    const HistoryFollower::Opener m_open;
    std::unique_ptr<HistoryReader> m_reader;
    Timestamp m_recordedFrom = kNoTime;
    LooksOfRange m_looks;
};

} // namespace weir
