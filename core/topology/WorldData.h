// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string_view>

namespace weir {

// The files of resources/world, as they are; see SOURCES.md there.
extern const std::string_view kPlacesText;
extern const std::string_view kRegionsText;
extern const std::string_view kWorldText;

} // namespace weir
