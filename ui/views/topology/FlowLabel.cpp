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

/// How many characters the first line holds, where a word is broken; 0: too few.
qsizetype mostThatFits(const QString& name, const QFontMetricsF& metrics, double width)
{
    qsizetype low = 0;
    qsizetype high = name.size() - kLeastPart;
    while (low < high) {
        const qsizetype middle = (low + high + 1) / 2;
        if (metrics.horizontalAdvance(name.left(middle)) <= width)
            low = middle;
        else
            high = middle - 1;
    }
    while (low > 0 && (name[low].isLowSurrogate() || name[low].isMark()))
        --low;
    return low < kLeastPart ? 0 : low;
}

} // namespace

bool hasParts(const QString& name)
{
    return std::any_of(name.begin(), name.end(), isBreak);
}

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
    for (qsizetype i = 1; i < name.size(); ++i) {
        if (!isBreak(name[i - 1]))
            continue;
        const double head = wide(0, i);
        if (head > width)
            break;
        if (const double longer = std::max(head, wide(i, -1)); longer <= longest) {
            best = i;
            longest = longer;
        }
    }
    if (best == 0)
        best = mostThatFits(name, metrics, width);
    if (best == 0)
        return {metrics.elidedText(name, Qt::ElideMiddle, width)};
    return {name.left(best), metrics.elidedText(name.mid(best), Qt::ElideMiddle, width)};
}

} // namespace weir
