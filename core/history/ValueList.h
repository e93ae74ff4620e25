// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/history/Bytes.h"

#include <cstdint>
#include <deque>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace weir {

/// Bytes that views point into: what lies in it never moves.
using ByteRoom = std::deque<std::string>;

/// How a list of byte strings is laid out (FORMAT.md, "Value lists"). Stored: append only, never renumber.
enum class ValueLayout : std::uint8_t {
    Same = 0,    ///< one value for all rows
    Text = 1,    ///< lengths, then bytes
    Aligned = 2, ///< one length; each position is constant, a hex digit (kept in half a byte) or a byte
};

/// Appends `values` (any bytes) to `out` in the layout that packs best: machine-made values of one shape
/// (trace ids, timestamps, UUIDs) lose their constant parts and half of each hex digit.
void appendValues(std::span<const std::string_view> values, std::string& out);

/// Reads `count` values that appendValues() wrote. The views point into the bytes that `in` reads or into
/// `room`, whose contents must live as long as they are used. False when the bytes do not make sense.
[[nodiscard]] bool readValues(ByteReader& in, std::size_t count, std::vector<std::string_view>& values,
                              ByteRoom& room);

} // namespace weir
