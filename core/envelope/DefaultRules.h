// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string_view>

namespace weir {

/// The bytes of resources/envelope-rules.json, compiled in.
extern const std::string_view kDefaultRules;

} // namespace weir
