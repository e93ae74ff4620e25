// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/theme/Theme.h"

#include "ui/theme/ThemeColors.h"

#include <QApplication>
#include <QFile>
#include <QFontDatabase>
#include <QFontMetrics>
#include <QPixmapCache>
#include <QSettings>
#include <QStyleFactory>

#include <algorithm>
#include <utility>

/// Outside every namespace, as Q_INIT_RESOURCE asks; a static library's resources do not register themselves.
static void registerResources()
{
    Q_INIT_RESOURCE(weir_ui);
}

namespace weir {

namespace {

constexpr auto kModeKey = "theme/mode";

QString modeName(ThemeMode mode)
{
    switch (mode) {
    case ThemeMode::Light:
        return QStringLiteral("light");
    case ThemeMode::Dark:
        return QStringLiteral("dark");
    case ThemeMode::System:
        break;
    }
    return QStringLiteral("system");
}

ThemeMode modeNamed(const QString& name)
{
    if (name == QLatin1String("light"))
        return ThemeMode::Light;
    return name == QLatin1String("dark") ? ThemeMode::Dark : ThemeMode::System;
}

QString styleSheetFor(const ThemeColors& c)
{
    QFile file(QStringLiteral(":/themes/weir.qss"));
    if (!file.open(QIODevice::ReadOnly))
        return {};
    QString sheet = QString::fromUtf8(file.readAll());
    // Longer names first: "@accentText" must not be taken for "@accent".
    const std::pair<const char*, QColor> names[] = {{"@selectionText", c.selectionText},
                                                    {"@accentText", c.accentText},
                                                    {"@selection", c.selection},
                                                    {"@alternate", c.alternate},
                                                    {"@disabled", c.disabled},
                                                    {"@accent", c.accent},
                                                    {"@border", c.border},
                                                    {"@window", c.window},
                                                    {"@raised", c.raised},
                                                    {"@muted", c.muted},
                                                    {"@focus", c.focus},
                                                    {"@text", c.text},
                                                    {"@base", c.base},
                                                    {"@warning", c.warning},
                                                    {"@error", c.error},
                                                    {"@ok", c.ok}};
    for (const auto& [name, color] : names)
        sheet.replace(QLatin1String(name), color.name());
    return sheet.replace(QLatin1String("@mode"), QLatin1String(c.dark ? "dark" : "light"));
}

/// What the desktop's own palette looks like, with ours taken off for a moment.
bool desktopIsDark(QApplication& application)
{
    application.setPalette(QPalette());
    return application.palette().color(QPalette::Window).lightness() < 128;
}

} // namespace

Theme::Theme(QApplication& application, QSettings& settings, QObject* parent)
    : QObject(parent),
      m_application(application),
      m_settings(settings),
      m_mode(modeNamed(settings.value(QLatin1String(kModeKey)).toString()))
{
    registerResources();
    QApplication::setStyle(QStyleFactory::create(QStringLiteral("Fusion")));
    m_systemDark = desktopIsDark(m_application);
    apply();
}

const ThemeColors& Theme::colors() const
{
    const bool dark = m_mode == ThemeMode::Dark || (m_mode == ThemeMode::System && m_systemDark);
    return dark ? ThemeColors::darkTheme() : ThemeColors::light();
}

void Theme::setMode(ThemeMode mode)
{
    if (mode == m_mode)
        return;
    m_mode = mode;
    m_settings.setValue(QLatin1String(kModeKey), modeName(mode));
    apply();
}

void Theme::followSystem()
{
    m_systemDark = desktopIsDark(m_application);
    apply();
}

void Theme::apply()
{
    QPixmapCache::clear();
    QApplication::setPalette(colors().palette());
    m_application.setStyleSheet(styleSheetFor(colors()));
    emit changed();
}

QFont Theme::dataFont()
{
    QFont font = QFontDatabase::systemFont(QFontDatabase::FixedFont);
    font.setFamilies({QStringLiteral("JetBrains Mono"), QStringLiteral("Cascadia Mono"),
                      QStringLiteral("DejaVu Sans Mono"), font.family()});
    font.setStyleHint(QFont::Monospace);
    font.setPointSizeF(std::max(7.0, QApplication::font().pointSizeF()));
    return font;
}

int Theme::rowHeight()
{
    return std::max(20, QFontMetrics(QApplication::font()).height() + 6);
}

} // namespace weir
