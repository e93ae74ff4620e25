// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Result.h"
#include "core/base/Time.h"

#include <QLineEdit>

namespace weir {

/// A field for a moment, filled with `time`. gui thread.
[[nodiscard]] QLineEdit* momentField(const QString& name, const QString& label, Timestamp time,
                                     QWidget* parent);
/// Reads it: what parseMoment() reads, or `HH:MM[:SS[.fff]]` on the day of `now`, UTC, the day before where
/// that would lie ahead.
[[nodiscard]] Result<Timestamp> readMoment(const QString& text, Timestamp now);
/// What may be written there, in words.
[[nodiscard]] QString momentHint();

} // namespace weir
