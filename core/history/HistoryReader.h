// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Gap.h"
#include "core/base/Result.h"
#include "core/broker/ObservedLook.h"
#include "core/capture/Batch.h"
#include "core/filter/Filter.h"
#include "core/history/Rollup.h"

#include <filesystem>
#include <functional>
#include <limits>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

namespace weir {

class ColumnCache;

enum class Order : std::uint8_t { OldestFirst, NewestFirst };

/// What to read. Seqs are inclusive, `to` is exclusive.
struct HistoryQuery
{
    Timestamp from = Timestamp::min();
    Timestamp to = Timestamp::max();
    std::uint64_t firstSeq = 1;
    std::uint64_t lastSeq = std::numeric_limits<std::uint64_t>::max();
    Filter filter;
    Order order = Order::OldestFirst;
    std::uint64_t limit = std::numeric_limits<std::uint64_t>::max();
    ColumnSet columns = kAllColumns; ///< the filter's own needs are added
};

/// Which of the stored sums: slots of `width` that touch [from, to) (seconds since 1970) and are of no
/// other messages than those of seqs [firstSeq, lastSeq].
struct SumRows
{
    std::int64_t width = kSecondSlot;
    std::int64_t from = 0;
    std::int64_t to = 0;
    std::uint64_t firstSeq = 1;
    std::uint64_t lastSeq = std::numeric_limits<std::uint64_t>::max();
};

/// What a scan did, beside what it handed over.
struct ScanSummary
{
    std::uint64_t matched = 0;
    std::uint64_t scanned = 0;       ///< messages looked at, those of blocks left out included
    std::uint64_t openedBlocks = 0;  ///< blocks whose columns were read; the others cannot match
    std::uint64_t damagedBlocks = 0; ///< blocks left out because their bytes are damaged
    std::vector<Error> damage;       ///< one for each of those, naming the block
    bool stoppedEarly = false;       ///< by the visitor, the limit or the stop token
};

/// What `weir info` prints.
struct HistoryInfo
{
    std::uint64_t messages = 0;
    std::uint64_t blocks = 0;
    std::uint64_t bytesOnDisk = 0;    ///< database, WAL and shared memory file
    std::uint64_t bytesIn = 0;        ///< as received: subjects, replies, headers, payloads
    Timestamp recordedFrom = kNoTime; ///< the first recording began
    Timestamp recordedTo = kNoTime;   ///< the last one ended, or last committed
    Timestamp firstTime = kNoTime;
    Timestamp lastTime = kNoTime;
    std::uint64_t firstSeq = 0;
    std::uint64_t lastSeq = 0;
    int schema = 0;
    std::uint64_t id = 0;      ///< random, of this file since it was first written
    bool beingWritten = false; ///< a writer holds it now
    std::uint64_t droppedBroker = 0;
    std::uint64_t droppedQueue = 0;
    std::uint64_t sampledOut = 0;
    bool sampledEstimated = false; ///< some of sampledOut could not be counted
    std::uint64_t failed = 0;
    std::vector<Gap> gaps; ///< includes the unclean end of a recording that nobody closed
};

/// Reads a history file, also while a writer in this or another process appends to it. A reader belongs to
/// the thread that uses it; open as many as there are threads. Nothing it does blocks the writer.
class HistoryReader
{
public:
    [[nodiscard]] static Result<std::unique_ptr<HistoryReader>> open(const std::filesystem::path& path);
    /// One that comes back to the same blocks again and again: what it unpacks in part is kept in `cache`.
    [[nodiscard]] static Result<std::unique_ptr<HistoryReader>>
    openCached(const std::filesystem::path& path, std::shared_ptr<ColumnCache> cache);
    virtual ~HistoryReader() = default;

    /// The names behind the ids of the batches that this reader returns.
    [[nodiscard]] virtual std::shared_ptr<const Names> names() = 0;

    /// Hands matching messages to `visit` batch by batch in the query's order, without ever holding more than
    /// a few blocks. A batch newest-first lies newest first. `visit` returns false to stop. Sees what was
    /// committed when it began. Damaged blocks are left out and named in the summary.
    [[nodiscard]] virtual Result<ScanSummary>
    scan(const HistoryQuery& query, std::stop_token stop,
         const std::function<bool(const std::shared_ptr<const Batch>&)>& visit) = 0;

    /// How many messages match, without handing them over: reads no more than the filter looks at, and
    /// nothing where a block's row says enough.
    [[nodiscard]] virtual Result<ScanSummary> count(const HistoryQuery& query, std::stop_token stop);

    /// Hands what [from, to) sums up to over to `visit` in slots of `width` (kSecondSlot or kMinuteSlot),
    /// oldest first; `visit` returns false to stop. Slots at the ends are whole. Exact: all that is committed
    /// is in it, also what has expired since; several slots may share a start.
    [[nodiscard]] Result<void> sums(Timestamp from, Timestamp to, std::int64_t width, std::stop_token stop,
                                    const std::function<bool(const RollupSlot&)>& visit);

    /// First and last seq of what the stored sums of `width` are of; last < first while there are none.
    [[nodiscard]] virtual Result<std::pair<std::uint64_t, std::uint64_t>> summedSeqs(std::int64_t width);
    /// Hands the stored sums over to `visit`, by their start; false to stop. No scan before it returned.
    [[nodiscard]] virtual Result<void> storedSums(const SumRows& rows,
                                                  const std::function<bool(RollupSlot&)>& visit);

    /// First and last committed sequence; both 0 while empty; last + 1 and last when all have expired. Cheap:
    /// for following live.
    [[nodiscard]] virtual Result<std::pair<std::uint64_t, std::uint64_t>> seqRange() = 0;

    /// The first seq received at or after `time`; last+1 if there is none.
    [[nodiscard]] virtual Result<std::uint64_t> seqAt(Timestamp time) = 0;

    [[nodiscard]] virtual Result<HistoryInfo> info() = 0;
    [[nodiscard]] virtual Result<std::vector<Gap>> gaps(Timestamp from, Timestamp to) = 0;

    /// When the broker was looked at in [from, to), rising, as far as that was kept.
    [[nodiscard]] virtual Result<std::vector<Timestamp>> lookTimes(Timestamp from, Timestamp to);
    /// The last look that was kept at or before `time`.
    [[nodiscard]] virtual Result<std::optional<ObservedLook>> look(Timestamp time);

private:
    /// sums() of what `query` finds, out of the messages themselves.
    [[nodiscard]] Result<void> sumsOf(HistoryQuery query, std::int64_t width, std::stop_token stop,
                                      const std::function<bool(const RollupSlot&)>& visit);
};

} // namespace weir
