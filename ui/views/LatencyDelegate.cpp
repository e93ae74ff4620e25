// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/LatencyDelegate.h"

#include "ui/models/LatencyTableModel.h"
#include "ui/theme/ThemeColors.h"

#include <QPainter>

namespace weir {
namespace {

constexpr int kPadding = 10;
constexpr int kSample = 28; // px of line

} // namespace

void LatencyDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option,
                            const QModelIndex& index) const
{
    const ThemeColors& colors = ThemeColors::of(option.palette);
    const bool selected = option.state.testFlag(QStyle::State_Selected);
    if (selected)
        painter->fillRect(option.rect, colors.selection);
    QRect cell = option.rect.adjusted(kPadding, 0, -kPadding, 0);
    const auto column = static_cast<LatencyColumn>(index.column());
    if (column == LatencyColumn::Pop) {
        const int style = index.data(static_cast<int>(LatencyRole::Style)).toInt();
        painter->setPen(style < 0 ? QPen(colors.disabled, 1)
                                  : colors.seriesAt(static_cast<std::size_t>(style)).pen(2));
        painter->drawLine(cell.left(), cell.center().y(), cell.left() + kSample, cell.center().y());
        cell.setLeft(cell.left() + kSample + kPadding);
    }
    const bool muted = index.data(static_cast<int>(LatencyRole::Few)).toBool();
    painter->setPen(selected ? colors.selectionText : muted ? colors.muted : colors.text);
    painter->setFont(option.font);
    const auto alignment = Qt::AlignVCenter | (column == LatencyColumn::Pop ? Qt::AlignLeft : Qt::AlignRight);
    painter->drawText(
        cell, static_cast<int>(alignment),
        painter->fontMetrics().elidedText(index.data().toString(), Qt::ElideRight, cell.width()));
}

} // namespace weir
