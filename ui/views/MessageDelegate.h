// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QStyledItemDelegate>

namespace weir {

/// Draws the message table's cells: data in a font of equal widths where digits line up, subjects cut in the
/// middle, identities with the badge and the word of their evidence. A cell costs one or two look-ups.
class MessageDelegate : public QStyledItemDelegate
{
    Q_OBJECT
public:
    using QStyledItemDelegate::QStyledItemDelegate;
    void paint(QPainter* painter, const QStyleOptionViewItem& option,
               const QModelIndex& index) const override;
};

/// As much of `name` as `width` has room for. In a table most names begin with one kind ("worker:") and end
/// with one issuer ("@lab"): those give way first, since what lies between tells rows apart.
[[nodiscard]] QString fittedIdentity(const QString& name, const QFontMetrics& metrics, int width);

} // namespace weir
