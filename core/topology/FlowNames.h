// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>

namespace weir {

/// A name that anybody may have chosen, fit to be shown on one line, as UTF-8: controls, direction overrides
/// and what else cannot be seen are spelled out (`\n`, `\u{202e}`), bytes that are not UTF-8 too (`\xff`),
/// heaps of marks cut; of at most `limit` bytes of it.
[[nodiscard]] std::string harmlessName(std::string_view name, std::size_t limit = 256);

} // namespace weir
