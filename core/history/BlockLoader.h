// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/envelope/Names.h"
#include "core/history/BlockDecoder.h"
#include "core/history/BlockProbe.h"
#include "core/history/BlockScan.h"
#include "core/history/Database.h"
#include "core/history/HistoryReader.h"
#include "core/history/NameViews.h"

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace weir {

/// The messages of one block that a query asks for, oldest first.
struct LoadedBlock
{
    std::vector<Message> messages;
    std::shared_ptr<const ByteRoom> storage;
};

/// Reads blocks' messages, column by column, and only the columns that it must. One thread, one connection.
class BlockLoader
{
public:
    /// All outlive it. While it loads, nobody changes `views`.
    BlockLoader(Database& database, const HistoryQuery& query, const Names& names, const NameViews& views);

    /// Of blocks that the query takes a part of: who asks for the rest of them later finds their columns
    /// unpacked. Null: no cache.
    void useCache(ColumnCache* cache, std::uint64_t file)
    {
        m_cache = cache;
        m_file = file;
    }

    [[nodiscard]] Result<LoadedBlock> load(const FoundBlock& found);
    /// How many messages load() would find.
    [[nodiscard]] Result<std::uint64_t> count(const FoundBlock& found);

private:
    [[nodiscard]] Result<void> open(const FoundBlock& found);
    [[nodiscard]] Result<void> begin(const FoundBlock& found);
    [[nodiscard]] Result<void> need(ColumnSet columns);
    /// Opens the block and finds its rows that match, ascending.
    [[nodiscard]] Result<void> select(const FoundBlock& found);
    /// Those that the block's numbers alone leave.
    void listRows(const FoundBlock& found);
    [[nodiscard]] Result<void> selectRange(const FoundBlock& found);
    [[nodiscard]] Result<std::string> readLarge(std::uint64_t seq, std::uint64_t size);

    Database& m_database;
    const HistoryQuery& m_query;
    const Names& m_names;
    const NameViews& m_views;
    ColumnCache* m_cache = nullptr;
    std::uint64_t m_file = 0;
    BlockDecoder m_decoder;
    BlockProbe m_probe;
    Decompressor m_decompressor;
    // Of the block that is open:
    Blob m_body;
    std::vector<Message> m_messages;
    std::vector<std::uint32_t> m_rows;
    ColumnSet m_named = 0;
};

} // namespace weir
