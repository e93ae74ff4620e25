// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QColor>
#include <QPalette>

class QWidget;

namespace weir {

/// How much a widget's words ask for the eye.
enum class StateLevel { Normal, Good, Warning, Error };

/// Dresses `widget` for its level (style sheet property `state`). Its words must say the same.
void setStateLevel(QWidget* widget, StateLevel level);

/// The text colour of a level; the plain text colour for Normal.
[[nodiscard]] QColor stateColor(const QPalette& palette, StateLevel level);

} // namespace weir
