// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/history/Bytes.h"
#include "core/history/ValueList.h"

#include <span>
#include <string_view>
#include <vector>

namespace weir {

/// Reads what HeaderPacker wrote: one view into `room` for each of `wanted`, rows that ascend. `traces` are
/// of all rows. False when the bytes do not make sense.
[[nodiscard]] bool unpackHeaders(ByteReader& in, std::span<const std::string_view> traces,
                                 std::span<const std::uint32_t> wanted,
                                 std::vector<std::string_view>& headers, ByteRoom& room);

} // namespace weir
