// SPDX-License-Identifier: GPL-3.0-or-later
// How HugeTableView draws itself.
#include "ui/theme/ThemeColors.h"
#include "ui/views/HugeTableView.h"

#include <QAbstractItemDelegate>
#include <QHeaderView>
#include <QPaintEvent>
#include <QPainter>
#include <QScrollBar>

namespace weir {
namespace {

constexpr int kPadding = 8; // px between a cell's edge and its text

} // namespace

void HugeTableView::paintEvent(QPaintEvent* event)
{
    QPainter painter(viewport());
    if (!model())
        return;
    const int first = std::max(firstShown(), rowAt(event->rect().top()));
    const int last = std::min(lastShown(), rowAt(event->rect().bottom()));
    for (int row = first; row <= last; ++row)
        paintRow(painter, row, {0, (row - firstShown()) * m_rowHeight, viewport()->width(), m_rowHeight});
}

void HugeTableView::paintRow(QPainter& painter, int row, const QRect& rect)
{
    const ThemeColors& colors = ThemeColors::of(palette());
    const QModelIndex lead = model()->index(row, 0, rootIndex());
    const bool selected = selectionModel() && selectionModel()->isRowSelected(row, rootIndex());
    if (selected)
        painter.fillRect(rect, colors.selection);
    const QVariant span = m_spanRole < 0 ? QVariant() : model()->data(lead, m_spanRole);
    if (span.isValid()) {
        paintSpan(painter, rect, span.toString(), selected);
    } else {
        QStyleOptionViewItem option;
        initViewItemOption(&option);
        option.state.setFlag(QStyle::State_Selected, selected);
        option.state.setFlag(QStyle::State_HasFocus, false);
        for (int column = 0; column < m_header->count(); ++column) {
            option.rect = QRect(m_header->sectionViewportPosition(column), rect.top(),
                                m_header->sectionSize(column), rect.height());
            const QModelIndex index = lead.siblingAtColumn(column);
            if (option.rect.intersects(rect))
                itemDelegateForIndex(index)->paint(&painter, option, index);
        }
    }
    if (hasFocus() && currentIndex().row() == row) {
        painter.setPen(colors.focus);
        painter.drawRect(rect.adjusted(0, 0, -1, -1));
    }
}

void HugeTableView::paintSpan(QPainter& painter, const QRect& rect, const QString& text, bool selected)
{
    const ThemeColors& colors = ThemeColors::of(palette());
    painter.save();
    painter.setClipRect(rect);
    if (!selected)
        painter.fillRect(rect, QBrush(colors.gap, Qt::BDiagPattern));
    QFont italic = font();
    italic.setItalic(true);
    painter.setFont(italic);
    const QString fitted =
        painter.fontMetrics().elidedText(text, Qt::ElideRight, rect.width() - 4 * kPadding);
    QRect box = painter.fontMetrics().boundingRect(fitted);
    box.setRect(rect.left() + kPadding, rect.top() + 1, box.width() + 2 * kPadding, rect.height() - 2);
    painter.fillRect(box, selected ? colors.selection : colors.base);
    painter.setPen(selected ? colors.selectionText : colors.text);
    painter.drawText(box, Qt::AlignCenter, fitted);
    painter.restore();
}

} // namespace weir
