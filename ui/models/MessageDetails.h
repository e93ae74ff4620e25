// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/capture/Message.h"
#include "core/identity/IdentityTable.h"

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace weir {

struct Names;

/// One message with everything that the history keeps of it, owned: made on a reader's thread, shown on the
/// gui thread. Immutable once handed on.
struct MessageDetails
{
    std::uint64_t seq = 0;
    Timestamp time = kNoTime;
    Timestamp sent = kNoTime;
    Timestamp stored = kNoTime;
    std::uint64_t streamSeq = 0;
    std::string stream; ///< empty where only its number is known
    std::uint32_t headerSize = 0;
    std::uint32_t payloadSize = 0;
    Evidence evidence = Evidence::Unknown;
    std::string subject;
    std::string pop;
    std::string worker;
    std::string reply;
    std::string trace;
    Identity identity;
    std::string status; ///< of the header block's first line, e.g. "503 No Responders"
    /// Name and value of each header as written; a line that is no header has an empty name.
    std::vector<std::pair<std::string, std::string>> headers;
    std::string payload;

    [[nodiscard]] Nanoseconds latency() const { return latencyOf(sent, stored, time); }
};

[[nodiscard]] MessageDetails toDetails(const Message& message, const Names& names);

/// How strongly it is known who sent `message`, at the time when it came.
[[nodiscard]] Evidence evidenceOf(const Identity& identity, Evidence written, Timestamp time);

} // namespace weir
