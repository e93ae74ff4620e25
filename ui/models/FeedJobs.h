// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/filter/Filter.h"
#include "core/history/HistoryReader.h"
#include "ui/models/MessageRow.h"
#include "ui/models/ViewState.h"

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

namespace weir {

struct Names;

/// Seqs, both ends inclusive.
using SeqRun = std::pair<std::uint64_t, std::uint64_t>;

/// The most rows that a table lists: QAbstractItemModel counts them in an int. Of a longer range the newest
/// are listed.
inline constexpr std::uint64_t kMostRows = 2'000'000'000;

/// One look at what a history has now.
struct FeedUpdate
{
    std::uint64_t first = 1; ///< seqs of the range, none while last < first
    std::uint64_t last = 0;
    Timestamp from = kNoTime;              ///< where the range begins; kNoTime while there is no message
    std::vector<std::uint64_t> newMatches; ///< filtered: ascending, all above what was told before
    std::vector<MessageRow> rows;          ///< the newest ones, so that following shows no empty rows
    std::shared_ptr<const Names> names;
    bool gapsRead = false;
    std::vector<GapRow> gaps; ///< when gapsRead: all of the range, by place
};

/// A step of the search for older matches, which goes from the newest message back to the first.
struct SearchUpdate
{
    std::vector<std::uint64_t> olderMatches; ///< descending, all below what was told before
    std::vector<MessageRow> rows;            ///< some of them, those that are shown first
    Timestamp reached = kNoTime;             ///< everything later has been looked at
    std::uint64_t reachedSeq = 0;
    std::uint64_t scanned = 0; ///< messages looked at so far
    std::uint64_t total = 0;   ///< messages to look at
    std::uint64_t damagedBlocks = 0;
    bool done = false;
};

/// As what messages are copied: JSON, an object a line (the contract of `weir query`), or a line of the
/// table's columns with tabs between.
enum class CopyForm { Json, Text };

struct CopiedMessages
{
    std::string text;
    std::uint64_t messages = 0;
};

/// What a look is asked for.
struct FeedRequest
{
    TimeRange range;
    Filter filter;
    std::size_t tail = 0; ///< how many of the newest rows come along; 0: a live range does not slide
};

/// What one look remembers for the next. Belongs to the thread that looks.
struct FeedCursor
{
    std::uint64_t lookedTo = 0; ///< up to here everything was told, or is the search's work
    bool started = false;
    std::chrono::steady_clock::time_point gapsAt{};
    Timestamp from = kNoTime; ///< live: where the range began when it was moved on last
    std::uint64_t first = 1;  ///< and its first message
    std::chrono::steady_clock::time_point slidAt{};
};

// The jobs of a MessageFeed, as functions of a reader. Each runs on the thread that owns the reader.

/// New messages since the last look; every 500 ms the gaps too.
[[nodiscard]] Result<FeedUpdate> look(HistoryReader& reader, const std::stop_token& stop,
                                      const FeedRequest& request, FeedCursor& cursor);

/// Searches `run` from its newest message to its oldest, telling `report` at least every few blocks and at
/// most every 40 ms.
[[nodiscard]] Result<void> searchBack(HistoryReader& reader, const std::stop_token& stop,
                                      const Filter& filter, const SeqRun& run,
                                      const std::function<void(SearchUpdate)>& report);

/// The rows of `run` in order. What a complete read does not give lies in a damaged block: those rows come
/// back marked unreadable.
[[nodiscard]] Result<std::vector<MessageRow>> readRows(HistoryReader& reader, const std::stop_token& stop,
                                                       const SeqRun& run);

/// The messages of `runs` for the clipboard, at most `limit`.
[[nodiscard]] Result<CopiedMessages> copyMessages(HistoryReader& reader, const std::stop_token& stop,
                                                  const std::vector<SeqRun>& runs, CopyForm form,
                                                  std::uint64_t limit);

/// Sorted, and joined where reading over the few rows between costs less than another scan.
[[nodiscard]] std::vector<SeqRun> joinRuns(std::vector<SeqRun> runs);

} // namespace weir
