// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/envelope/Names.h"
#include "core/history/BlockInspector.h"
#include "core/history/Database.h"
#include "core/history/HistoryBuilder.h"

#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace weir {

/// A recording of a history that is merged.
struct MergedRecording
{
    std::int64_t id = 0; ///< in the new history
    std::string stream;  ///< '' for live subjects
};

/// One of the histories that are merged: hands out its messages one by one in the order of their seqs, with
/// the ids that their names have in the new history. In one snapshot.
class MergeSource
{
public:
    [[nodiscard]] static Result<std::unique_ptr<MergeSource>> open(const std::filesystem::path& path);

    Database& database() { return m_database; }
    /// Gives this history's names their ids in the new one.
    [[nodiscard]] Result<void> mapNames(Names& into);
    /// Gives `slot`'s keys the ids that they have in the new history.
    void rename(RollupSlot& slot) const;
    /// Its recordings, by the ids that they have here.
    std::map<std::int64_t, MergedRecording>& recordings() { return m_recordings; }

    /// Goes to the next message; false behind the last. A block that is damaged is left out, and told.
    [[nodiscard]] Result<bool> next();
    [[nodiscard]] const Message& message() const { return m_block.messages[m_at]; }
    [[nodiscard]] const MergedRecording& recording() const { return *m_recording; }
    /// What message()'s views point into.
    [[nodiscard]] std::shared_ptr<const ByteRoom> storage() const { return m_block.storage; }
    /// Blocks that were left out.
    [[nodiscard]] const std::vector<InspectedBlock>& damaged() const { return m_damaged; }
    [[nodiscard]] std::uint64_t blocks() const { return m_blocks; }
    [[nodiscard]] std::uint64_t blocksRead() const { return m_blocksRead; }

private:
    explicit MergeSource(Database database) : m_database(std::move(database)), m_inspector(m_database) {}
    [[nodiscard]] Result<bool> nextBlock();
    void rename(Message& message) const;

    Database m_database;
    BlockInspector m_inspector;
    std::vector<std::uint32_t> m_subjects; ///< by id here: id there
    std::vector<std::uint32_t> m_pops;
    std::vector<std::uint32_t> m_workers;
    std::vector<std::uint32_t> m_identities;
    std::vector<std::uint32_t> m_groups;
    std::map<std::int64_t, MergedRecording> m_recordings;
    const Names* m_names = nullptr;
    InspectedBlock m_block;
    const MergedRecording* m_recording = nullptr;
    std::size_t m_at = 0;
    std::int64_t m_key = -1;
    std::uint64_t m_blocks = 0;
    std::uint64_t m_blocksRead = 0;
    std::vector<InspectedBlock> m_damaged;
};

} // namespace weir
