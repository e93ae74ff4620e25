// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QColor>
#include <QIcon>
#include <QPixmap>
#include <QString>

namespace weir {

/// An icon drawn from a stroke SVG (`:/icons/messages.svg`, or just `messages`) in the application palette's
/// text colour, or `color` where given. It follows a change of theme by itself. gui thread.
[[nodiscard]] QIcon themedIcon(const QString& name, const QColor& color = {});

/// The same once, `size` device-independent pixels square, for painting by hand.
[[nodiscard]] QPixmap themedPixmap(const QString& name, int size, const QColor& color, qreal ratio);

} // namespace weir
