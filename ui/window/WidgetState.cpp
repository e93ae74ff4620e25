// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/WidgetState.h"

#include "ui/theme/ThemeColors.h"

#include <QStyle>
#include <QWidget>

namespace weir {

namespace {

QString nameOf(StateLevel level)
{
    switch (level) {
    case StateLevel::Normal:
        return {};
    case StateLevel::Good:
        return QStringLiteral("ok");
    case StateLevel::Warning:
        return QStringLiteral("warning");
    case StateLevel::Error:
        return QStringLiteral("error");
    }
    return {};
}

} // namespace

void setStateLevel(QWidget* widget, StateLevel level)
{
    const QString name = nameOf(level);
    if (widget->property("state").toString() == name)
        return;
    widget->setProperty("state", name);
    widget->style()->unpolish(widget);
    widget->style()->polish(widget);
    widget->update();
}

QColor stateColor(const QPalette& palette, StateLevel level)
{
    const ThemeColors& colors = ThemeColors::of(palette);
    switch (level) {
    case StateLevel::Normal:
        return colors.text;
    case StateLevel::Good:
        return colors.ok;
    case StateLevel::Warning:
        return colors.warning;
    case StateLevel::Error:
        return colors.error;
    }
    return colors.text;
}

} // namespace weir
