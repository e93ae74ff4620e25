// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/FeedJobs.h"

#include "core/base/Clock.h"

#include <algorithm>

namespace weir {
namespace {

constexpr std::chrono::milliseconds kGapsEvery{500};
constexpr std::chrono::milliseconds kSlideEvery{500};
constexpr std::chrono::milliseconds kReportEvery{40};
constexpr std::size_t kRowsPerReport = 256;      // matches whose rows come along: a tall screen's worth
constexpr std::uint64_t kJoinRuns = 64;          // see joinRuns()
constexpr std::uint64_t kSearchWindow = 100'000; // messages between two looks at the stop token

using SteadyClock = std::chrono::steady_clock;

/// Moves the beginning of a live range on while its end is followed; who reads keeps what is there.
Result<void> slide(HistoryReader& reader, const FeedRequest& request, FeedCursor& cursor)
{
    const auto now = SteadyClock::now();
    const bool begun = cursor.from != kNoTime;
    if (begun && (request.tail == 0 || now - cursor.slidAt < kSlideEvery))
        return {};
    const Timestamp from = SystemClock().now() - request.range.span;
    const auto first = reader.seqAt(from);
    if (!first)
        return first.error();
    cursor.slidAt = now;
    cursor.from = from;
    cursor.first = std::max(cursor.first, *first);
    return {};
}

/// First and last seq of `range`; last < first when it holds nothing.
Result<SeqRun> boundsOf(HistoryReader& reader, const FeedRequest& request, FeedCursor& cursor)
{
    const TimeRange& range = request.range;
    const auto seqs = reader.seqRange();
    if (!seqs)
        return seqs.error();
    SeqRun bounds = *seqs;
    if (bounds.second == 0)
        return SeqRun{1, 0};
    if (!range.live) {
        const auto from = reader.seqAt(range.from);
        const auto to = reader.seqAt(range.to);
        if (!from || !to)
            return from ? to.error() : from.error();
        bounds = {std::max(bounds.first, *from), std::min(bounds.second, *to - 1)};
    } else {
        if (const auto done = slide(reader, request, cursor); !done)
            return done.error();
        bounds.first = std::max(bounds.first, cursor.first);
    }
    if (bounds.second >= bounds.first + kMostRows)
        bounds.first = bounds.second - kMostRows + 1;
    return bounds;
}

void mergeInto(GapRow& into, const GapRow& row)
{
    ++into.merged;
    const bool lasts = into.gap.to == kNoTime || row.gap.to == kNoTime;
    into.gap.to = lasts ? kNoTime : std::max(into.gap.to, row.gap.to);
    into.gap.estimated = into.gap.estimated || row.gap.estimated;
    if (into.gap.messages && row.gap.messages)
        *into.gap.messages += *row.gap.messages;
    else
        into.gap.messages.reset();
}

/// Puts each gap at its place among the messages; neighbours of one cause at one place become one row.
Result<std::vector<GapRow>> placeGaps(HistoryReader& reader, Timestamp from, Timestamp to)
{
    auto gaps = reader.gaps(from, to);
    if (!gaps)
        return gaps.error();
    std::vector<GapRow> rows;
    for (Gap& gap : *gaps) {
        const auto place = reader.seqAt(gap.from);
        if (!place)
            return place.error();
        rows.push_back({*place, std::move(gap), 1});
    }
    std::sort(rows.begin(), rows.end(),
              [](const GapRow& a, const GapRow& b) { return orderOf(a) < orderOf(b); });
    std::vector<GapRow> merged;
    for (GapRow& row : rows) {
        if (!merged.empty() && merged.back().beforeSeq == row.beforeSeq &&
            merged.back().gap.cause == row.gap.cause)
            mergeInto(merged.back(), row);
        else
            merged.push_back(std::move(row));
    }
    return merged;
}

HistoryQuery envelopesOf(const SeqRun& run, const Filter& filter = {})
{
    HistoryQuery query;
    query.firstSeq = run.first;
    query.lastSeq = run.second;
    query.filter = filter;
    query.columns = kEnvelopeOnly;
    return query;
}

/// New messages that match: all their seqs, the rows of the newest.
Result<ScanSummary> matchNew(HistoryReader& reader, const std::stop_token& stop, const Filter& filter,
                             const SeqRun& run, FeedUpdate& seen)
{
    return reader.scan(envelopesOf(run, filter), stop, [&](const std::shared_ptr<const Batch>& batch) {
        for (const Message& message : batch->messages)
            seen.newMatches.push_back(message.seq);
        const std::size_t few = std::min(kRowsPerReport, batch->messages.size());
        for (std::size_t i = batch->messages.size() - few; i < batch->messages.size(); ++i)
            seen.rows.push_back(toRow(batch->messages[i]));
        if (seen.rows.size() > kRowsPerReport)
            seen.rows.erase(seen.rows.begin(), seen.rows.end() - kRowsPerReport);
        return true;
    });
}

/// Adds a row for every seq of `run` that `rows` lacks.
std::vector<MessageRow> withUnreadable(const SeqRun& run, std::vector<MessageRow> rows)
{
    std::vector<MessageRow> whole;
    std::size_t next = 0;
    for (std::uint64_t seq = run.first; seq <= run.second; ++seq) {
        if (next < rows.size() && rows[next].seq == seq) {
            whole.push_back(std::move(rows[next++]));
            continue;
        }
        whole.emplace_back().seq = seq;
        whole.back().unreadable = true;
    }
    return whole;
}

/// Reads what came since the last look.
Result<void> lookAtNew(HistoryReader& reader, const std::stop_token& stop, const FeedRequest& request,
                       const SeqRun& run, FeedUpdate& seen)
{
    if (!request.filter.isEmpty()) {
        const auto done = matchNew(reader, stop, request.filter, run, seen);
        return done ? Result<void>() : Result<void>(done.error());
    }
    const std::uint64_t many = run.second - run.first + 1;
    const std::uint64_t tail = std::min<std::uint64_t>(request.tail, many);
    SeqRun shown{run.second - tail + 1, run.second};
    if (request.tail == 0) { // a table that is opened begins at its beginning
        if (run.first != seen.first)
            return {};
        shown = {run.first, run.first + std::min<std::uint64_t>(kRowsPerReport, many) - 1};
    }
    auto rows = readRows(reader, stop, shown);
    if (!rows)
        return rows.error();
    seen.rows = std::move(rows).value();
    return {};
}

/// When the message `seq` came; kNoTime where it cannot be read.
Timestamp timeOf(HistoryReader& reader, const std::stop_token& stop, std::uint64_t seq)
{
    const auto rows = readRows(reader, stop, {seq, seq});
    return rows && !rows->empty() ? rows->front().time : kNoTime;
}

/// One window of a search, newest first, added to `step`.
Result<ScanSummary> searchWindow(HistoryReader& reader, const std::stop_token& stop, const Filter& filter,
                                 const SeqRun& window, SearchUpdate& step)
{
    HistoryQuery query = envelopesOf(window, filter);
    query.order = Order::NewestFirst;
    return reader.scan(query, stop, [&step](const std::shared_ptr<const Batch>& batch) {
        for (const Message& message : batch->messages) {
            step.olderMatches.push_back(message.seq);
            if (step.rows.size() < kRowsPerReport)
                step.rows.push_back(toRow(message));
        }
        return true;
    });
}

} // namespace

Result<FeedUpdate> look(HistoryReader& reader, const std::stop_token& stop, const FeedRequest& request,
                        FeedCursor& cursor)
{
    const auto bounds = boundsOf(reader, request, cursor);
    if (!bounds)
        return bounds.error();
    FeedUpdate seen;
    std::tie(seen.first, seen.last) = *bounds;
    const SeqRun fresh{std::max(seen.first, cursor.lookedTo + 1), seen.last};
    // With a filter, what is there at the first look is the search's work.
    const bool wanted = request.filter.isEmpty() || cursor.started;
    if (wanted && fresh.first <= fresh.second) {
        if (const auto done = lookAtNew(reader, stop, request, fresh, seen); !done)
            return done.error();
    }
    const TimeRange& range = request.range;
    // An empty history has gaps, too: of a recording that got nothing.
    const Timestamp begin = cursor.from != kNoTime ? cursor.from : SystemClock().now() - range.span;
    seen.from = range.live ? cursor.from : range.from;
    seen.names = reader.names();
    cursor.lookedTo = std::max(cursor.lookedTo, seen.last);
    cursor.started = cursor.started || seen.last >= seen.first;
    if (const auto now = SteadyClock::now(); now - cursor.gapsAt >= kGapsEvery) {
        auto gaps =
            range.live ? placeGaps(reader, begin, Timestamp::max()) : placeGaps(reader, range.from, range.to);
        if (!gaps)
            return gaps.error();
        cursor.gapsAt = now;
        seen.gapsRead = true;
        seen.gaps = std::move(gaps).value();
    }
    return seen;
}

Result<void> searchBack(HistoryReader& reader, const std::stop_token& stop, const Filter& filter,
                        const SeqRun& run, const std::function<void(SearchUpdate)>& report)
{
    SearchUpdate step;
    step.total = run.second - run.first + 1;
    auto reported = SteadyClock::now();
    for (std::uint64_t last = run.second; last >= run.first && last > 0;) {
        const std::uint64_t first = last - run.first >= kSearchWindow ? last - kSearchWindow + 1 : run.first;
        const auto done = searchWindow(reader, stop, filter, {first, last}, step);
        if (!done)
            return done.error();
        if (stop.stop_requested())
            return {};
        step.damagedBlocks += done->damagedBlocks;
        step.scanned += last - first + 1;
        step.reachedSeq = first;
        last = first - 1;
        step.done = last < run.first;
        if (!step.done && SteadyClock::now() - reported < kReportEvery)
            continue;
        step.reached = timeOf(reader, stop, first);
        SearchUpdate next;
        next.total = step.total;
        next.scanned = step.scanned;
        next.damagedBlocks = step.damagedBlocks;
        report(std::exchange(step, std::move(next)));
        reported = SteadyClock::now();
    }
    return {};
}

Result<std::vector<MessageRow>> readRows(HistoryReader& reader, const std::stop_token& stop,
                                         const SeqRun& run)
{
    std::vector<MessageRow> rows;
    const auto done = reader.scan(envelopesOf(run), stop, [&rows](const std::shared_ptr<const Batch>& batch) {
        for (const Message& message : batch->messages)
            rows.push_back(toRow(message));
        return true;
    });
    if (!done)
        return done.error();
    if (stop.stop_requested() || done->stoppedEarly)
        return rows;
    return withUnreadable(run, std::move(rows));
}

std::vector<SeqRun> joinRuns(std::vector<SeqRun> runs)
{
    std::sort(runs.begin(), runs.end());
    std::vector<SeqRun> joined;
    for (const SeqRun& run : runs) {
        if (!joined.empty() && run.first <= joined.back().second + kJoinRuns)
            joined.back().second = std::max(joined.back().second, run.second);
        else
            joined.push_back(run);
    }
    return joined;
}

} // namespace weir
