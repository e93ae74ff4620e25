// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace weir {

/// Decodes unpadded base64url (RFC 7515 section 2); nothing for any other character, padding, or an
/// impossible length.
[[nodiscard]] std::optional<std::string> decodeBase64Url(std::string_view text);
[[nodiscard]] std::string encodeBase64Url(std::string_view bytes);

/// Lower-case hex of the SHA-256 of `bytes`.
[[nodiscard]] std::string sha256Hex(std::string_view bytes);

} // namespace weir
