// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QLabel>

namespace weir {

/// A line of plain text that may be narrower than it is: what does not fit is cut off with an ellipsis at the
/// end. gui thread.
class ElidedLabel : public QLabel
{
    Q_OBJECT
public:
    using QLabel::QLabel;

    [[nodiscard]] QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;
};

} // namespace weir
