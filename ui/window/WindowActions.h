// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/theme/Theme.h"

#include <QList>
#include <QObject>

#include <functional>

class QAction;
class QMenu;
class QMenuBar;

namespace weir {

struct Command;

/// The window's actions: each in a menu, with a shortcut, and in the command palette.
class WindowActions : public QObject
{
    Q_OBJECT
public:
    explicit WindowActions(QMenuBar& bar);

    /// Adds an action to the menu of that title, making the menu on its first use.
    QAction* add(const QString& menu, const QString& name, const QString& text, const QString& shortcut,
                 std::function<void()> run);
    void addSeparator(const QString& menu);
    void addThemes(Theme& theme);
    /// Every action as a command of the palette, the pages first.
    [[nodiscard]] QList<Command> commands() const;

private:
    QMenu* menuNamed(const QString& title);

    QMenuBar& m_bar;
    QList<QMenu*> m_menus;
    QList<QAction*> m_actions;
};

} // namespace weir
