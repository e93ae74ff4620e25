// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/topology/FlowLabel.h"

#include <algorithm>

namespace weir {
namespace {

constexpr qsizetype kLongest = 160; // characters: of longer names two lines hold no half
constexpr qsizetype kLeastPart = 3; // characters on a line of its own, where a word is broken

bool isBreak(QChar c)
{
    return QStringLiteral(".-:@/_ ").contains(c);
}

} // namespace

QStringList flowLabel(const QString& name, const QFontMetricsF& metrics, double width, int most)
{
    if (metrics.horizontalAdvance(name) <= width)
        return {name};
    if (most < 2 || name.size() > kLongest)
        return {metrics.elidedText(name, Qt::ElideMiddle, width)};
    const auto wide = [&](qsizetype from, qsizetype count) {
        return metrics.horizontalAdvance(name.mid(from, count));
    };
    // The break that leaves both lines shortest.
    qsizetype best = 0;
    double longest = width;
    qsizetype fits = 0; // as much as the first line holds
    for (qsizetype i = 1; i < name.size() && wide(0, i) <= width; ++i) {
        if (!name[i].isLowSurrogate() && !name[i].isMark() && i >= kLeastPart &&
            name.size() - i >= kLeastPart)
            fits = i;
        const double longer = std::max(wide(0, i), wide(i, -1));
        if (isBreak(name[i - 1]) && longer <= longest) {
            best = i;
            longest = longer;
        }
    }
    if (best == 0)
        best = fits;
    if (best == 0)
        return {metrics.elidedText(name, Qt::ElideMiddle, width)};
    return {name.left(best), metrics.elidedText(name.mid(best), Qt::ElideMiddle, width)};
}

} // namespace weir
