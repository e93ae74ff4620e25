// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Gap.h"
#include "core/envelope/Names.h"
#include "core/history/BlockTable.h"
#include "core/history/Database.h"
#include "core/history/NamesStore.h"
#include "core/history/RollupStore.h"
#include "core/history/TraceGroupStore.h"
#include "core/history/WriterLock.h"

#include <filesystem>
#include <memory>
#include <optional>
#include <span>

namespace weir {

/// Makes a new history out of parts of others. Until finish() it is called `path` + ".unfinished"; it is
/// removed again when it is not finished, and where the process was killed, by the next who makes `path`.
/// One thread.
class HistoryBuilder
{
public:
    /// The columns of `recording` that copyRecording() takes, in their order, for a SELECT on another
    /// history.
    [[nodiscard]] static Result<std::string> recordingColumns(Database& from);

    /// Refuses a path where something is already.
    [[nodiscard]] static Result<std::unique_ptr<HistoryBuilder>> create(const std::filesystem::path& path,
                                                                        Timestamp now);
    ~HistoryBuilder();
    HistoryBuilder(const HistoryBuilder&) = delete;
    HistoryBuilder& operator=(const HistoryBuilder&) = delete;

    /// What is here goes into the new history with the blocks.
    Names& names() { return *m_names; }
    [[nodiscard]] std::shared_ptr<Names> sharedNames() const { return m_names; }
    Database& database() { return *m_database; }

    /// Takes the sums of another history over, whose seqs and ids are those of this one, before its first
    /// block: also those of messages that are no more. names() has its groups.
    [[nodiscard]] Result<void> takeSums(Database& from);
    /// Adds the sums of a second whose messages are no more, before the first block; by rising seqs.
    [[nodiscard]] Result<void> addExpired(const RollupSlot& second);
    /// That was the last one, `lastSeq` its last message.
    [[nodiscard]] Result<void> endExpired(std::uint64_t lastSeq);
    /// Adds a recording that stands in `row`; under its own id, or under the next one.
    [[nodiscard]] Result<void> copyRecording(const Statement& row, std::int64_t id);
    [[nodiscard]] Result<void> addGap(std::int64_t recording, const Gap& gap);
    /// Adds a block of `messages` behind those that are there; gives it its time_high.
    [[nodiscard]] Result<void> add(EncodedBlock& block, std::span<const Message* const> messages);
    /// Adds the large payload that stands in `row` (size, codec, checksum, body).
    [[nodiscard]] Result<void> copyLarge(std::uint64_t seq, const Statement& row);
    /// All of it is on the disk under its name, and this is closed; or nothing is there.
    [[nodiscard]] Result<void> finish();

private:
    explicit HistoryBuilder(const std::filesystem::path& path);
    [[nodiscard]] Result<void> open();
    [[nodiscard]] Result<void> putInPlace();
    void close();
    void removeUnfinished() const;
    [[nodiscard]] Result<void> commit();

    const std::filesystem::path m_path;
    std::filesystem::path m_unfinished;
    WriterLock m_lock;
    std::optional<Database> m_database;
    std::optional<BlockTable> m_blocks;
    std::shared_ptr<Names> m_names = std::make_shared<Names>();
    std::unique_ptr<RollupStore> m_rollups;
    std::optional<TraceGroupStore> m_traceGroups;
    NamesMark m_mark;
    std::uint64_t m_summed = 0; ///< messages up to this seq are in the sums that were taken over
    std::int64_t m_timeHigh = 0;
    std::int64_t m_setback = 0;
    std::uint64_t m_blockCount = 0;
    std::uint64_t m_expiredSeconds = 0;
};

} // namespace weir
