// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/topology/FlowGraph.h"

#include <string>
#include <string_view>

namespace weir {

/// What an SVG's signs mean, one after the other from (0, 0) on; where the room ends, in the next row.
class SvgLegend
{
public:
    explicit SvgLegend(double room) : m_room(room) {}

    void line(FlowBasis basis, std::string_view word);
    void widths(std::string_view word);
    /// A disc of this colour, with a rim.
    void disc(const std::string& fill, const std::string& rim, std::string_view word);
    /// A box of this colour's line, `dashes` as of svgDashes().
    void box(const std::string& color, std::string_view word, const char* dashes = "");
    /// A number in a disc: several things.
    void number(std::string_view word);
    void warning(std::string_view word);

    [[nodiscard]] const std::string& text() const { return m_out; }
    [[nodiscard]] double height() const;

private:
    /// Makes room for a sign `after` px wide, and its word.
    void begin(double after, std::string_view word);
    void say(double after, std::string_view word);
    [[nodiscard]] double middle() const; ///< of the row, px

    const double m_room;
    double m_x = 0;
    std::size_t m_row = 0;
    std::string m_out;
};

} // namespace weir
