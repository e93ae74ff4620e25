// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/capture/Batch.h"
#include "core/history/ValueList.h"

#include <memory>
#include <vector>

namespace weir {

/// A batch of `messages`, which were chosen from a block whose columns lie in `storage`. Few of many are
/// copied out, so that they do not keep the whole block in memory.
[[nodiscard]] std::shared_ptr<const Batch> batchOf(std::vector<Message> messages,
                                                   std::shared_ptr<const Names> names,
                                                   std::shared_ptr<const ByteRoom> storage);

} // namespace weir
