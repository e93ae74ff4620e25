// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/RateBuckets.h"

#include <algorithm>
#include <array>

namespace weir {

namespace {

using namespace std::chrono_literals;
constexpr int kMostBuckets = 320;
constexpr Nanoseconds kGapsEvery = 500ms;

std::int64_t bucketOf(Timestamp time, Nanoseconds width)
{
    return toUnixNanos(time) / width.count();
}

} // namespace

std::uint64_t RateSnapshot::peak() const
{
    return counts.empty() ? 0 : *std::max_element(counts.begin(), counts.end());
}

double RateSnapshot::rate(std::size_t bucket) const
{
    return static_cast<double>(counts[bucket]) / std::chrono::duration<double>(width).count();
}

Nanoseconds bucketWidthFor(Nanoseconds span)
{
    static constexpr std::array<Nanoseconds, 20> kWidths{1ms,   2ms,   5ms,  10ms,  20ms, 50ms, 100ms,
                                                         250ms, 500ms, 1s,   2s,    5s,   15s,  30s,
                                                         1min,  2min,  5min, 15min, 1h,   6h};
    for (const Nanoseconds width : kWidths) {
        if (span / width <= kMostBuckets - 20)
            return width;
    }
    return Nanoseconds(24h);
}

RateBuckets::RateBuckets(std::filesystem::path history, FollowRange range, HistoryFollower::Opener open)
    : m_history(std::move(history)),
      m_range(range),
      m_open(std::move(open)),
      m_width(bucketWidthFor(range.isLive() ? *range.span : range.to - range.from)),
      m_counts(2 * kMostBuckets)
{
    if (!range.isLive())
        m_first = bucketOf(range.from, m_width);
}

void RateBuckets::count(std::int64_t bucket, std::uint64_t messages)
{
    const auto size = static_cast<std::int64_t>(m_counts.size());
    if (m_last < 0) {
        m_first = m_range.isLive() ? bucket - size + 1 : m_first;
        m_last = std::max(bucket, m_first);
    }
    if (bucket < m_first)
        return;
    if (bucket > m_last) {
        // The buckets between are new and start at 0; the ring forgets what is older than its length.
        for (auto next = std::max(m_last + 1, bucket - size + 1); next <= bucket; ++next)
            m_counts[static_cast<std::size_t>(next % size)] = 0;
        m_last = bucket;
        m_first = std::max(m_first, bucket - size + 1);
    }
    m_counts[static_cast<std::size_t>(bucket % size)] += messages;
}

void RateBuckets::consume(const std::shared_ptr<const Batch>& batch)
{
    const std::lock_guard lock(m_mutex);
    m_names = batch->names;
    for (const Message& message : batch->messages)
        count(bucketOf(message.time, m_width), 1);
}

std::int64_t RateBuckets::sumWidth(bool expired)
{
    const std::lock_guard lock(m_mutex);
    if (expired && m_width < 1s && !m_range.isLive()) {
        m_width = 1s;
        m_first = bucketOf(m_range.from, m_width);
    }
    return m_width < 1s ? 0 : m_width % 1min == 0ns ? kMinuteSlot : kSecondSlot;
}

void RateBuckets::consumeSums(const RollupSlot& slot, const std::shared_ptr<const Names>& names)
{
    const std::lock_guard lock(m_mutex);
    m_names = names;
    const std::int64_t bucket = bucketOf(Timestamp(std::chrono::seconds(slot.start)), m_width);
    for (const RollupCell& cell : slot.cells)
        count(bucket, cell.count);
}

void RateBuckets::startOver()
{
    const std::lock_guard lock(m_mutex);
    m_first = m_range.isLive() ? 0 : bucketOf(m_range.from, m_width);
    m_last = -1;
    std::fill(m_counts.begin(), m_counts.end(), 0);
}

void RateBuckets::tick(Timestamp now)
{
    // By the machine's clock: while catching up, `now` runs through the recording at any speed.
    const auto steady = std::chrono::steady_clock::now();
    if (steady - m_gapsRead < kGapsEvery)
        return;
    m_gapsRead = steady;
    readGaps(now);
}

void RateBuckets::readGaps(Timestamp now)
{
    if (!m_reader) {
        auto opened = m_open(m_history);
        if (!opened)
            return; // the follower, which opens the same file, tells why
        m_reader = std::move(*opened);
    }
    const bool live = m_range.isLive();
    const auto gaps =
        m_reader->gaps(live ? now - 2 * *m_range.span : m_range.from, live ? Timestamp::max() : m_range.to);
    if (!gaps) {
        m_reader.reset();
        return;
    }
    readBeginning();
    const std::lock_guard lock(m_mutex);
    m_gaps = *gaps;
}

void RateBuckets::readBeginning()
{
    {
        const std::lock_guard lock(m_mutex);
        if (m_begins != kNoTime)
            return;
    }
    HistoryQuery first;
    first.limit = 1;
    first.columns = kEnvelopeOnly;
    Timestamp begins = kNoTime;
    const auto take = [&](const std::shared_ptr<const Batch>& batch) {
        begins = batch->messages.front().time;
        return false;
    };
    const auto expired = m_reader->scan(first, {}, take) ? m_reader->gaps(Timestamp::min(), Timestamp::max())
                                                         : Result<std::vector<Gap>>(Error{});
    if (!expired)
        return; // the follower, which reads the same file, tells why
    for (const Gap& gap : *expired) {
        if (gap.cause == GapCause::Expired)
            begins = begins == kNoTime ? gap.from : std::min(begins, gap.from);
    }
    const std::lock_guard lock(m_mutex);
    m_begins = begins;
}

RateSnapshot RateBuckets::snapshot(Timestamp from, Timestamp to) const
{
    const std::lock_guard lock(m_mutex);
    const auto first = bucketOf(from, m_width);
    const auto end = bucketOf(to - Nanoseconds(1), m_width) + 1;
    RateSnapshot shot{fromUnixNanos(first * m_width.count()),
                      fromUnixNanos(end * m_width.count()),
                      m_width,
                      {},
                      {},
                      kNoTime};
    if (end <= first || end - first > 2 * kMostBuckets)
        return shot;
    shot.counts.assign(static_cast<std::size_t>(end - first), 0);
    for (auto bucket = std::max(first, m_first); bucket < std::min(end, m_last + 1); ++bucket)
        shot.counts[static_cast<std::size_t>(bucket - first)] =
            m_counts[static_cast<std::size_t>(bucket) % m_counts.size()];
    shot.begins = m_begins;
    for (const Gap& gap : m_gaps) {
        if (gap.from < to && (gap.to == kNoTime || gap.to > from))
            shot.gaps.push_back(gap);
    }
    return shot;
}

std::shared_ptr<const Names> RateBuckets::names() const
{
    const std::lock_guard lock(m_mutex);
    return m_names;
}

} // namespace weir
