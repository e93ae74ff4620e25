// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Result.h"
#include "core/capture/Message.h"
#include "core/history/BlockFormat.h"

#include <span>

namespace weir {

/// Reads `block` back as any reader would and compares it with what went in: before the blocks that it takes
/// the place of are removed.
[[nodiscard]] Result<void> readBack(const EncodedBlock& block, std::span<const Message* const> wanted);

} // namespace weir
