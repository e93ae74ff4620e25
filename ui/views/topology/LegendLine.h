// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/topology/FlowGraph.h"
#include "ui/theme/ThemeColors.h"

#include <QRectF>

class QPainter;
class QPainterPath;
class QPen;
class QString;

namespace weir {

/// Writes what a picture's signs mean into a strip, one after the other from the left, as many as there is
/// room for.
class LegendLine
{
public:
    LegendLine(QPainter& painter, const ThemeColors& colors, const QRectF& strip);

    void line(FlowBasis basis, const QString& word);
    void widths(const QString& word);
    /// A disc of this colour, with a rim.
    void disc(const QColor& fill, const QColor& rim, const QString& word);
    /// A box of this colour's line.
    void box(const QColor& color, const QString& word);
    /// The mark of a kind of node, in this colour.
    void kind(FlowKind kind, const QColor& color, const QString& word);
    /// A number in a disc: several things.
    void number(const QString& word);
    void warning(const QString& word);
    /// At the right end, cut where there is no room.
    void note(const QString& text);

private:
    [[nodiscard]] bool fits(double after, const QString& word) const;
    void say(double after, const QString& word);
    void mark(const QPainterPath& path, const QPen& pen, const QString& word);

    QPainter& m_painter;
    const ThemeColors& m_colors;
    QRectF m_room;
};

} // namespace weir
