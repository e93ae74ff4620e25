// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/WindowActions.h"

#include "ui/dialogs/CommandPalette.h"

#include <QAction>
#include <QActionGroup>
#include <QMenu>
#include <QMenuBar>

#include <algorithm>

namespace weir {

WindowActions::WindowActions(QMenuBar& bar) : QObject(&bar), m_bar(bar)
{
    // In the order of the menu bar.
    for (const QString& title : {tr("&Session"), tr("&Go"), tr("&View")})
        menuNamed(title);
}

QMenu* WindowActions::menuNamed(const QString& title)
{
    for (QMenu* menu : m_menus) {
        if (menu->title() == title)
            return menu;
    }
    QMenu* menu = m_bar.addMenu(title);
    m_menus.append(menu);
    return menu;
}

QAction* WindowActions::add(const QString& menu, const QString& name, const QString& text,
                            const QString& shortcut, std::function<void()> run)
{
    QAction* action = menuNamed(menu)->addAction(text);
    action->setObjectName(name);
    if (!shortcut.isEmpty())
        action->setShortcut(QKeySequence(shortcut));
    connect(action, &QAction::triggered, this, [run = std::move(run)] { run(); });
    m_actions.append(action);
    return action;
}

void WindowActions::addSeparator(const QString& menu)
{
    menuNamed(menu)->addSeparator();
}

void WindowActions::addThemes(Theme& theme)
{
    addSeparator(tr("&View"));
    auto* group = new QActionGroup(this);
    const struct
    {
        ThemeMode mode;
        const char* name;
        QString text;
    } kModes[] = {{ThemeMode::System, "themeSystem", tr("Theme: as the &desktop")},
                  {ThemeMode::Light, "themeLight", tr("Theme: &light")},
                  {ThemeMode::Dark, "themeDark", tr("Theme: dar&k")}};
    for (const auto& [mode, name, text] : kModes) {
        QAction* action =
            add(tr("&View"), QLatin1String(name), text, {}, [&theme, m = mode] { theme.setMode(m); });
        action->setCheckable(true);
        action->setChecked(theme.mode() == mode);
        group->addAction(action);
    }
}

QList<Command> WindowActions::commands() const
{
    QList<Command> commands;
    for (QAction* action : m_actions) {
        if (!action->isEnabled())
            continue;
        QString title = action->text();
        title.remove(QLatin1Char('&'));
        const bool page = action->objectName().startsWith(QLatin1String("goto"));
        commands.append({title, page ? tr("Page") : tr("Action"),
                         action->shortcut().toString(QKeySequence::NativeText),
                         [action] { action->trigger(); }});
    }
    std::stable_partition(commands.begin(), commands.end(),
                          [](const Command& command) { return command.group == tr("Page"); });
    return commands;
}

} // namespace weir
