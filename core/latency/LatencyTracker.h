// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Id.h"
#include "core/base/Time.h"
#include "core/history/SummingSink.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace weir {

/// What is known of the latencies of some messages. Percentiles are upper ends of their histogram bucket, at
/// most 0.79 % (and 1 µs) above the latency that has that rank; they, `min` and `max` are kNoDuration where
/// `count` is 0. Without bias by clocks: negative latencies are counted in `skewed`, missing ones in
/// `unknown`, neither in `count`; a clock that is behind shows only in doubtsClock().
struct LatencyFigures
{
    std::uint64_t count = 0;
    std::uint64_t unknown = 0;
    std::uint64_t skewed = 0;
    Nanoseconds min = kNoDuration; ///< to 1 %
    Nanoseconds p50 = kNoDuration;
    Nanoseconds p90 = kNoDuration;
    Nanoseconds p99 = kNoDuration;
    Nanoseconds max = kNoDuration;

    /// Not one message took less than ten minutes: rather than the way, the sender's clock is behind (or ours
    /// ahead), or a stream's old messages are read. Such figures are shown with that doubt.
    [[nodiscard]] bool doubtsClock() const { return count > 0 && min >= std::chrono::minutes(10); }
};

/// The messages that Weir received in [time, time + width).
struct LatencyPoint : LatencyFigures
{
    Timestamp time = kNoTime;
    Nanoseconds width{0};
};

/// One PoP's latencies in a range; stretches without a message have no point.
struct PopLatency
{
    PopId pop;        ///< none for "no PoP" and "other PoPs"
    std::string name; ///< the PoP's code, "no PoP", or "other PoPs"
    std::vector<LatencyPoint> points;
    LatencyFigures summary; ///< over the whole range, from merged histograms
};

/// Latency per PoP and time of what passes by, or was summed up. Keeps one histogram a PoP and second for the
/// newest data, coarser ones (10 s, 1 min, 1 h, 6 h) for older, within `memoryBudget`: over it the oldest
/// seconds are coarsened early, and the oldest hours let go. Histograms are merged, percentiles never
/// averaged. Beside the budget it holds 31 KiB for each PoP seen (the second being counted) and 6 bytes for
/// each PoP id. It is fed on one thread, and asked on any.
class LatencyTracker final : public SummingSink
{
public:
    struct Options
    {
        Nanoseconds perSecondFor = std::chrono::minutes(15);
        Nanoseconds perTenSecondsFor = std::chrono::hours(3);
        Nanoseconds perMinuteFor = std::chrono::hours(24);
        Nanoseconds perHourFor = std::chrono::hours(24 * 31);
        Nanoseconds keepFor = std::chrono::hours(24);
        std::int64_t sumWidth = 1;                        ///< seconds: of the sums it takes
        std::size_t memoryBudget = std::size_t{48} << 20; ///< bytes of sealed histograms
        std::uint32_t maxPops = 512;                      ///< further ones count under "other PoPs"
    };

    LatencyTracker();
    explicit LatencyTracker(const Options& options);
    ~LatencyTracker() override;

    void consume(const std::shared_ptr<const Batch>& batch) override;
    void tick(Timestamp now) override;
    [[nodiscard]] std::int64_t sumWidth(bool expired) override;
    /// What a slot has too many keys to tell apart counts under "other PoPs".
    void consumeSums(const RollupSlot& slot, const std::shared_ptr<const Names>& names) override;
    void startOver() override;

    /// PoPs with a message in [from, to), most messages first. Points lie on whole multiples of their width,
    /// which is a round number of seconds chosen so that no PoP has more than `maxPoints`; where data is
    /// older and coarser than that, a point is as wide as the data. The range's ends are rounded out
    /// likewise.
    [[nodiscard]] std::vector<PopLatency> series(Timestamp from, Timestamp to, std::size_t maxPoints) const;

    /// Grows whenever something was added: a view that has seen this revision need not ask again.
    [[nodiscard]] std::uint64_t revision() const;
    /// The oldest and newest second there is anything of; both kNoTime while empty.
    [[nodiscard]] Timestamp oldest() const;
    [[nodiscard]] Timestamp newest() const;
    /// What was before it has been let go, by age or for the budget; kNoTime while nothing was.
    [[nodiscard]] Timestamp keptFrom() const;
    /// Bytes held in sealed histograms.
    [[nodiscard]] std::size_t memory() const;

private:
    struct State;
    std::unique_ptr<State> m_state;
};

} // namespace weir
