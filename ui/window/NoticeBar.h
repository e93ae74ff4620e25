// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QFrame>

#include <functional>

class QLabel;
class QPushButton;
class QToolButton;

namespace weir {

/// A way on from what went wrong, offered as a button.
struct NoticeAction
{
    QString text;
    QString meaning; ///< for its tool tip
    std::function<void()> run;
};

/// One line above the pages about something that went wrong. A passing notice is closed by its reader; a
/// standing one (the store refuses) stays until its cause is gone.
class NoticeBar : public QFrame
{
    Q_OBJECT
public:
    explicit NoticeBar(QWidget* parent = nullptr);

    /// Shows `line` until the reader closes it or takes `action`.
    void notify(const QString& line, NoticeAction action = {});
    /// Shows `line` as long as it stands; empty ends it. Goes before passing notices.
    void setStanding(const QString& line);
    [[nodiscard]] QString text() const;

protected:
    void changeEvent(QEvent* event) override;

private:
    void refresh();

    QLabel* m_icon;
    QLabel* m_label;
    QPushButton* m_do;
    QToolButton* m_close;
    NoticeAction m_action;
    QString m_standing;
    QString m_passing;
};

} // namespace weir
