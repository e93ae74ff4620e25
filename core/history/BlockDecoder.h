// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Result.h"
#include "core/capture/Message.h"
#include "core/history/BlockFormat.h"
#include "core/history/ValueList.h"
#include "core/history/Zstd.h"

#include <array>
#include <functional>
#include <memory>
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

    /// Reads the directory of the block that `row` describes.
    [[nodiscard]] Result<void> open(const BlockRow& row, std::size_t bodySize, ReadBody readBody);

    /// All that Column::Envelope names, for every message, but the names behind ids.
    [[nodiscard]] Result<void> envelope(std::vector<Message>& messages);
    // These fill the messages that envelope() made; all of them, in its order.
    [[nodiscard]] Result<void> replies(std::vector<Message>& messages);
    [[nodiscard]] Result<void> headers(std::vector<Message>& messages);
    [[nodiscard]] Result<void> payloads(std::vector<Message>& messages, const ReadLarge& readLarge);

    /// What the messages' views point into.
    [[nodiscard]] std::shared_ptr<const ByteRoom> storage() const { return m_room; }

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

    [[nodiscard]] Result<void> readDirectory(std::string_view head, std::size_t bodySize);
    [[nodiscard]] static Entry readEntry(ByteReader& in, std::size_t columnsStart);
    /// Checks and unpacks a column (into storage()) and has `parse` take all of it; false where the block has
    /// none.
    [[nodiscard]] Result<bool> read(ColumnId id, const std::function<bool(ByteReader&)>& parse);
    [[nodiscard]] Result<void> numbers(std::vector<Message>& messages);
    [[nodiscard]] Result<void> times(std::vector<Message>& messages);
    [[nodiscard]] Result<void> ids(std::vector<Message>& messages);
    [[nodiscard]] Result<void> texts(ColumnId id, std::vector<Message>& messages,
                                     std::string_view Message::*member);

    Decompressor m_decompressor;
    ReadBody m_readBody;
    BlockRow m_row;
    std::array<Entry, 32> m_entries;
    std::shared_ptr<ByteRoom> m_room;
    std::string m_packed;
};

} // namespace weir
