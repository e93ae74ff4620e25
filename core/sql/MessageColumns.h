// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/filter/Filter.h"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace weir {

/// The columns of table `messages`, in their order; from Filter on they are hidden.
enum class MessageColumn : std::uint8_t {
    Seq,
    Time,
    Subject,
    Pop,
    Worker,
    Identity,
    Evidence,
    Issuer,
    Account,
    Trace,
    LatencyUs,
    Size,
    Sent,
    Stored,
    Stream,
    StreamSeq,
    Reply,
    Headers,
    Payload,
    Filter,
    TimeNs,
    SentNs,
    StoredNs,
    HeadersRaw,
};

struct MessageColumnInfo
{
    MessageColumn column;
    std::string_view name;
    std::string_view type;
    ColumnSet needs; ///< of a message
    std::string_view meaning;
    [[nodiscard]] bool isHidden() const { return column >= MessageColumn::Filter; }
};

/// By number.
[[nodiscard]] std::span<const MessageColumnInfo> messageColumns();
/// `CREATE TABLE messages(…)`, for sqlite3_declare_vtab.
[[nodiscard]] std::string messagesDeclaration();
/// What must be read of messages for the columns whose bits are set in `used`.
[[nodiscard]] ColumnSet neededFor(std::uint32_t used);

[[nodiscard]] constexpr std::uint32_t usedBit(MessageColumn column)
{
    return 1U << static_cast<unsigned>(column);
}

} // namespace weir
