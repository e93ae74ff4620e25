// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Clock.h"
#include "core/base/Result.h"
#include "core/broker/ObservedLook.h"
#include "core/capture/Batch.h"
#include "core/history/KeepLimits.h"

#include <cstddef>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace weir {

class CoverageLedger;
struct Names;

/// Appends batches to a history file: the only writer of it, held by a lock. Blocks are sealed and committed
/// on a thread of its own (`store`), at most 250 ms after a message came. consume() and tick() come from the
/// pipeline thread; close() from the owner after the pipeline ended.
class HistoryWriter : public BatchSink
{
public:
    struct Options
    {
        std::filesystem::path path;
        Nanoseconds flushEvery = std::chrono::milliseconds(250);
        std::string source;   ///< profile or context name, for the record of who wrote what
        std::string subjects; ///< the subscription, in words
        std::string stream;   ///< the JetStream stream recorded from; empty for live subjects
        /// Bytes of batches that may wait for the store; more of them wait with their source. While the disk
        /// refuses, as many bytes of packed messages are kept. What waits is lost if the process is killed.
        std::size_t waitingBudget = std::size_t{16} << 20;
        /// While the disk refuses: true waits with further messages (for sources that keep what is not
        /// acknowledged), false gives them up, counted, so that the live view goes on.
        bool holdWhileFailing = false;
        /// What exceeds this expires while the recording goes on.
        KeepLimits keep;
    };

    /// Opens or creates `options.path` (0600) and takes the writer's lock. What was recorded before stays; if
    /// the last recording did not end cleanly, or time passed since, a gap says so. Fails with a plain reason
    /// when the path is a directory, read-only, not a history, of a newer schema, on a full disk, or held by
    /// another Weir. `committed(n)`, on the store thread: the first n messages of this capture are durable;
    /// n never goes past a message that had to be given up.
    [[nodiscard]] static Result<std::unique_ptr<HistoryWriter>>
    open(const Options& options, Clock& clock, CoverageLedger& ledger,
         std::function<void(std::uint64_t)> committed);

    /// The dictionaries of this history; the capture that feeds the writer gives its ids out of these.
    [[nodiscard]] virtual std::shared_ptr<Names> names() = 0;
    /// The seq that the first message of this capture must carry.
    [[nodiscard]] virtual std::uint64_t firstSeq() const = 0;
    /// Keeps what the broker says of itself beside the messages. Any thread; does not wait.
    virtual void keepLook(ObservedLook look) = 0;
    /// Set while the disk refuses: the capture goes on, messages that cannot be kept count as failed. Also
    /// while it refuses to let go of what has expired.
    [[nodiscard]] virtual std::optional<Error> failure() const = 0;
    /// The source has ended, so what still comes is bounded: from now on consume() takes it without waiting
    /// for a disk that refuses. Any thread.
    virtual void expectEnd() = 0;
    /// Commits what waits, seals the last block, writes the ledger's end state, releases the lock.
    [[nodiscard]] virtual Result<void> close() = 0;
    /// The same for a capture that never came to be: a file that this writer made and gave no message goes,
    /// one that was there before stays as it was.
    [[nodiscard]] virtual Result<void> closeInVain() = 0;
};

} // namespace weir
