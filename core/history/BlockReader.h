// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/history/BlockDecoder.h"
#include "core/history/BlockScan.h"
#include "core/history/Database.h"
#include "core/history/HistoryReader.h"
#include "core/history/NamesStore.h"

#include <map>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

namespace weir {

/// HistoryReader over blocks, on a read-only connection of its own.
class BlockReader final : public HistoryReader
{
public:
    BlockReader(Database database, std::filesystem::path path);
    /// Brings the names up to what is committed.
    [[nodiscard]] Result<void> refreshNames();

    [[nodiscard]] std::shared_ptr<const Names> names() override;
    [[nodiscard]] Result<ScanSummary>
    scan(const HistoryQuery& query, std::stop_token stop,
         const std::function<bool(const std::shared_ptr<const Batch>&)>& visit) override;
    [[nodiscard]] Result<std::pair<std::uint64_t, std::uint64_t>> seqRange() override;
    [[nodiscard]] Result<std::uint64_t> seqAt(Timestamp time) override;
    [[nodiscard]] Result<HistoryInfo> info() override;
    [[nodiscard]] Result<std::vector<Gap>> gaps(Timestamp from, Timestamp to) override;

private:
    /// The messages of `found` that match, oldest first.
    [[nodiscard]] Result<std::vector<Message>> readBlock(const FoundBlock& found, const HistoryQuery& query);
    [[nodiscard]] Result<void> readColumns(std::vector<Message>& messages, ColumnSet columns);
    [[nodiscard]] Result<std::string> readLarge(std::uint64_t seq, std::uint64_t size);
    [[nodiscard]] std::vector<bool> select(const std::vector<Message>& messages,
                                           const HistoryQuery& query) const;
    /// Learns what streams new recordings read from.
    [[nodiscard]] Result<void> loadStreams();
    void fillNames(std::vector<Message>& messages, std::int64_t recording) const;
    /// Marks the caches stale when somebody committed since.
    [[nodiscard]] Result<void> lookForCommits();

    Database m_database;
    std::filesystem::path m_path;
    std::shared_ptr<Names> m_names = std::make_shared<Names>();
    NamesMark m_mark;
    // By id, so that a row's names cost no lock; [0] is "none".
    std::vector<std::string_view> m_subjects{{}};
    std::vector<std::string_view> m_pops{{}};
    std::vector<std::string_view> m_workers{{}};
    std::vector<Identity> m_identities{{}}; ///< without the long texts
    std::uint64_t m_identityRevision = 0;
    std::map<std::int64_t, StreamId> m_streams; ///< by recording
    std::int64_t m_dataVersion = -1;            ///< SQLite's, when the caches below were filled
    bool m_namesFresh = false;
    bool m_rangeFresh = false;
    std::pair<std::uint64_t, std::uint64_t> m_seqRange{0, 0};
    BlockDecoder m_decoder;
    Decompressor m_decompressor;
};

} // namespace weir
