// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/capture/Message.h"
#include "core/envelope/Names.h"
#include "core/sql/MessageColumns.h"

#include <cstdint>
#include <string>
#include <unordered_map>

struct sqlite3_context;

namespace weir {

/// Gives SQLite the values of messages. One cursor's.
class MessageValues
{
public:
    void give(sqlite3_context* context, MessageColumn column, const Message& message, const Names& names);

private:
    struct Sender
    {
        std::string name;
        std::string issuer;
        std::string account;
    };
    [[nodiscard]] const Sender& senderOf(const Message& message, const Names& names);

    std::unordered_map<std::uint32_t, Sender> m_senders; ///< by identity
    std::string m_json;
};

} // namespace weir
