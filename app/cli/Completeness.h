// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/history/HistoryReader.h"

namespace weir::cli {

/// Says on stderr what [from, to) lacks: gaps, and what lies beyond all that was ever recorded. Whether it
/// lacks anything.
[[nodiscard]] bool tellMissing(HistoryReader& reader, Timestamp from, Timestamp to);

} // namespace weir::cli
