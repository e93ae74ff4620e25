// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/capture/Message.h"
#include "core/history/BlockFormat.h"
#include "core/history/HeaderPacker.h"
#include "core/history/Zstd.h"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace weir {

/// Turns messages into blocks (FORMAT.md). One thread; keeps its working memory from block to block.
class BlockEncoder
{
public:
    /// `messages`: 1 to kMaxRows, seqs rising. Fills all of the row but recording and timeHigh. A large
    /// payload that is not at hand (empty, while payloadSize says otherwise) stays where it lies: its row
    /// goes by seq.
    [[nodiscard]] EncodedBlock encode(std::span<const Message* const> messages);

    /// The row alone, as encode() fills it: what `messages` say of themselves.
    [[nodiscard]] static BlockRow measure(std::span<const Message* const> messages);
    /// What EncodedBlock::traceHashes is of them.
    [[nodiscard]] static std::vector<std::uint64_t> traceHashesOf(std::span<const Message* const> messages);

private:
    using Rows = std::span<const Message* const>;

    void addNumbers(Rows rows);
    void addMoments(Rows rows);
    void addIds(Rows rows);
    void addTexts(Rows rows);
    void addPayloads(Rows rows, EncodedBlock& block);
    void addLarge(const Message& message, EncodedBlock& block);
    void addSets(Rows rows, EncodedBlock& block);
    template<typename IdOf>
    void addSet(Rows rows, std::string& out, IdOf idOf);
    void seal(ColumnId id);
    [[nodiscard]] std::string body(const BlockRow& row);

    struct Entry
    {
        ColumnId id;
        Codec codec;
        std::uint32_t length;
        std::uint32_t rawLength;
        std::uint32_t checksum;
    };
    Compressor m_compressor;
    HeaderPacker m_headers;
    std::string m_raw;    ///< the column that is being made
    std::string m_packed; ///< the columns that are done
    std::vector<Entry> m_entries;
    std::vector<std::int64_t> m_moments;
    std::vector<std::uint64_t> m_numbers;
    std::vector<std::uint32_t> m_ids;
    std::vector<std::string_view> m_texts;
    std::vector<std::string_view> m_traces;
    std::vector<std::uint32_t> m_seen; ///< by id: the number of the set that has it
    std::uint32_t m_set = 0;
    std::uint64_t m_rawBytes = 0;
};

} // namespace weir
