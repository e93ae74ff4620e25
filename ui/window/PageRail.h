// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

class QButtonGroup;
class QVBoxLayout;

namespace weir {

/// The left rail: one button a page. Arrow keys move along it, the digits 1 to 9 jump while it has the focus.
class PageRail : public QWidget
{
    Q_OBJECT
public:
    explicit PageRail(QWidget* parent = nullptr);

    void addPage(const QString& title, const QString& iconName);
    [[nodiscard]] int current() const;
    void setCurrent(int index);
    /// Gives the keyboard to the chosen page's button.
    void focusCurrent();

signals:
    void chosen(int index);

protected:
    void keyPressEvent(QKeyEvent* event) override;

private:
    QVBoxLayout* m_layout;
    QButtonGroup* m_group;
};

} // namespace weir
