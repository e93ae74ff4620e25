// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

class QLabel;
class QProgressBar;

namespace weir {

/// What a view shows when it has nothing to draw: one bold line of what is the case, one line of why and what
/// to do. Empty, loading and error are told apart by their words and a busy bar, never by colour alone.
class EmptyState : public QWidget
{
    Q_OBJECT
public:
    explicit EmptyState(QWidget* parent = nullptr);

    void showEmpty(const QString& title, const QString& hint);
    void showLoading(const QString& title, const QString& hint = {});
    void showError(const QString& title, const QString& why);

    [[nodiscard]] QString title() const;

private:
    void show(const QString& title, const QString& hint, bool busy);

    QLabel* m_title;
    QLabel* m_hint;
    QProgressBar* m_busy;
};

} // namespace weir
