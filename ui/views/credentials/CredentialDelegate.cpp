// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/credentials/CredentialDelegate.h"

#include "ui/models/CredentialsModel.h"
#include "ui/theme/ThemeColors.h"

#include <QPainter>

namespace weir {
namespace {

constexpr int kPadding = 7; // as in headers
constexpr int kEdge = 3;    // px of the mark at the left of a row that asks for a look

} // namespace

void CredentialDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option,
                               const QModelIndex& index) const
{
    const ThemeColors& colors = ThemeColors::of(option.palette);
    const bool selected = option.state.testFlag(QStyle::State_Selected);
    const bool asks = index.data(static_cast<int>(CredentialRole::AsksForALook)).toBool();
    const auto column = static_cast<CredentialColumn>(index.column());
    if (selected)
        painter->fillRect(option.rect, colors.selection);
    if (asks && column == CredentialColumn::Name)
        painter->fillRect(option.rect.left(), option.rect.top(), kEdge, option.rect.height(), colors.warning);
    const bool loud = asks && (column == CredentialColumn::Name || column == CredentialColumn::State);
    QFont font = option.font;
    font.setBold(loud);
    painter->setFont(font);
    painter->setPen(selected                                                       ? colors.selectionText
                    : asks && column == CredentialColumn::State                    ? colors.warning
                    : index.data(static_cast<int>(CredentialRole::Muted)).toBool() ? colors.muted
                                                                                   : colors.text);
    const QRect cell = option.rect.adjusted(kPadding, 0, -kPadding, 0);
    const int align = index.data(Qt::TextAlignmentRole).toInt();
    painter->drawText(
        cell, align,
        painter->fontMetrics().elidedText(index.data().toString(), Qt::ElideRight, cell.width()));
}

} // namespace weir
