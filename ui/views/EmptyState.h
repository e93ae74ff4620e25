// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

#include <functional>

class QLabel;
class QProgressBar;
class QPushButton;

namespace weir {

/// What a view shows when it has nothing to draw: an icon, one bold line of what is the case, one line of
/// why, and where there is a next thing to do, the one button that does it. Empty, loading and error are told
/// apart by icon, words and a busy bar, never by colour alone.
class EmptyState : public QWidget
{
    Q_OBJECT
public:
    /// The next thing to do.
    struct Offer
    {
        QString text;
        std::function<void()> run;
    };

    /// `icon` stands for the view, e.g. "messages"; none in a view that has no icon.
    explicit EmptyState(QWidget* parent = nullptr, QString icon = {});

    void showEmpty(const QString& title, const QString& hint, const Offer& offer = {});
    void showLoading(const QString& title, const QString& hint = {});
    void showError(const QString& title, const QString& why, const Offer& offer = {});

    [[nodiscard]] QString title() const;

protected:
    void changeEvent(QEvent* event) override;

private:
    void show(const QString& icon, const QString& title, const QString& hint, bool busy, const Offer& offer);
    void drawIcon();

    QString m_ownIcon;
    QString m_shownIcon;
    std::function<void()> m_run;
    QLabel* m_icon;
    QLabel* m_title;
    QLabel* m_hint;
    QProgressBar* m_busy;
    QPushButton* m_button;
};

} // namespace weir
