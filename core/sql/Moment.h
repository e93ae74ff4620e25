// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Time.h"

#include <optional>
#include <string_view>

namespace weir {

/// The collation of columns that hold moments.
inline constexpr const char* kMomentCollation = "weir_time";

/// The moment that a text in SQL means: RFC 3339, and what SQLite's own date functions print
/// (`2026-11-20 23:45:08`, without a zone: UTC). Nothing where it is none.
[[nodiscard]] std::optional<Timestamp> momentOf(std::string_view text);

/// Compares texts by the moments that they mean, so that it does not matter how they are written; what is no
/// moment comes after all moments, byte by byte. Negative, 0 or positive.
[[nodiscard]] int compareMoments(std::string_view a, std::string_view b);

} // namespace weir
