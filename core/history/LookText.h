// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Result.h"
#include "core/broker/ObservedLook.h"

#include <string>
#include <string_view>

namespace weir {

/// A look as a history keeps it (FORMAT.md, "Looks at the broker"): one JSON object; what is empty or zero is
/// left out.
[[nodiscard]] std::string lookText(const ObservedLook& look);
[[nodiscard]] Result<ObservedLook> parseLook(std::string_view text);

} // namespace weir
