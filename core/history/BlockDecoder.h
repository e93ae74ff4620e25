// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Result.h"
#include "core/capture/Message.h"
#include "core/filter/Filter.h"
#include "core/history/BlockFormat.h"
#include "core/history/ColumnCache.h"
#include "core/history/ValueList.h"
#include "core/history/Zstd.h"

#include <array>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace weir {

/// Opens one block's columns as they are asked for (FORMAT.md). Whatever the bytes are, it answers with the
/// messages or with a reason of kind ErrorCode::Format; it never reads past them. One thread.
class BlockDecoder
{
public:
    /// Appends `length` bytes of the body from `offset` to `out`.
    using ReadBody = std::function<Result<void>(std::size_t offset, std::size_t length, std::string& out)>;
    using ReadLarge = std::function<Result<std::string>(std::uint64_t seq, std::uint64_t size)>;

    BlockDecoder();

    /// Of the block that is open, take columns from `cache` (of the file that it calls `file`) and keep them
    /// there; null: no more. It outlives the block's being read.
    void useCache(ColumnCache* cache, std::uint64_t file);
    /// Reads the directory of the block that `row` describes.
    [[nodiscard]] Result<void> open(const BlockRow& row, std::size_t bodySize, ReadBody readBody);

    /// The ids in `column` (Subject, Pop, Worker or Identity), row by row.
    [[nodiscard]] Result<void> ids(ColumnId column, std::vector<std::uint32_t>& ids);
    /// False: payloadBytes() are all of them.
    [[nodiscard]] bool mayHaveLargePayloads() const { return m_row.sizeMax > kLargePayload; }
    /// The payloads that are not large, one after the other; as long as storage() lives.
    [[nodiscard]] Result<std::string_view> payloadBytes();

    /// All messages are numbered from the block's first_seq on.
    [[nodiscard]] bool isDense() const { return !m_entries[static_cast<std::size_t>(ColumnId::Seq)].present; }

    /// The block's messages with nothing but their seqs.
    [[nodiscard]] Result<void> begin(std::vector<Message>& messages);
    /// Only those of `rows`, which ascend: what is not wanted is decoded, but no message is made of it.
    [[nodiscard]] Result<void> begin(std::vector<Message>& messages, std::span<const std::uint32_t> rows);
    /// Fills `columns` into the messages that begin() made, all of them and in its order, but for the names
    /// behind ids. A column that is there already costs nothing.
    [[nodiscard]] Result<void> fill(ColumnSet columns, std::vector<Message>& messages,
                                    const ReadLarge& readLarge);

    /// What the messages' views point into.
    [[nodiscard]] std::shared_ptr<const ByteRoom> storage()
    {
        m_roomIsGiven = true;
        return m_room;
    }

private:
    struct Entry
    {
        Codec codec = Codec::Stored;
        std::size_t offset = 0;
        std::size_t length = 0;
        std::size_t rawLength = 0;
        std::uint32_t checksum = 0;
        bool present = false;
    };

    void makeRoom();
    [[nodiscard]] Result<void> unpack(ColumnId id, const Entry& entry, std::string& raw);
    /// A string in the room with space for `size` bytes, where one is at hand.
    [[nodiscard]] std::string& roomFor(std::size_t size);
    [[nodiscard]] Result<void> readDirectory(std::string_view head, std::size_t bodySize);
    [[nodiscard]] static Entry readEntry(ByteReader& in, std::size_t columnsStart);
    /// Checks and unpacks a column (into storage()) and has `parse` take all of it; false where the block has
    /// none.
    [[nodiscard]] Result<bool> read(ColumnId id, const std::function<bool(ByteReader&)>& parse);
    template<typename Set>
    [[nodiscard]] Result<void> rising(ColumnId id, std::vector<Message>& messages, Set&& set);
    [[nodiscard]] Result<void> moments(ColumnId id, std::vector<Message>& messages,
                                       Timestamp Message::*member);
    [[nodiscard]] Result<void> sizes(ColumnId id, std::vector<Message>& messages,
                                     std::uint32_t Message::*member);
    [[nodiscard]] Result<void> payloadSizes(std::vector<Message>& messages);
    template<typename Set>
    [[nodiscard]] Result<void> setIds(ColumnId id, std::vector<Message>& messages, Set&& set);
    [[nodiscard]] Result<void> texts(ColumnId id, std::vector<Message>& messages,
                                     std::string_view Message::*member, std::vector<std::string_view>& found);
    [[nodiscard]] Result<void> times(std::vector<Message>& messages);
    [[nodiscard]] Result<void> headers(std::vector<Message>& messages);
    [[nodiscard]] Result<void> payloads(std::vector<Message>& messages, const ReadLarge& readLarge);
    [[nodiscard]] Result<void> fillOne(Column column, std::vector<Message>& messages,
                                       const ReadLarge& readLarge);

    Decompressor m_decompressor;
    ColumnCache* m_cache = nullptr;
    std::uint64_t m_file = 0;
    ReadBody m_readBody;
    BlockRow m_row;
    ColumnSet m_filled = 0;
    std::optional<std::string_view> m_payloads; ///< payloadBytes(), once asked for
    std::vector<std::uint32_t> m_rows;          ///< of which begin() made messages
    std::int64_t m_firstTime = 0;               ///< of row 0, once times were read
    std::vector<std::string_view> m_traces;     ///< of all rows, once read, as the next
    std::vector<std::uint32_t> m_payloadSizes;
    std::vector<std::int64_t> m_signed; ///< of the column being read, as the two below
    std::vector<std::uint64_t> m_unsigned;
    std::vector<std::uint32_t> m_ids;
    std::array<Entry, 32> m_entries;
    std::shared_ptr<ByteRoom> m_room;
    bool m_roomIsGiven = false;       ///< to somebody who may still read it, on whatever thread
    std::vector<std::string> m_spare; ///< of blocks that nobody kept: room for the next ones
    std::string m_packed;
};

} // namespace weir
