// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Clock.h"
#include "core/capture/Batch.h"
#include "core/filter/Filter.h"
#include "core/history/HistoryReader.h"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

namespace weir {

/// The range that a follower feeds: either fixed [from, to), or live: the last `span` and all that comes.
struct FollowRange
{
    Timestamp from = Timestamp::min();
    Timestamp to = Timestamp::max();
    std::optional<Nanoseconds> span; ///< set: live; from and to are then not read

    [[nodiscard]] static FollowRange live(Nanoseconds span)
    {
        return {Timestamp::min(), Timestamp::max(), span};
    }
    [[nodiscard]] static FollowRange fixed(Timestamp from, Timestamp to) { return {from, to, std::nullopt}; }
    [[nodiscard]] bool isLive() const { return span.has_value(); }
};

/// Where a follower stands.
struct FollowStatus
{
    enum class State : std::uint8_t {
        Waiting,    ///< there is no history file yet; it is looked for
        CatchingUp, ///< reading what is there
        Following,  ///< everything committed was handed on; more may come
        Done,       ///< a fixed range was read to its end
        Failing,    ///< `error` says why; it is tried again
        Stopped,
    };
    State state = State::Waiting;
    std::uint64_t scanned = 0;    ///< messages of the range looked at
    std::uint64_t total = 0;      ///< messages known to be in the range
    std::uint64_t matched = 0;    ///< messages handed to the sinks
    Timestamp position = kNoTime; ///< time of the last message handed on
    std::uint64_t lastSeq = 0;    ///< up to here everything was looked at
    std::uint64_t damagedBlocks = 0;
    /// Of what was received before this not all was handed on: it has expired, and no sums tell what of it
    /// matched. kNoTime: of the range nothing is missing so.
    Timestamp unknownTo = kNoTime;
    std::optional<Error> error; ///< the last failure; cleared when reading works again

    [[nodiscard]] bool caughtUp() const { return state == State::Following || state == State::Done; }
};

/// Feeds sinks from a history file on a thread of its own (`reader`), in order and without a seam between
/// what was recorded and what is being recorded. One query an object: for another, make another.
/// tick() of the sinks gets the time of the last message while catching up, the clock's less 400 ms once
/// caught up (never beyond a fixed range's end): no message comes after a tick that is older than it, and
/// rates mean the same live and in the past. Where all sinks are SummingSinks and the filter asks for nothing
/// that sums do not know, they get the sums of what is summed up, also of expired messages, and the messages
/// of the rest. Of a live range a ForgettingSink is told every second, once
/// caught up, what has left it.
class HistoryFollower
{
public:
    using Opener = std::function<Result<std::unique_ptr<HistoryReader>>(const std::filesystem::path&)>;

    struct Options
    {
        std::filesystem::path path;
        FollowRange range = FollowRange::live(std::chrono::minutes(5));
        Filter filter;
        ColumnSet columns = kEnvelopeOnly; ///< the filter's own needs are added
        Nanoseconds pollEvery = std::chrono::milliseconds(100);
        Nanoseconds retryEvery = std::chrono::milliseconds(500);
        Nanoseconds changeEvery = std::chrono::milliseconds(40); ///< onChange comes no more often than this
        Opener open = &HistoryReader::open;
    };

    /// `sinks` are called on the reader thread alone. `onChange` too, when status() changed; the last change
    /// is always told. `clock` outlives the follower.
    HistoryFollower(Options options, Clock& clock, std::vector<std::shared_ptr<BatchSink>> sinks,
                    std::function<void()> onChange = {});
    /// Stops.
    ~HistoryFollower();
    HistoryFollower(const HistoryFollower&) = delete;
    HistoryFollower& operator=(const HistoryFollower&) = delete;

    void start();
    /// Ends the thread and waits for it; no sink is called afterwards. Takes as long as one batch at most.
    /// Not from a sink or onChange.
    void stop();
    /// Looks for new messages now instead of at the next poll. Any thread.
    void poke();
    /// Any thread.
    [[nodiscard]] FollowStatus status() const;

private:
    struct State;
    std::unique_ptr<State> m_state;
};

} // namespace weir
