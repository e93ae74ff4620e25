// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/history/HistoryReader.h"
#include "core/history/SumFilter.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <stop_token>
#include <vector>

namespace weir {

/// Tells each message of a range that the stored sums are of once: in a sum where that is exact, by itself
/// where a part of a second or the filter asks for more. Parts of a second at the range's ends whose messages
/// have expired are widened to whole seconds. One reader, one thread.
class SumFeed
{
public:
    struct Range
    {
        Timestamp from = Timestamp::min();
        Timestamp to = Timestamp::max();
        std::int64_t width = kSecondSlot; ///< of the widest slots that are wanted
        Filter filter;
    };
    struct Done
    {
        std::uint64_t lastSeq = 0; ///< what came later is not told; 0: nothing is
        /// Which of the messages before it matched is not known: they expired. kNoTime: there are none such.
        Timestamp unknownTo = kNoTime;
        std::uint64_t damagedBlocks = 0;
    };
    using TakeSlot = std::function<void(const RollupSlot&)>;
    using TakeBatch = std::function<void(const std::shared_ptr<const Batch>&)>;

    SumFeed(HistoryReader& reader, Range range, TakeSlot takeSlot, TakeBatch takeBatch);

    /// Stopped early it tells a part.
    [[nodiscard]] Result<Done> run(const std::stop_token& stop);

private:
    /// Messages whose sums do not tell enough.
    struct Run
    {
        std::uint64_t firstSeq = 0;
        std::uint64_t lastSeq = 0;
        std::int64_t from = 0; ///< seconds since 1970
        std::int64_t to = 0;
        std::uint64_t count = 0;
    };
    using Seqs = std::pair<std::uint64_t, std::uint64_t>;

    [[nodiscard]] Result<void> tellRange(const Seqs& minutes, const Seqs& seconds);
    /// None of its messages has expired.
    [[nodiscard]] Result<bool> isWhole(const Run& run);
    [[nodiscard]] Result<void> tellEdge(std::int64_t second, Timestamp from, Timestamp to);
    [[nodiscard]] Result<void> tellRows(const SumRows& rows);
    void tellSlot(RollupSlot& slot);
    [[nodiscard]] Result<void> tellMinutesBySecond();
    [[nodiscard]] Result<void> tellRun(const Run& run);
    [[nodiscard]] Result<void> tellMessages(const HistoryQuery& query);

    HistoryReader& m_reader;
    const Range m_range;
    const TakeSlot m_takeSlot;
    const TakeBatch m_takeBatch;
    std::stop_token m_stop;
    std::unique_ptr<SumFilter> m_filter;
    Seqs m_summed{1, 0};
    std::uint64_t m_oldest = 0; ///< messages before it have expired
    std::vector<Run> m_minuteRuns;
    std::vector<Run> m_runs;
    std::vector<HistoryQuery> m_edges;
    Done m_done;
};

} // namespace weir
