// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Gap.h"
#include "core/history/HistoryFollower.h"
#include "core/history/SummingSink.h"

#include <chrono>
#include <filesystem>
#include <memory>
#include <mutex>
#include <vector>

namespace weir {

/// Messages per stretch of time. `counts[i]` belongs to [from + i·width, from + (i+1)·width).
struct RateSnapshot
{
    Timestamp from = kNoTime;
    Timestamp to = kNoTime;
    Nanoseconds width{0};
    std::vector<std::uint64_t> counts;
    std::vector<Gap> gaps; ///< those that touch [from, to)
    /// When the history begins; before it nothing was recorded. kNoTime: not known yet.
    Timestamp begins = kNoTime;

    [[nodiscard]] bool isEmpty() const { return counts.empty(); }
    [[nodiscard]] std::uint64_t peak() const;
    /// Messages per second of one bucket.
    [[nodiscard]] double rate(std::size_t bucket) const;
};

/// A width that divides time roundly, so that a range of `span` has at most 320 buckets.
[[nodiscard]] Nanoseconds bucketWidthFor(Nanoseconds span);

/// Counts a feed's messages by time, and reads the history's gaps beside them. Fed on the reader thread;
/// snapshot() from any thread.
class RateBuckets final : public SummingSink
{
public:
    /// `open` gives the reader of gaps, opened on the feeding thread at the first tick.
    RateBuckets(std::filesystem::path history, FollowRange range, HistoryFollower::Opener open);

    void consume(const std::shared_ptr<const Batch>& batch) override;
    void tick(Timestamp now) override;
    /// Buckets of less than a second are counted out of messages; of a fixed range some of which has expired
    /// there are none.
    [[nodiscard]] std::int64_t sumWidth(bool expired) override;
    void consumeSums(const RollupSlot& slot, const std::shared_ptr<const Names>& names) override;
    void startOver() override;

    /// The counts of [from, to), widened to whole buckets.
    [[nodiscard]] RateSnapshot snapshot(Timestamp from, Timestamp to) const;
    /// The names that the messages so far use; null before the first.
    [[nodiscard]] std::shared_ptr<const Names> names() const;

private:
    void count(std::int64_t bucket, std::uint64_t messages);
    void readGaps(Timestamp now);
    void readBeginning();

    const std::filesystem::path m_history;
    const FollowRange m_range;
    const HistoryFollower::Opener m_open;
    std::unique_ptr<HistoryReader> m_reader;          // feeding thread only
    std::chrono::steady_clock::time_point m_gapsRead; // feeding thread only

    mutable std::mutex m_mutex;
    Nanoseconds m_width;                  // guarded by m_mutex
    std::vector<std::uint64_t> m_counts;  // guarded by m_mutex: a ring, bucket n lies at n modulo its size
    std::int64_t m_first = 0;             // guarded by m_mutex: the oldest bucket kept
    std::int64_t m_last = -1;             // guarded by m_mutex: the newest bucket seen
    Timestamp m_begins = kNoTime;         // guarded by m_mutex
    std::vector<Gap> m_gaps;              // guarded by m_mutex
    std::shared_ptr<const Names> m_names; // guarded by m_mutex
};

} // namespace weir
