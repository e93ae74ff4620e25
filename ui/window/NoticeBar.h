// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QFrame>

class QLabel;
class QToolButton;

namespace weir {

/// One line above the pages about something that went wrong. A passing notice is closed by its reader; a
/// standing one (the store refuses) stays until its cause is gone.
class NoticeBar : public QFrame
{
    Q_OBJECT
public:
    explicit NoticeBar(QWidget* parent = nullptr);

    /// Shows `line` until the reader closes it.
    void notify(const QString& line);
    /// Shows `line` as long as it stands; empty ends it. Goes before passing notices.
    void setStanding(const QString& line);
    [[nodiscard]] QString text() const;

protected:
    void changeEvent(QEvent* event) override;

private:
    void refresh();

    QLabel* m_icon;
    QLabel* m_label;
    QToolButton* m_close;
    QString m_standing;
    QString m_passing;
};

} // namespace weir
