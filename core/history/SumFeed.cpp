// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/history/SumFeed.h"

#include "core/history/RollupSum.h"

#include <algorithm>
#include <numeric>
#include <utility>

namespace weir {
namespace {

bool isWholeSecond(Timestamp time)
{
    return slotBegin(time, kSecondSlot) == time;
}

Timestamp momentOf(std::int64_t second)
{
    return Timestamp(std::chrono::seconds(second));
}

std::int64_t minuteAtOrAfter(std::int64_t second)
{
    return RollupSum(kMinuteSlot).startOf(second + kMinuteSlot - 1);
}

std::uint64_t messagesOf(const RollupSlot& slot)
{
    return std::accumulate(slot.cells.begin(), slot.cells.end(), std::uint64_t{0},
                           [](std::uint64_t sum, const RollupCell& cell) { return sum + cell.count; });
}

} // namespace

SumFeed::SumFeed(HistoryReader& reader, Range range, TakeSlot takeSlot, TakeBatch takeBatch)
    : m_reader(reader),
      m_range(std::move(range)),
      m_takeSlot(std::move(takeSlot)),
      m_takeBatch(std::move(takeBatch))
{
}

Result<SumFeed::Done> SumFeed::run(const std::stop_token& stop)
{
    m_stop = stop;
    // The wider sums first: what they are of is in the others, too.
    const auto minutes = m_reader.summedSeqs(kMinuteSlot);
    const auto seconds = m_reader.summedSeqs(kSecondSlot);
    const auto there = m_reader.seqRange();
    if (!minutes || !seconds || !there)
        return !minutes ? minutes.error() : !seconds ? seconds.error() : there.error();
    if (seconds->second < seconds->first)
        return Done{};
    m_summed = *seconds;
    m_oldest = there->first;
    m_filter = std::make_unique<SumFilter>(m_range.filter, m_reader.names());
    if (auto done = tellRange(*minutes, *seconds); !done)
        return done.error();
    if (auto done = tellMinutesBySecond(); !done)
        return done.error();
    for (const Run& run : m_runs) {
        if (auto done = tellRun(run); !done)
            return done.error();
    }
    for (const HistoryQuery& edge : m_edges) {
        if (auto done = tellMessages(edge); !done)
            return done.error();
    }
    m_done.lastSeq = m_summed.second;
    return m_done;
}

Result<void> SumFeed::tellRange(const Seqs& minutes, const Seqs& seconds)
{
    if (seconds.first > 1) { // a file from before there were sums
        HistoryQuery before;
        before.from = m_range.from;
        before.to = m_range.to;
        before.lastSeq = seconds.first - 1;
        m_edges.push_back(before);
    }
    const std::int64_t first = secondOf(m_range.from);
    const std::int64_t end = secondOf(m_range.to);
    const bool cutFrom = !isWholeSecond(m_range.from);
    const bool cutTo = !isWholeSecond(m_range.to);
    if (first == end && (cutFrom || cutTo))
        return tellEdge(first, m_range.from, m_range.to);
    const std::int64_t begin = first + (cutFrom ? 1 : 0);
    if (cutFrom) {
        if (auto done = tellEdge(first, m_range.from, momentOf(begin)); !done)
            return done;
    }
    const auto [low, high] = seconds;
    std::int64_t whole = minuteAtOrAfter(begin);
    std::int64_t wholeEnd = RollupSum(kMinuteSlot).startOf(end);
    if (m_range.width < kMinuteSlot || wholeEnd <= whole || minutes.second < minutes.first)
        whole = wholeEnd = end;
    for (const SumRows& rows : {SumRows{kSecondSlot, begin, whole, low, high},
                                SumRows{kMinuteSlot, whole, wholeEnd, low, minutes.second},
                                SumRows{kSecondSlot, whole, wholeEnd, minutes.second + 1, high},
                                SumRows{kSecondSlot, wholeEnd, end, low, high}}) {
        if (auto done = rows.from < rows.to ? tellRows(rows) : Result<void>(); !done)
            return done;
    }
    return cutTo ? tellEdge(end, momentOf(end), m_range.to) : Result<void>();
}

Result<bool> SumFeed::isWhole(const Run& run)
{
    HistoryQuery query;
    query.firstSeq = run.firstSeq;
    query.lastSeq = run.lastSeq;
    return m_reader.count(query, m_stop).transform([&run](const ScanSummary& left) {
        return left.matched >= run.count;
    });
}

Result<void> SumFeed::tellEdge(std::int64_t second, Timestamp from, Timestamp to)
{
    const SumRows rows{kSecondSlot, second, second + 1, m_summed.first, m_summed.second};
    std::vector<Run> runs;
    const auto done = m_reader.storedSums(rows, [&](const RollupSlot& slot) {
        runs.push_back({slot.firstSeq, slot.lastSeq, slot.start, slot.start + slot.width, messagesOf(slot)});
        return true;
    });
    if (!done)
        return done;
    for (const Run& run : runs) {
        const auto whole = isWhole(run);
        if (!whole || !*whole)
            return whole ? tellRows(rows) : whole.error();
    }
    HistoryQuery edge;
    edge.from = from;
    edge.to = to;
    edge.firstSeq = m_summed.first;
    edge.lastSeq = m_summed.second;
    m_edges.push_back(edge);
    return {};
}

Result<void> SumFeed::tellRows(const SumRows& rows)
{
    return m_reader.storedSums(rows, [this](RollupSlot& slot) {
        tellSlot(slot);
        return !m_stop.stop_requested();
    });
}

void SumFeed::tellSlot(RollupSlot& slot)
{
    const std::uint64_t count = messagesOf(slot);
    bool unsure = false;
    const auto isLeftOut = [&](const RollupCell& cell) {
        const Share share = m_filter->ask(cell.key, slot.start, slot.width);
        unsure = unsure || share == Share::Some;
        // Of no filter's messages the rest is known well enough once they have expired.
        return share == Share::None || (share == Share::Some && !m_range.filter.isEmpty());
    };
    const RollupSlot& whole = slot;
    std::vector<RollupCell> told;
    std::remove_copy_if(whole.cells.begin(), whole.cells.end(), std::back_inserter(told), isLeftOut);
    const bool finer = slot.width == kMinuteSlot;
    if (unsure && (finer || slot.firstSeq >= m_oldest)) {
        std::vector<Run>& runs = finer ? m_minuteRuns : m_runs;
        if (runs.empty() || runs.back().lastSeq + 1 != slot.firstSeq)
            runs.push_back({slot.firstSeq, slot.lastSeq, slot.start, slot.start, 0});
        runs.back().lastSeq = slot.lastSeq;
        runs.back().to = slot.start + slot.width;
        runs.back().count += count;
        return;
    }
    if (unsure && !m_range.filter.isEmpty())
        m_done.unknownTo = std::max(m_done.unknownTo, momentOf(slot.start + slot.width));
    slot.cells = std::move(told);
    if (!slot.cells.empty())
        m_takeSlot(slot);
}

Result<void> SumFeed::tellMinutesBySecond()
{
    for (const Run& run : m_minuteRuns) {
        if (auto done = tellRows({kSecondSlot, run.from, run.to, run.firstSeq, run.lastSeq}); !done)
            return done;
    }
    return {};
}

Result<void> SumFeed::tellRun(const Run& run)
{
    const auto whole = isWhole(run);
    if (!whole)
        return whole.error();
    if (!*whole && m_range.filter.isEmpty()) {
        m_oldest = std::max(m_oldest, run.lastSeq + 1); // its sums tell more than what is left of it
        return tellRows({kSecondSlot, run.from, run.to, run.firstSeq, run.lastSeq});
    }
    if (!*whole && !m_stop.stop_requested())
        m_done.unknownTo = std::max(m_done.unknownTo, momentOf(run.to));
    HistoryQuery query;
    query.firstSeq = run.firstSeq;
    query.lastSeq = run.lastSeq;
    return tellMessages(query);
}

Result<void> SumFeed::tellMessages(const HistoryQuery& query)
{
    HistoryQuery wanted = query;
    wanted.filter = m_range.filter;
    wanted.columns = kEnvelopeOnly | m_range.filter.columns();
    const auto done = m_reader.scan(wanted, m_stop, [this](const std::shared_ptr<const Batch>& batch) {
        m_takeBatch(batch);
        return !m_stop.stop_requested();
    });
    if (!done)
        return done.error();
    m_done.damagedBlocks += done->damagedBlocks;
    return {};
}

} // namespace weir
