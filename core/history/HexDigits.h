// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>

namespace weir {

/// Lower-case hex digits to half the bytes, the first digit in the high half; an odd last one is followed by
/// a zero half. Returns the place after what was written, (count + 1) / 2 bytes.
char* packHex(const char* digits, std::size_t count, char* to);

/// The reverse: writes `count` digits.
char* unpackHex(const char* packed, std::size_t count, char* to);

} // namespace weir
