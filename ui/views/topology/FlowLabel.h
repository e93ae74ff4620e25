// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QFontMetricsF>
#include <QStringList>

namespace weir {

/// A name in at most `most` lines of `width` px: broken after a dot, dash or the like where that fits, else
/// anywhere; what is too long all the same loses its middle.
[[nodiscard]] QStringList flowLabel(const QString& name, const QFontMetricsF& metrics, double width,
                                    int most);

/// Whether a name has parts that it may be broken between.
[[nodiscard]] bool hasParts(const QString& name);

} // namespace weir
