// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/ElidedButton.h"

#include <algorithm>

namespace weir {
namespace {

constexpr int kNarrowest = 120; // px
constexpr int kBeside = 44;     // px beside the text: icon, padding, frame

} // namespace

ElidedButton::ElidedButton(int widest, QWidget* parent) : QToolButton(parent), m_widest(widest)
{
    setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    setFocusPolicy(Qt::StrongFocus);
    setSizePolicy(QSizePolicy::Maximum, QSizePolicy::Fixed);
    setMinimumWidth(kNarrowest);
}

void ElidedButton::setFullText(const QString& text)
{
    m_fullText = text;
    updateGeometry();
    showText();
}

QSize ElidedButton::sizeHint() const
{
    ensurePolished(); // the state's font may be bold
    const QSize text = fontMetrics().size(Qt::TextSingleLine, m_fullText);
    return {std::min(m_widest, text.width() + kBeside), QToolButton::sizeHint().height()};
}

void ElidedButton::resizeEvent(QResizeEvent* event)
{
    QToolButton::resizeEvent(event);
    showText();
}

void ElidedButton::showText()
{
    setText(fontMetrics().elidedText(m_fullText, Qt::ElideRight, std::max(60, width() - kBeside + 2)));
}

} // namespace weir
