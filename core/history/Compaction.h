// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/history/BlockEncoder.h"
#include "core/history/BlockInspector.h"
#include "core/history/BlockTable.h"
#include "core/history/Database.h"

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <vector>

namespace weir {

/// What a merge made smaller.
struct Compacted
{
    std::uint64_t merges = 0;
    std::uint64_t blocksBefore = 0;  ///< that were merged
    std::uint64_t blocksAfter = 0;   ///< that they became
    std::uint64_t damagedBlocks = 0; ///< left as they are
};

/// Merges neighbouring small blocks of one recording into greater ones, a merge a transaction: either all of
/// it is there or nothing happened. Each message is written again a few times at the most. The thread of the
/// connection that writes.
class Compaction
{
public:
    /// At the writer's side: few blocks at once, so that nothing waits for long. Alone: as much as fits.
    enum class Pace { Beside, Alone };

    Compaction(Database& database, Pace pace) : m_database(database), m_pace(pace), m_inspector(database) {}

    /// One merge of blocks whose messages all came before `until`, or a look at some hundred blocks. False:
    /// there is nothing to merge.
    [[nodiscard]] Result<bool> step(Timestamp until);
    /// Blocks from this seq on have become smaller.
    void lookAgain(std::uint64_t from) { m_from = std::min(m_from, from); }
    [[nodiscard]] const Compacted& done() const { return m_done; }
    /// All blocks before this seq have been looked at.
    [[nodiscard]] std::uint64_t reached() const { return m_from; }

private:
    using Run = std::span<const FoundBlock>;

    [[nodiscard]] Result<std::vector<FoundBlock>> readRows(Timestamp until);
    /// The blocks at the front that could become one, as to recording and size.
    [[nodiscard]] static Run fitting(Run blocks);
    /// Those of them that are worth a merge; `grows`: more may come behind them.
    [[nodiscard]] Run worthwhile(Run run, bool grows) const;
    [[nodiscard]] Result<void> merge(Run run);
    [[nodiscard]] Result<void> replace(Run run, const EncodedBlock& merged);

    Database& m_database;
    const Pace m_pace;
    std::uint64_t m_from = 0; ///< first seq of the first block that is not settled
    BlockEncoder m_encoder;
    BlockInspector m_inspector;
    std::optional<BlockTable> m_blocks;
    Compacted m_done;
};

struct CompactedHistory
{
    Compacted blocks;
    std::uint64_t bytesBefore = 0; ///< on disk
    std::uint64_t bytesAfter = 0;
};

/// Compacts a history that nobody writes, whole, and shrinks its file. `progress`: seqs done, and the last.
[[nodiscard]] Result<CompactedHistory>
compactHistory(const std::filesystem::path& path, Timestamp now,
               const std::function<void(std::uint64_t, std::uint64_t)>& progress);

} // namespace weir
