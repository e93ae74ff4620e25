// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/topology/PictureAside.h"

#include <QEvent>
#include <QHeaderView>
#include <QLabel>
#include <QStyle>
#include <QTreeWidget>
#include <QVBoxLayout>

#include <algorithm>

namespace weir {
namespace {

constexpr int kBeside = 230; // px
constexpr QMargins kAround(8, 6, 8, 6);
constexpr int kMostBelow = 4;     // a part of the height
constexpr int kLeastName = 140;   // px of the first column
constexpr int kApart = 16;        // px
constexpr int kLeastRows = 2;     // however low the window is
constexpr double kWorthIt = 1.05; // times larger: for less, nothing changes its place

} // namespace

PictureAside::PictureAside(QWidget& picture, Fit fit, const QString& title, QTreeWidget& list,
                           QWidget* parent)
    : QWidget(parent),
      m_picture(picture),
      m_fit(std::move(fit)),
      m_aside(new QWidget(this)),
      m_title(new QLabel(title, m_aside)),
      m_list(list)
{
    m_picture.setParent(this);
    m_list.setParent(m_aside);
    setTabOrder(&m_picture, &m_list);
    auto* column = new QVBoxLayout(m_aside);
    column->setContentsMargins(kAround);
    column->addWidget(m_title);
    column->addWidget(&m_list, 1);
    QFont bold = m_title->font();
    bold.setBold(true);
    m_title->setFont(bold);
    m_list.header()->setStretchLastSection(false);
    m_list.header()->setSectionResizeMode(QHeaderView::ResizeToContents);
    m_list.setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_aside->hide();
}

int PictureAside::heightBelow() const
{
    const int row = std::max(1, m_list.sizeHintForRow(0));
    const int others = kAround.top() + m_title->sizeHint().height() + m_aside->layout()->spacing() +
                       m_list.header()->sizeHint().height() + 2 * m_list.frameWidth() + kAround.bottom();
    const int rows = m_list.topLevelItemCount();
    const int fitting = std::max(kLeastRows, (height() / kMostBelow - others) / row);
    return others + std::min(rows, fitting) * row;
}

QRect PictureAside::pictureRoom(bool below) const
{
    const QRect room = below ? rect().adjusted(0, 0, 0, -heightBelow()) : rect().adjusted(0, 0, -kBeside, 0);
    return room.isValid() ? room : QRect();
}

void PictureAside::arrange()
{
    const bool listed = m_list.topLevelItemCount() > 0;
    m_aside->setVisible(listed);
    if (!listed) {
        m_picture.setGeometry(rect());
        return;
    }
    const double now = m_fit(pictureRoom(m_below).size());
    if (m_fit(pictureRoom(!m_below).size()) > kWorthIt * now)
        m_below = !m_below;
    const QRect room = pictureRoom(m_below);
    const QRect rest =
        m_below ? rect().adjusted(0, room.height(), 0, 0) : rect().adjusted(room.width(), 0, 0, 0);
    m_picture.setGeometry(QStyle::visualRect(layoutDirection(), rect(), room));
    m_aside->setGeometry(QStyle::visualRect(layoutDirection(), rect(), rest));
    // Figures stay near to their names, however wide the list is.
    m_list.header()->setSectionResizeMode(0, m_below ? QHeaderView::Fixed : QHeaderView::Stretch);
    if (m_below) {
        m_list.resizeColumnToContents(0);
        m_list.setColumnWidth(
            0, std::clamp(m_list.columnWidth(0) + kApart, kLeastName, std::max(kLeastName, width() / 2)));
    }
}

QSize PictureAside::sizeHint() const
{
    return m_picture.sizeHint();
}

QSize PictureAside::minimumSizeHint() const
{
    return m_picture.minimumSizeHint();
}

void PictureAside::resizeEvent(QResizeEvent* event)
{
    QWidget::resizeEvent(event);
    arrange();
}

void PictureAside::changeEvent(QEvent* event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::FontChange || event->type() == QEvent::LayoutDirectionChange)
        arrange();
}

} // namespace weir
