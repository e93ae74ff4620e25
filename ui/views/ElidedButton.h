// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QToolButton>

namespace weir {

/// A button that may be narrower than its text: what does not fit is cut off with an ellipsis at the end, and
/// its window can still be made small. gui thread.
class ElidedButton : public QToolButton
{
    Q_OBJECT
public:
    /// It asks for no more than `widest` px.
    ElidedButton(int widest, QWidget* parent = nullptr);

    void setFullText(const QString& text);
    [[nodiscard]] QString fullText() const { return m_fullText; }
    [[nodiscard]] QSize sizeHint() const override;

protected:
    void resizeEvent(QResizeEvent* event) override;

private:
    void showText();

    int m_widest;
    QString m_fullText;
};

} // namespace weir
