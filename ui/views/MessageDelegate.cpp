// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/MessageDelegate.h"

#include "ui/models/Format.h"
#include "ui/models/MessageTableModel.h"
#include "ui/theme/Theme.h"
#include "ui/theme/ThemeColors.h"
#include "ui/views/EvidenceBadge.h"

#include <QPainter>

#include <algorithm>

namespace weir {
namespace {

constexpr int kPadding = 8;
constexpr int kBadge = 14;
constexpr int kRoomForName =
    150; // px that a name keeps, if it wants them, before the evidence's word gives way

bool usesDataFont(MessageColumn column)
{
    return column == MessageColumn::Time;
}

QColor evidenceColor(Evidence evidence, const ThemeColors& colors)
{
    return evidence == Evidence::Verified || evidence == Evidence::Vouched ? colors.ok : colors.muted;
}

/// The name with its badge before and the word behind it, the word only where both fit.
void paintIdentity(QPainter& painter, QRect cell, const QString& name, Evidence evidence,
                   const ThemeColors& colors, bool selected)
{
    const QColor ink = selected ? colors.selectionText : evidenceColor(evidence, colors);
    const QRectF badge(cell.left(), cell.center().y() - kBadge / 2.0 + 1, kBadge, kBadge);
    paintEvidence(painter, badge, evidence, ink, selected ? colors.selection : colors.base);
    cell.setLeft(cell.left() + kBadge + kPadding - 2);
    const QString word = evidenceWord(evidence);
    const int wordWidth = painter.fontMetrics().horizontalAdvance(word);
    const int nameWidth = std::min(kRoomForName, painter.fontMetrics().horizontalAdvance(name));
    const bool roomy = cell.width() >= wordWidth + kPadding + nameWidth;
    QRect nameBox = cell;
    if (roomy) {
        nameBox.setRight(cell.right() - wordWidth - kPadding);
        painter.setPen(selected ? colors.selectionText : colors.muted);
        painter.drawText(cell, Qt::AlignVCenter | Qt::AlignRight, word);
    }
    painter.setPen(selected ? colors.selectionText : colors.text);
    painter.drawText(nameBox, Qt::AlignVCenter | Qt::AlignLeft,
                     fittedIdentity(name, painter.fontMetrics(), nameBox.width()));
}

} // namespace

QString fittedIdentity(const QString& name, const QFontMetrics& metrics, int width)
{
    if (metrics.horizontalAdvance(name) <= width)
        return name;
    const qsizetype issuer = name.lastIndexOf(QLatin1Char('@'));
    const QString stem = issuer > 0 ? name.left(issuer) + QChar(0x2026) : name;
    return metrics.elidedText(stem, issuer > 0 ? Qt::ElideLeft : Qt::ElideMiddle, width);
}

void MessageDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option,
                            const QModelIndex& index) const
{
    const ThemeColors& colors = ThemeColors::of(option.palette);
    const auto column = static_cast<MessageColumn>(index.column());
    const bool selected = option.state.testFlag(QStyle::State_Selected);
    const QRect cell = option.rect.adjusted(kPadding, 0, -kPadding, 0);
    const QString text = index.data().toString();
    painter->setFont(usesDataFont(column) ? Theme::dataFont() : option.font);
    if (column == MessageColumn::Identity) {
        const QVariant evidence = index.data(static_cast<int>(MessageRole::EvidenceLevel));
        if (evidence.isValid())
            paintIdentity(*painter, cell, text, static_cast<Evidence>(evidence.toInt()), colors, selected);
        return;
    }
    const bool muted = index.data(static_cast<int>(MessageRole::Muted)).toBool();
    painter->setPen(selected ? colors.selectionText : muted ? colors.muted : colors.text);
    const bool right = column == MessageColumn::Latency || column == MessageColumn::Size;
    const auto elide = column == MessageColumn::Subject ? Qt::ElideMiddle : Qt::ElideRight;
    painter->drawText(cell, static_cast<int>(Qt::AlignVCenter | (right ? Qt::AlignRight : Qt::AlignLeft)),
                      painter->fontMetrics().elidedText(text, elide, cell.width()));
}

} // namespace weir
