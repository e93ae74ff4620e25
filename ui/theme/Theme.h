// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QFont>
#include <QObject>
#include <QString>

class QApplication;
class QSettings;

namespace weir {

struct ThemeColors;

enum class ThemeMode { System, Light, Dark };

/// Dresses the application: Fusion style, palette, a small style sheet, density. Follows the desktop's light
/// or dark look unless the user chose one; the choice is remembered in `settings` ("theme/mode"). Widgets
/// never ask this object for colours: they call ThemeColors::of(palette()) when they paint, and repaint on
/// QEvent::PaletteChange. gui thread.
class Theme : public QObject
{
    Q_OBJECT
public:
    /// Both must outlive the theme. Applies the remembered mode at once.
    Theme(QApplication& application, QSettings& settings, QObject* parent = nullptr);

    [[nodiscard]] ThemeMode mode() const { return m_mode; }
    [[nodiscard]] const ThemeColors& colors() const;
    void setMode(ThemeMode mode);
    /// The desktop changed its look (QEvent::ThemeChange at a window).
    void followSystem();

    /// The font for data: equal widths, at the application's size.
    [[nodiscard]] static QFont dataFont();
    /// Row height of tables and lists in device-independent pixels, from the font: 22 at the usual size.
    [[nodiscard]] static int rowHeight();

signals:
    void changed();

private:
    void apply();

    QApplication& m_application;
    QSettings& m_settings;
    ThemeMode m_mode = ThemeMode::System;
    bool m_systemDark = false;
};

} // namespace weir
