// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

#include <optional>

namespace weir {

/// How well `needle` fits `text` when its characters must come in order, upper and lower case alike; higher
/// is better, absent: it does not fit. Runs, word beginnings and an early start count for it.
[[nodiscard]] std::optional<int> fuzzyScore(const QString& needle, const QString& text);

} // namespace weir
