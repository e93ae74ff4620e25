// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace weir {

/// CRC-32C (Castagnoli; RFC 3720, appendix B.4) of `bytes`, continuing from `seed`. Any single flipped bit
/// changes it. Uses the processor's instruction where there is one.
[[nodiscard]] std::uint32_t crc32c(std::string_view bytes, std::uint32_t seed = 0);

/// Puts the checksum of `bytes` after them, as 4 bytes.
void appendCrc32c(std::string& bytes);
/// What appendCrc32c() was given; nothing where the checksum differs.
[[nodiscard]] std::optional<std::string_view> withoutCrc32c(std::string_view bytes);

} // namespace weir
