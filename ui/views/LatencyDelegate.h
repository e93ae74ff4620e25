// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QStyledItemDelegate>

namespace weir {

/// Draws the table of PoPs: the piece of line that stands for a PoP in the chart before its name, a word
/// behind the name of a slow one, figures that stand on few messages muted, the spread as a bar. gui thread.
class LatencyDelegate : public QStyledItemDelegate
{
    Q_OBJECT
public:
    using QStyledItemDelegate::QStyledItemDelegate;
    void paint(QPainter* painter, const QStyleOptionViewItem& option,
               const QModelIndex& index) const override;
};

} // namespace weir
