// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Result.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace weir {

/// Whether every subject that `narrow` matches is matched by `wide` too (NATS wildcards: `*` one token, `>`
/// one or more at the end).
[[nodiscard]] bool patternCovers(std::string_view wide, std::string_view narrow);

/// Whether some subject is matched by both.
[[nodiscard]] bool patternsMeet(std::string_view a, std::string_view b);

/// The subjects that both match, as a pattern; none where there are none.
[[nodiscard]] std::optional<std::string> patternsMeeting(std::string_view a, std::string_view b);

/// Checks what a user wants to subscribe to and leaves out what another of them covers: NATS delivers a
/// message once for each subscription that matches it, so it would be taken twice.
[[nodiscard]] Result<std::vector<std::string>> withoutCovered(const std::vector<std::string>& subjects);

} // namespace weir
