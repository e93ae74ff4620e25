// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Time.h"

#include <cstdint>
#include <string_view>

namespace weir {

/// One message as a broker handed it over. The views are borrowed: valid only as long as their owner says
/// (the call to MessageQueue::push, or the Chunk they lie in).
struct RawMessage
{
    Timestamp time = kNoTime;    ///< when Weir received it
    Timestamp stored = kNoTime;  ///< when the broker's stream stored it, where it says so
    std::uint64_t streamSeq = 0; ///< the broker's stream sequence; 0 outside streams
    std::string_view subject;
    std::string_view reply;
    /// The NATS header block as on the wire, `NATS/1.0…\r\nName: value\r\n\r\n`; empty without headers.
    /// May be malformed: a broken proxy's bytes are kept, not judged.
    std::string_view headers;
    std::string_view payload;
};

} // namespace weir
