// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/history/HistoryFollower.h"

#include "core/capture/ForgettingSink.h"
#include "core/history/SumFeed.h"
#include "core/history/SummingSink.h"

#include <pthread.h>

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <limits>
#include <mutex>
#include <stop_token>
#include <thread>

#include <sys/resource.h>
#include <unistd.h>

namespace weir {
namespace {

using SteadyClock = std::chrono::steady_clock;
using std::chrono::milliseconds;

/// Sums of a long range may take seconds of all processors; what somebody waits for at the window goes first.
constexpr int kNiceness = 10;
/// Messages looked at between two looks at the stop token and the progress where nothing matches.
constexpr std::uint64_t kChunk = 262'144;
/// Sums are written with the first transaction after their second; on a quiet feed that may be long.
constexpr milliseconds kSumsLate{2500};
/// Sinks are ticked at least this often (BatchSink::tick).
constexpr Nanoseconds kTickEvery = milliseconds(100);
/// A message is in the file at most a flush (250 ms) and a poll after it came. A follower's ticks stay this
/// far behind the clock, so that no message is older than a tick before it.
constexpr Nanoseconds kSettle = milliseconds(400);
/// What leaves a live range is taken out of the sums this often.
constexpr Nanoseconds kForgetEvery = std::chrono::seconds(1);
/// How long after its end a fixed range that lay in the future counts as completely written.
constexpr Nanoseconds kWrittenAfter = std::chrono::seconds(1);

} // namespace

struct HistoryFollower::State
{
    State(Options o, Clock& c, std::vector<std::shared_ptr<BatchSink>> s, std::function<void()> f)
        : options(std::move(o)), clock(c), sinks(std::move(s)), onChange(std::move(f))
    {
        for (const auto& sink : sinks) {
            if (auto* forgets = dynamic_cast<ForgettingSink*>(sink.get()))
                forgetting.push_back(forgets);
            if (auto* sums = dynamic_cast<SummingSink*>(sink.get()))
                summing.push_back(sums);
        }
        if (summing.size() < sinks.size() || !SumFilter::knows(options.filter))
            summing.clear();
        canWait = !summing.empty() && options.range.isLive() && options.filter.isEmpty() &&
                  std::all_of(summing.begin(), summing.end(),
                              [](const SummingSink* sink) { return sink->canWait(); });
    }

    void run(const std::stop_token& stop);
    /// Reads what is new. Null when it worked (or was stopped).
    std::unique_ptr<Error> advance(const std::stop_token& stop);
    std::unique_ptr<Error> plan(std::uint64_t& end);
    /// What stands at the range's beginning: whether messages have expired, and the sums. Once a run.
    std::unique_ptr<Error> begin(const std::stop_token& stop);
    std::unique_ptr<Error> takeSums(std::int64_t width, const std::stop_token& stop);
    /// Whether what comes live is waited for until it is summed up: adding it up once more costs time.
    [[nodiscard]] bool waitsForSums() const { return caughtUp && canWait; }
    /// Hands on what has been summed up since.
    std::unique_ptr<Error> followSums(std::uint64_t end, const std::stop_token& stop);
    void takeSlot(const RollupSlot& slot, const std::shared_ptr<const Names>& names);
    [[nodiscard]] std::pair<Timestamp, Timestamp> bounds() const;
    std::unique_ptr<Error> readChunk(std::uint64_t last, const std::stop_token& stop);
    [[nodiscard]] HistoryQuery queryOf(std::uint64_t from, std::uint64_t last) const;
    /// Hands on what has left a live range since it was asked last.
    std::unique_ptr<Error> forgetOld(const std::stop_token& stop);
    void deliver(const std::shared_ptr<const Batch>& batch);
    bool finished();
    void tickSinks();
    void waitFor(Nanoseconds duration, const std::stop_token& stop);
    void failed(const Error& error);
    template<typename Change>
    void update(Change&& change);
    void tellIfDue(bool now);

    const Options options;
    Clock& clock;
    const std::vector<std::shared_ptr<BatchSink>> sinks;
    const std::function<void()> onChange;

    mutable std::mutex mutex;
    std::condition_variable_any wake;
    FollowStatus status; // guarded by mutex
    bool poked = false;  // guarded by mutex

    // Of the reader thread alone.
    std::unique_ptr<HistoryReader> reader;
    std::uint64_t first = 0; ///< seq at which the range begins; 0 until it is known
    std::uint64_t next = 0;
    std::uint64_t kept = 0; ///< what is below has been forgotten; 0: nothing yet
    std::vector<ForgettingSink*> forgetting;
    std::vector<SummingSink*> summing; ///< all sinks, or none
    bool canWait = false;              ///< all of them, of a live range without a filter
    SteadyClock::time_point toldAt;    ///< when nothing was left to hand on, or a sum was
    Timestamp liveFrom = kNoTime;      ///< where a live range began at first
    bool begun = false;
    Timestamp position = kNoTime;
    Timestamp lastTick = kNoTime;
    bool caughtUp = false;
    bool untold = false;
    SteadyClock::time_point lastTold;
    SteadyClock::time_point lastTickAt;
    SteadyClock::time_point forgotAt;

    std::jthread thread;
};

template<typename Change>
void HistoryFollower::State::update(Change&& change)
{
    {
        const std::scoped_lock lock(mutex);
        change(status);
    }
    untold = onChange != nullptr; // without anybody to tell, waiting must not wake up for it
    tellIfDue(false);
}

void HistoryFollower::State::tellIfDue(bool now)
{
    if (!untold || !onChange || (!now && SteadyClock::now() - lastTold < options.changeEvery))
        return;
    untold = false;
    lastTold = SteadyClock::now();
    onChange();
}

void HistoryFollower::State::tickSinks()
{
    lastTickAt = SteadyClock::now();
    Timestamp time = position;
    if (caughtUp) {
        const Timestamp settled = clock.now() - kSettle;
        time = std::max(position, options.range.isLive() ? settled : std::min(settled, options.range.to));
    }
    if (time == kNoTime)
        return;
    lastTick = std::max(lastTick, time);
    for (const auto& sink : sinks)
        sink->tick(lastTick);
}

void HistoryFollower::State::deliver(const std::shared_ptr<const Batch>& batch)
{
    for (const auto& sink : sinks)
        sink->consume(batch);
    const Message& last = batch->messages.back();
    position = last.time;
    next = last.seq + 1;
    update([&](FollowStatus& s) {
        s.matched += batch->messages.size();
        s.position = last.time;
        s.lastSeq = last.seq;
        s.scanned = next - first;
    });
    if (SteadyClock::now() - lastTickAt >= kTickEvery)
        tickSinks();
}

std::unique_ptr<Error> HistoryFollower::State::plan(std::uint64_t& end)
{
    const auto range = reader->seqRange();
    if (!range)
        return std::make_unique<Error>(range.error());
    const auto [oldest, newest] = *range;
    end = newest;
    if (newest + 1 < next)
        return std::make_unique<Error>(Error{ErrorCode::NotFound, "following " + options.path.string(),
                                             "the history was replaced by another one",
                                             "choose the range again"});
    if (newest == 0)
        return nullptr;
    if (first == 0) {
        const Timestamp from =
            options.range.isLive() ? clock.now() - *options.range.span : options.range.from;
        const auto start = from == Timestamp::min() ? Result<std::uint64_t>(oldest) : reader->seqAt(from);
        if (!start)
            return std::make_unique<Error>(start.error());
        first = next = kept = std::max<std::uint64_t>(*start, 1);
        liveFrom = from;
    }
    // Retention may have taken the oldest away meanwhile.
    if (next < oldest)
        first = next = oldest;
    if (!options.range.isLive() && options.range.to != Timestamp::max()) {
        const auto behind = reader->seqAt(options.range.to);
        if (!behind)
            return std::make_unique<Error>(behind.error());
        end = *behind - 1;
    }
    return nullptr;
}

std::pair<Timestamp, Timestamp> HistoryFollower::State::bounds() const
{
    return options.range.isLive() ? std::pair(liveFrom, Timestamp::max())
                                  : std::pair(options.range.from, options.range.to);
}

std::unique_ptr<Error> HistoryFollower::State::begin(const std::stop_token& stop)
{
    const auto [from, to] = bounds();
    const auto gaps = reader->gaps(from, to);
    if (!gaps)
        return std::make_unique<Error>(gaps.error());
    Timestamp expiredTo = kNoTime;
    for (const Gap& gap : *gaps) {
        if (gap.cause == GapCause::Expired)
            expiredTo = std::max(expiredTo, std::min(gap.to, to));
    }
    std::int64_t width = summing.empty() ? 0 : kMinuteSlot;
    for (SummingSink* sink : summing)
        width = std::min(width, sink->sumWidth(expiredTo != kNoTime));
    auto error = width > 0 ? takeSums(width, stop) : nullptr;
    begun = !error;
    if (begun && width > 0)
        return nullptr;
    for (SummingSink* sink : summing)
        sink->startOver();
    update([&](FollowStatus& s) {
        s.matched = s.scanned = 0;
        s.unknownTo = expiredTo;
    });
    if (!error || error->code != ErrorCode::Format)
        return error;
    begun = true; // they are damaged: what messages there are tell for themselves
    return nullptr;
}

std::unique_ptr<Error> HistoryFollower::State::takeSums(std::int64_t width, const std::stop_token& stop)
{
    const auto [from, to] = bounds();
    const auto names = reader->names();
    update([](FollowStatus& s) { s.state = FollowStatus::State::CatchingUp; });
    SumFeed feed(
        *reader, {from, to, width, options.filter}, [&](const RollupSlot& slot) { takeSlot(slot, names); },
        [&](const std::shared_ptr<const Batch>& batch) {
            for (const auto& sink : sinks)
                sink->consume(batch);
            position = std::max(position, batch->messages.back().time);
            update([&](FollowStatus& s) { s.matched += batch->messages.size(); });
        });
    const auto done = feed.run(stop);
    if (!done)
        return std::make_unique<Error>(done.error());
    next = std::max(next, done->lastSeq + 1); // beyond `end` where more was committed meanwhile
    update([&](FollowStatus& s) {
        if (options.range.isLive())
            s.total = std::max(s.total, next - first);
        s.scanned = std::min(s.total, next - first);
        s.lastSeq = next - 1;
        s.damagedBlocks += done->damagedBlocks;
        s.unknownTo = done->unknownTo;
    });
    return nullptr;
}

std::unique_ptr<Error> HistoryFollower::State::followSums(std::uint64_t end, const std::stop_token& stop)
{
    const auto summed = reader->summedSeqs(kSecondSlot);
    if (!summed)
        return std::make_unique<Error>(summed.error());
    const std::uint64_t last = std::min(summed->second, end);
    if (last < next)
        return nullptr;
    std::vector<RollupSlot> slots;
    const SumRows rows{kSecondSlot, std::numeric_limits<std::int64_t>::min(),
                       std::numeric_limits<std::int64_t>::max(), next, last};
    const auto read = reader->storedSums(rows, [&slots](RollupSlot& slot) {
        slots.push_back(std::move(slot));
        return true;
    });
    if (!read)
        return std::make_unique<Error>(read.error());
    std::sort(slots.begin(), slots.end(),
              [](const RollupSlot& a, const RollupSlot& b) { return a.firstSeq < b.firstSeq; });
    const auto names = reader->names(); // after the sums: of all that they are of
    for (const RollupSlot& slot : slots) {
        // Of a sum that was told in part, as messages, the others are read.
        while (next < slot.firstSeq && !stop.stop_requested()) {
            if (auto error = readChunk(std::min(slot.firstSeq - 1, next + kChunk - 1), stop))
                return error;
        }
        if (stop.stop_requested())
            return nullptr;
        next = slot.lastSeq + 1;
        toldAt = SteadyClock::now();
        takeSlot(slot, names);
        update([&](FollowStatus& s) { s.lastSeq = slot.lastSeq; });
    }
    return nullptr;
}

void HistoryFollower::State::takeSlot(const RollupSlot& slot, const std::shared_ptr<const Names>& names)
{
    for (SummingSink* sink : summing)
        sink->consumeSums(slot, names);
    position = std::max(position, Timestamp(std::chrono::seconds(slot.start)));
    update([&](FollowStatus& s) {
        for (const RollupCell& cell : slot.cells)
            s.matched += cell.count;
        s.position = position;
        s.scanned = std::clamp(slot.lastSeq + 1, first, first + s.total) - first;
    });
}

HistoryQuery HistoryFollower::State::queryOf(std::uint64_t from, std::uint64_t last) const
{
    HistoryQuery query;
    query.firstSeq = from;
    query.lastSeq = last;
    if (!options.range.isLive()) {
        query.from = options.range.from;
        query.to = options.range.to;
    }
    query.filter = options.filter;
    query.columns = options.columns | options.filter.columns();
    return query;
}

std::unique_ptr<Error> HistoryFollower::State::forgetOld(const std::stop_token& stop)
{
    const auto now = SteadyClock::now();
    if (forgetting.empty() || !options.range.isLive() || first == 0 || now - forgotAt < kForgetEvery)
        return nullptr;
    forgotAt = now;
    const auto begin = reader->seqAt(clock.now() - *options.range.span);
    if (!begin)
        return std::make_unique<Error>(begin.error());
    const std::uint64_t end = std::min(*begin, next);
    while (kept < end && !stop.stop_requested()) {
        const std::uint64_t last = std::min(end - 1, kept + kChunk - 1);
        const auto done = reader->scan(queryOf(kept, last), stop, [&](const auto& batch) {
            for (ForgettingSink* sink : forgetting)
                sink->forget(batch);
            return true; // a batch that is left out would count for ever
        });
        if (!done)
            return std::make_unique<Error>(done.error());
        kept = last + 1;
        untold = onChange != nullptr;
    }
    return nullptr;
}

std::unique_ptr<Error> HistoryFollower::State::readChunk(std::uint64_t last, const std::stop_token& stop)
{
    const auto summary =
        reader->scan(queryOf(next, last), stop, [&](const std::shared_ptr<const Batch>& batch) {
            if (stop.stop_requested())
                return false;
            if (!batch->messages.empty())
                deliver(batch);
            return !stop.stop_requested();
        });
    if (!summary)
        return std::make_unique<Error>(summary.error());
    if (stop.stop_requested())
        return nullptr;
    next = last + 1;
    update([&](FollowStatus& s) {
        s.scanned = next - first;
        s.lastSeq = last;
        s.damagedBlocks += summary->damagedBlocks;
    });
    return nullptr;
}

std::unique_ptr<Error> HistoryFollower::State::advance(const std::stop_token& stop)
{
    std::uint64_t end = 0;
    if (auto error = plan(end))
        return error;
    const bool anything = first != 0 && next <= end;
    if (anything) {
        update([&](FollowStatus& s) {
            s.total = end + 1 - first;
            // What comes while following is read at once: no flicker between the two states.
            if (!caughtUp || (end - next > kChunk && !waitsForSums()))
                s.state = FollowStatus::State::CatchingUp;
        });
    }
    if (first != 0 && !begun) {
        if (auto error = begin(stop))
            return error;
    }
    if (first != 0 && waitsForSums()) {
        if (auto error = followSums(end, stop))
            return error;
        if (next <= end && SteadyClock::now() - toldAt < kSumsLate)
            return nullptr;
    }
    while (first != 0 && next <= end && !stop.stop_requested()) {
        if (auto error = readChunk(std::min(end, next + kChunk - 1), stop))
            return error;
    }
    toldAt = SteadyClock::now();
    return nullptr;
}

bool HistoryFollower::State::finished()
{
    return !options.range.isLive() && options.range.to != Timestamp::max() &&
           clock.now() >= options.range.to + kWrittenAfter;
}

void HistoryFollower::State::failed(const Error& error)
{
    reader.reset();
    caughtUp = false;
    update([&](FollowStatus& s) {
        const bool missing = error.code == ErrorCode::NotFound && first == 0;
        s.state = missing ? FollowStatus::State::Waiting : FollowStatus::State::Failing;
        s.error = error;
    });
}

void HistoryFollower::State::waitFor(Nanoseconds duration, const std::stop_token& stop)
{
    const auto until = SteadyClock::now() + duration;
    for (;;) {
        auto slice = std::min(until, SteadyClock::now() + kTickEvery);
        if (untold)
            slice = std::min(slice, lastTold + options.changeEvery);
        {
            std::unique_lock lock(mutex);
            wake.wait_until(lock, stop, slice, [this] { return poked; });
            if (std::exchange(poked, false) || stop.stop_requested())
                return;
        }
        tellIfDue(false);
        if (SteadyClock::now() >= until)
            return;
        tickSinks();
    }
}

void HistoryFollower::State::run(const std::stop_token& stop)
{
    (void)pthread_setname_np(pthread_self(), "reader");
    // And so for the threads that it starts (Linux keeps niceness by thread: setpriority(2), "C library").
    (void)setpriority(PRIO_PROCESS, static_cast<id_t>(gettid()), kNiceness);
    while (!stop.stop_requested()) {
        // Asked before reading: only what was over by then is known to be read to its end.
        const bool last = finished();
        std::unique_ptr<Error> error;
        if (!reader) {
            auto opened = options.open(options.path);
            if (opened)
                reader = std::move(opened).value();
            else
                error = std::make_unique<Error>(opened.error());
        }
        if (reader)
            error = advance(stop);
        if (reader && !error && !stop.stop_requested())
            error = forgetOld(stop);
        if (stop.stop_requested())
            break;
        if (error) {
            failed(*error);
            waitFor(options.retryEvery, stop);
            continue;
        }
        const bool changed = !std::exchange(caughtUp, true);
        const auto state = last ? FollowStatus::State::Done : FollowStatus::State::Following;
        if (changed || last || status.state != state)
            update([&](FollowStatus& s) {
                s.state = state;
                s.error.reset();
            });
        tickSinks();
        if (last)
            break;
        waitFor(options.pollEvery, stop);
    }
    reader.reset();
    if (!stop.stop_requested())
        tellIfDue(true);
}

HistoryFollower::HistoryFollower(Options options, Clock& clock, std::vector<std::shared_ptr<BatchSink>> sinks,
                                 std::function<void()> onChange)
    : m_state(std::make_unique<State>(std::move(options), clock, std::move(sinks), std::move(onChange)))
{
}

HistoryFollower::~HistoryFollower()
{
    stop();
}

void HistoryFollower::start()
{
    if (m_state->thread.joinable())
        return;
    m_state->thread =
        std::jthread([state = m_state.get()](const std::stop_token& stop) { state->run(stop); });
}

void HistoryFollower::stop()
{
    if (!m_state->thread.joinable())
        return;
    m_state->thread.request_stop();
    m_state->thread.join();
    const std::scoped_lock lock(m_state->mutex);
    if (m_state->status.state != FollowStatus::State::Done)
        m_state->status.state = FollowStatus::State::Stopped;
}

void HistoryFollower::poke()
{
    {
        const std::scoped_lock lock(m_state->mutex);
        m_state->poked = true;
    }
    m_state->wake.notify_all();
}

FollowStatus HistoryFollower::status() const
{
    const std::scoped_lock lock(m_state->mutex);
    return m_state->status;
}

} // namespace weir
