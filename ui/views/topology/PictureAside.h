// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

#include <functional>

class QLabel;
class QTreeWidget;

namespace weir {

/// A picture, and a short titled list of what is not in it: beside the picture or below it, whichever leaves
/// the picture larger. An empty list takes no room. gui thread.
class PictureAside : public QWidget
{
    Q_OBJECT
public:
    /// How large the picture draws what it shows where it has a room of so many px; in any unit.
    using Fit = std::function<double(const QSize& room)>;

    /// Both become its children. The first column of the list takes what the others leave.
    PictureAside(QWidget& picture, Fit fit, const QString& title, QTreeWidget& list, QWidget* parent);

    /// Rows came or went, or the picture shows something else.
    void arrange();
    [[nodiscard]] bool isBelow() const { return m_below; }
    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override;

protected:
    void resizeEvent(QResizeEvent* event) override;
    void changeEvent(QEvent* event) override;

private:
    /// Of the list with its title, below the picture.
    [[nodiscard]] int heightBelow() const;
    [[nodiscard]] QRect pictureRoom(bool below) const;

    QWidget& m_picture;
    const Fit m_fit;
    QWidget* m_aside;
    QLabel* m_title;
    QTreeWidget& m_list;
    bool m_below = false;
};

} // namespace weir
