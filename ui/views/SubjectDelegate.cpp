// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/SubjectDelegate.h"

#include "ui/models/SubjectsModel.h"
#include "ui/theme/Theme.h"
#include "ui/theme/ThemeColors.h"

#include <QPainter>
#include <QPolygonF>

#include <algorithm>

namespace weir {
namespace {

constexpr int kPadding = 8;
constexpr int kSeconds = 60;

/// The newest second at the right edge; each graph is scaled to its own highest second, its base line is 0.
void paintSparkline(QPainter& painter, const QRect& box, const QList<quint32>& counts, const QColor& ink)
{
    const quint32 highest = counts.isEmpty() ? 0 : *std::max_element(counts.begin(), counts.end());
    const double step = box.width() / static_cast<double>(kSeconds - 1);
    const double base = box.bottom() + 0.5;
    QPolygonF line;
    for (qsizetype i = 0; highest > 0 && i < counts.size(); ++i) {
        const double x = box.right() - step * static_cast<double>(counts.size() - 1 - i);
        line << QPointF(x, base - static_cast<double>(counts[i]) / highest * (box.height() - 1));
    }
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    QColor fill = ink;
    fill.setAlphaF(0.22F);
    if (line.size() > 1) {
        QPolygonF area = line;
        area << QPointF(line.last().x(), base) << QPointF(line.first().x(), base);
        painter.setPen(Qt::NoPen);
        painter.setBrush(fill);
        painter.drawPolygon(area);
        painter.setPen(QPen(ink, 1.2));
        painter.drawPolyline(line);
    } else {
        painter.setPen(QPen(fill, 1));
        painter.drawLine(QPointF(box.left(), base), QPointF(box.right(), base));
    }
    painter.restore();
}

} // namespace

void SubjectDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option,
                            const QModelIndex& index) const
{
    const ThemeColors& colors = ThemeColors::of(option.palette);
    const bool selected = option.state.testFlag(QStyle::State_Selected);
    const auto column = static_cast<SubjectColumn>(index.column());
    if (selected)
        painter->fillRect(option.rect, colors.selection);
    const QRect cell = option.rect.adjusted(column == SubjectColumn::Subject ? 2 : kPadding, 0, -kPadding, 0);
    if (column == SubjectColumn::Trend) {
        const auto counts = index.data(static_cast<int>(SubjectRole::Sparkline)).value<QList<quint32>>();
        paintSparkline(*painter, cell.adjusted(0, 4, 0, -4), counts,
                       selected ? colors.selectionText : colors.accent);
        return;
    }
    const bool quiet = index.data(static_cast<int>(SubjectRole::Quiet)).toBool();
    const bool figure = column == SubjectColumn::Rate || column == SubjectColumn::Bandwidth;
    const bool unknown = column == SubjectColumn::Subscribers &&
                         !index.data(static_cast<int>(SubjectRole::AudienceKnown)).toBool();
    const auto kind = static_cast<SubjectNode::Kind>(index.data(static_cast<int>(SubjectRole::Kind)).toInt());
    QFont font = option.font;
    font.setItalic(column == SubjectColumn::Subject && kind != SubjectNode::Kind::Token);
    painter->setFont(font);
    painter->setPen(selected                       ? colors.selectionText
                    : (quiet && figure) || unknown ? colors.muted
                                                   : colors.text);
    const auto left = column == SubjectColumn::Subject ? Qt::AlignLeft : Qt::AlignRight;
    painter->drawText(
        cell, static_cast<int>(Qt::AlignVCenter | left),
        painter->fontMetrics().elidedText(index.data().toString(), Qt::ElideMiddle, cell.width()));
}

QSize SubjectDelegate::sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const
{
    return {QStyledItemDelegate::sizeHint(option, index).width(), Theme::rowHeight()};
}

} // namespace weir
