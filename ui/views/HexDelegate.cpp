// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/HexDelegate.h"

#include "ui/theme/Theme.h"
#include "ui/theme/ThemeColors.h"

#include <QPainter>

namespace weir {

void HexDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const
{
    constexpr int kPadding = 8;
    const ThemeColors& colors = ThemeColors::of(option.palette);
    const bool selected = option.state.testFlag(QStyle::State_Selected);
    painter->setFont(Theme::dataFont());
    painter->setPen(selected ? colors.selectionText : index.column() == 0 ? colors.muted : colors.text);
    painter->drawText(option.rect.adjusted(kPadding, 0, 0, 0),
                      static_cast<int>(Qt::AlignVCenter | Qt::AlignLeft), index.data().toString());
}

} // namespace weir
