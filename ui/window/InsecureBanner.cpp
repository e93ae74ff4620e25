// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/InsecureBanner.h"

#include "ui/theme/ThemeColors.h"

#include <QPainter>

namespace weir {

namespace {
constexpr int kStripe = 14; ///< device-independent pixels
constexpr int kEnds = 112;  ///< width of the striped ends beside the words
} // namespace

InsecureBanner::InsecureBanner(QWidget* parent) : QWidget(parent)
{
    setObjectName(QStringLiteral("insecureBanner"));
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    hide();
}

void InsecureBanner::showFor(const QString& server)
{
    const QString text =
        server.isEmpty()
            ? QString()
            : tr("TLS verification is OFF for %1: whoever sits between can read and change everything.")
                  .arg(server);
    if (text == m_text)
        return;
    m_text = text;
    setAccessibleName(text);
    setToolTip(tr("This connection profile says not to verify the server's certificate. "
                  "Give the profile the right CA file and switch verification on again."));
    setVisible(!text.isEmpty());
    update();
}

QSize InsecureBanner::sizeHint() const
{
    return {400, fontMetrics().height() + 10};
}

void InsecureBanner::paintEvent(QPaintEvent* /*event*/)
{
    const ThemeColors& colors = ThemeColors::of(palette());
    QPainter painter(this);
    painter.fillRect(rect(), colors.errorFill);
    painter.setRenderHint(QPainter::Antialiasing);
    const QRect words = rect().adjusted(kEnds, 0, -kEnds, 0);
    painter.save();
    painter.setClipRegion(QRegion(rect()).subtracted(words));
    painter.setPen(QPen(colors.errorFillText, kStripe / 2.0));
    for (int x = -height(); x < width() + height(); x += 2 * kStripe)
        painter.drawLine(x, height() + 4, x + height() + 8, -4);
    painter.restore();
    QFont bold = font();
    bold.setBold(true);
    painter.setFont(bold);
    painter.setPen(colors.errorFillText);
    painter.drawText(words.adjusted(8, 0, -8, 0), Qt::AlignCenter,
                     QFontMetrics(bold).elidedText(m_text, Qt::ElideRight, words.width() - 16));
}

} // namespace weir
