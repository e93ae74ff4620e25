// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/theme/ThemeColors.h"

#include <algorithm>
#include <cmath>

namespace weir {

namespace {

std::array<SeriesStyle, 12> seriesOf(const std::array<QRgb, 12>& colors)
{
    static const std::array<QList<qreal>, 4> kDashes{QList<qreal>{}, QList<qreal>{6, 3}, QList<qreal>{2, 2},
                                                     QList<qreal>{8, 3, 2, 3}};
    std::array<SeriesStyle, 12> series;
    // Six hues solid; their second shades take the dash patterns in turn.
    for (std::size_t i = 0; i < series.size(); ++i)
        series[i] = {QColor(colors[i]), kDashes[i < 6 ? 0 : 1 + (i % 3)]};
    return series;
}

double luminance(const QColor& color)
{
    const auto linear = [](double channel) {
        return channel <= 0.04045 ? channel / 12.92 : std::pow((channel + 0.055) / 1.055, 2.4);
    };
    return 0.2126 * linear(color.redF()) + 0.7152 * linear(color.greenF()) + 0.0722 * linear(color.blueF());
}

ThemeColors makeLight()
{
    ThemeColors c;
    c.window = QColor(0xf3f4f6);
    c.base = QColor(0xffffff);
    c.alternate = QColor(0xf7f8fa);
    c.raised = QColor(0xfcfcfd);
    c.border = QColor(0xc9ced6);
    c.text = QColor(0x1b1f24);
    c.muted = QColor(0x525b66);
    c.disabled = QColor(0x8c949e);
    c.accent = QColor(0x005f99);
    c.accentText = QColor(0xffffff);
    c.selection = QColor(0xcfe6f7);
    c.selectionText = QColor(0x10161c);
    c.focus = QColor(0x0072b2);
    c.ok = QColor(0x006b4f);
    c.warning = QColor(0x855000);
    c.error = QColor(0xb03000);
    c.gap = QColor(0xb04e00);
    c.errorFill = QColor(0xa32a00);
    c.errorFillText = QColor(0xffffff);
    c.series = seriesOf({0x0072b2, 0xd55e00, 0x008a64, 0xb0528a, 0x8a6a00, 0x4a4fb5, 0x2c8fd0, 0x9c4200,
                         0x005e45, 0x7d2f63, 0x5c5c5c, 0x7a5fd0});
    return c;
}

ThemeColors makeDark()
{
    ThemeColors c;
    c.dark = true;
    c.window = QColor(0x1c2025);
    c.base = QColor(0x14171b);
    c.alternate = QColor(0x191d22);
    c.raised = QColor(0x262b32);
    c.border = QColor(0x3d454f);
    c.text = QColor(0xe3e7ec);
    c.muted = QColor(0xa3adb8);
    c.disabled = QColor(0x828c98);
    c.accent = QColor(0x5cb8ec);
    c.accentText = QColor(0x0c1116);
    c.selection = QColor(0x1f4a66);
    c.selectionText = QColor(0xffffff);
    c.focus = QColor(0x56b4e9);
    c.ok = QColor(0x3cc79a);
    c.warning = QColor(0xf0b43a);
    c.error = QColor(0xff8a5c);
    c.gap = QColor(0xe69f00);
    c.errorFill = QColor(0xa32a00);
    c.errorFillText = QColor(0xffffff);
    c.series = seriesOf({0x56b4e9, 0xf08040, 0x2fbf92, 0xdd8fbb, 0xe8d44a, 0x9a9cf0, 0x3d8fc4, 0xffb27a,
                         0x8fe0c4, 0xb86b98, 0xb8bec6, 0x7f80d8});
    return c;
}

} // namespace

QPen SeriesStyle::pen(qreal width) const
{
    QPen pen(color, width);
    if (!dashes.isEmpty())
        pen.setDashPattern(dashes);
    pen.setCosmetic(true);
    return pen;
}

const ThemeColors& ThemeColors::light()
{
    static const ThemeColors kLight = makeLight();
    return kLight;
}

const ThemeColors& ThemeColors::darkTheme()
{
    static const ThemeColors kDark = makeDark();
    return kDark;
}

const ThemeColors& ThemeColors::of(const QPalette& palette)
{
    return palette.color(QPalette::Active, QPalette::Window).lightness() < 128 ? darkTheme() : light();
}

QPalette ThemeColors::palette() const
{
    QPalette p;
    p.setColor(QPalette::Window, window);
    p.setColor(QPalette::WindowText, text);
    p.setColor(QPalette::Base, base);
    p.setColor(QPalette::AlternateBase, alternate);
    p.setColor(QPalette::Text, text);
    p.setColor(QPalette::PlaceholderText, muted);
    p.setColor(QPalette::Button, raised);
    p.setColor(QPalette::ButtonText, text);
    p.setColor(QPalette::BrightText, errorFillText);
    p.setColor(QPalette::ToolTipBase, raised);
    p.setColor(QPalette::ToolTipText, text);
    p.setColor(QPalette::Highlight, accent);
    p.setColor(QPalette::HighlightedText, accentText);
    p.setColor(QPalette::Link, accent);
    p.setColor(QPalette::LinkVisited, accent);
    p.setColor(QPalette::Light, dark ? raised.lighter(120) : QColor(Qt::white));
    p.setColor(QPalette::Midlight, raised);
    p.setColor(QPalette::Mid, border);
    p.setColor(QPalette::Dark, border.darker(130));
    p.setColor(QPalette::Shadow, dark ? QColor(Qt::black) : border.darker(160));
    for (const auto role : {QPalette::WindowText, QPalette::Text, QPalette::ButtonText})
        p.setColor(QPalette::Disabled, role, disabled);
    return p;
}

double contrastRatio(const QColor& a, const QColor& b)
{
    const double la = luminance(a);
    const double lb = luminance(b);
    return (std::max(la, lb) + 0.05) / (std::min(la, lb) + 0.05);
}

} // namespace weir
