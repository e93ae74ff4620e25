// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/LatencyDelegate.h"

#include "ui/models/LatencyTableModel.h"
#include "ui/theme/ThemeColors.h"

#include <QPainter>

#include <algorithm>

namespace weir {
namespace {

constexpr int kPadding = 10;
constexpr int kSample = 28; // px of line
constexpr int kEdge = 3;    // px of the mark at the left of a slow PoP's row

/// p50 to p90 as a bar, fainter on to p99, a hair to the slowest.
void paintSpread(QPainter& painter, const QRect& cell, const QList<double>& places, const QColor& ink)
{
    if (places.size() != 4)
        return;
    const auto x = [&](qsizetype i) { return cell.left() + places[i] * (cell.width() - 1); };
    const double middle = cell.center().y() + 0.5;
    const auto bar = [&](qsizetype from, qsizetype to, double half, float share) {
        QColor color = ink;
        color.setAlphaF(share);
        painter.fillRect(QRectF(x(from), middle - half, std::max(1.0, x(to) - x(from)), 2 * half), color);
    };
    bar(2, 3, 0.5, 0.8F);
    bar(1, 2, 3, 0.45F);
    bar(0, 1, 3, 1);
}

/// The line's sample, the name, and for a slow PoP the word that says so.
void paintPop(QPainter& painter, QRect cell, const QModelIndex& index, const ThemeColors& colors,
              bool selected)
{
    const int style = index.data(static_cast<int>(LatencyRole::Style)).toInt();
    painter.setPen(style < 0 ? QPen(colors.disabled, 1)
                             : colors.seriesAt(static_cast<std::size_t>(style)).pen(2));
    painter.drawLine(cell.left(), cell.center().y(), cell.left() + kSample, cell.center().y());
    cell.setLeft(cell.left() + kSample + kPadding);
    const bool slow = index.data(static_cast<int>(LatencyRole::Slow)).toDouble() > 0;
    painter.setPen(selected ? colors.selectionText : colors.text);
    if (slow) {
        QFont bold = painter.font();
        bold.setBold(true);
        painter.setFont(bold);
        const QString word = LatencyDelegate::tr("slow");
        painter.setPen(selected ? colors.selectionText : colors.warning);
        painter.drawText(cell, Qt::AlignVCenter | Qt::AlignRight, word);
        cell.setRight(cell.right() - painter.fontMetrics().horizontalAdvance(word) - kPadding / 2);
    }
    painter.drawText(cell, Qt::AlignVCenter | Qt::AlignLeft,
                     painter.fontMetrics().elidedText(index.data().toString(), Qt::ElideRight, cell.width()));
}

} // namespace

void LatencyDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option,
                            const QModelIndex& index) const
{
    const ThemeColors& colors = ThemeColors::of(option.palette);
    const bool selected = option.state.testFlag(QStyle::State_Selected);
    const bool slow = index.data(static_cast<int>(LatencyRole::Slow)).toDouble() > 0;
    if (selected)
        painter->fillRect(option.rect, colors.selection);
    const QRect cell = option.rect.adjusted(kPadding, 0, -kPadding, 0);
    painter->setFont(option.font);
    switch (static_cast<LatencyColumn>(index.column())) {
    case LatencyColumn::Pop:
        if (slow)
            painter->fillRect(option.rect.left(), option.rect.top(), kEdge, option.rect.height(),
                              colors.warning);
        return paintPop(*painter, cell, index, colors, selected);
    case LatencyColumn::Spread:
        return paintSpread(*painter, cell,
                           index.data(static_cast<int>(LatencyRole::Spread)).value<QList<double>>(),
                           selected ? colors.selectionText
                           : slow   ? colors.warning
                                    : colors.accent);
    default:
        break;
    }
    const bool judged = index.data(static_cast<int>(LatencyRole::Judged)).toBool();
    const bool muted = index.data(static_cast<int>(LatencyRole::Few)).toBool();
    if (judged) {
        QFont bold = option.font;
        bold.setBold(true);
        painter->setFont(bold);
    }
    painter->setPen(selected ? colors.selectionText
                    : judged ? colors.warning
                    : muted  ? colors.muted
                             : colors.text);
    painter->drawText(
        cell, Qt::AlignVCenter | Qt::AlignRight,
        painter->fontMetrics().elidedText(index.data().toString(), Qt::ElideRight, cell.width()));
}

} // namespace weir
