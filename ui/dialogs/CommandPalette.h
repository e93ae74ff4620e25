// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QDialog>
#include <QList>
#include <QString>

#include <functional>

class QLineEdit;
class QListView;
class QStandardItemModel;

namespace weir {

/// One thing that the palette can do.
struct Command
{
    QString title;
    QString group;    ///< "Page", "Action", "Subject", …
    QString shortcut; ///< may be empty
    std::function<void()> run;
};

/// Ctrl+K: finds any command by a few of its letters; Enter does it.
class CommandPalette : public QDialog
{
    Q_OBJECT
public:
    explicit CommandPalette(QList<Command> commands, QWidget* parent = nullptr);

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;
    void paintEvent(QPaintEvent* event) override;

private:
    void refill();
    void runCurrent();

    QList<Command> m_commands;
    QLineEdit* m_search;
    QListView* m_list;
    QStandardItemModel* m_model;
};

} // namespace weir
