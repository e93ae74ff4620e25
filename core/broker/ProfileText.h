// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace weir {

/// `~`, `~/…`, `$VAR` and `${VAR}` replaced, as the `nats` CLI does; an unset variable becomes nothing.
[[nodiscard]] std::string expandPath(std::string_view path);

/// "op" of "op://vault/item"; empty when the text is no URI.
[[nodiscard]] std::string uriScheme(std::string_view text);

/// A comma-separated list of URLs, trimmed, without empty ones.
[[nodiscard]] std::vector<std::string> splitUrls(std::string_view list);

/// The text as it stands between the quotes of a JSON string. nats.c 3.4 puts user, password and token into
/// CONNECT as they are (src/conn.c, _connectProto), so a quote in a password would break the protocol.
[[nodiscard]] std::string jsonEscaped(std::string_view text);

/// %XX replaced, as in the user information of a URL.
[[nodiscard]] std::string percentDecoded(std::string_view text);

} // namespace weir
