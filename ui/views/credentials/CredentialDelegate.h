// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/views/RowDelegate.h"

namespace weir {

/// Draws the table of credentials: a mark at the left and bold words where a state asks for a look, muted
/// where nothing is known. gui thread.
class CredentialDelegate : public RowDelegate
{
    Q_OBJECT
public:
    using RowDelegate::RowDelegate;
    void paint(QPainter* painter, const QStyleOptionViewItem& option,
               const QModelIndex& index) const override;
};

} // namespace weir
