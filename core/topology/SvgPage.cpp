// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/topology/SvgPage.h"

#include "core/topology/FlowNames.h"
#include "core/topology/FlowSvgText.h"
#include "core/topology/FlowText.h"

#include <algorithm>
#include <cmath>
#include <vector>

namespace weir {
namespace {

constexpr double kFont = 12;
constexpr double kLine = 16;    // px from line to line of the remarks
constexpr double kPad = 10;     // px around the legend
constexpr double kColumn = 620; // px, of remarks beside each other
constexpr std::size_t kLeastRows = 8;
constexpr std::size_t kWhole = 4096;

/// What is said below the picture, in as many columns as are worth reading.
struct Remarks
{
    std::vector<std::string> lines;
    std::size_t rows = 0; ///< of a column
    double column = 0;    ///< px
};

Remarks remarksOf(const FlowGraph& graph, double room)
{
    const std::vector<std::string> said = flowRemarks(graph);
    const auto fitting = static_cast<std::size_t>(room / kColumn);
    const std::size_t columns =
        std::clamp<std::size_t>(said.size() / kLeastRows, 1, std::max<std::size_t>(1, fitting));
    Remarks remarks;
    remarks.column = room / static_cast<double>(columns);
    for (const std::string& line : said) {
        const double wide = columns == 1 ? room : remarks.column - kSvgMargin;
        for (std::string& part : svgWrapped(harmlessName(line, kWhole), wide, kFont))
            remarks.lines.push_back((line.starts_with("! ") ? "!" : " ") + std::move(part));
    }
    remarks.rows = (remarks.lines.size() + columns - 1) / columns;
    return remarks;
}

std::string movedTo(double x, double y, const std::string& what)
{
    return "<g transform=\"translate(" + svgNumber(x) + " " + svgNumber(y) + ")\">\n" + what + "</g>\n";
}

} // namespace

std::string SvgPage::of(const FlowGraph& graph) const
{
    const double wide = std::ceil(width); // whole pixels: none is cut
    const Remarks remarks = remarksOf(graph, wide - 2 * kSvgMargin);
    const double moreTop = drawn.height + legend.height() + 2 * kPad;
    const double top = moreTop + more.height + kFont;
    const double high = std::ceil(top + kLine * static_cast<double>(remarks.rows) + kSvgMargin - kFont);
    const std::string size = svgNumber(wide) + " " + svgNumber(high);
    std::string out = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                      "<svg xmlns=\"http://www.w3.org/2000/svg\" version=\"1.1\" width=\"" +
                      svgNumber(wide) + "\" height=\"" + svgNumber(high) + "\" viewBox=\"0 0 " + size +
                      "\" font-family=\"sans-serif\" font-size=\"12\">\n<title>" +
                      svgEscaped(title + ", " + harmlessName(flowRangeText(graph), kWhole)) +
                      "</title>\n<rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>\n";
    out += drawn.text;
    out += "<path d=\"M0 " + svgNumber(drawn.height) + "H" + svgNumber(wide) + "\" stroke=\"" + kSvgBorder +
           "\" fill=\"none\"/>\n";
    out += movedTo(kSvgMargin, drawn.height + kPad, legend.text());
    if (more.height > 0)
        out += movedTo(kSvgMargin, moreTop, more.text);
    for (std::size_t i = 0; i < remarks.lines.size(); ++i) {
        const std::string& line = remarks.lines[i];
        const std::size_t column = i / remarks.rows;
        out += svgText(kSvgMargin + remarks.column * static_cast<double>(column),
                       top + kLine * static_cast<double>(i % remarks.rows), line.substr(1),
                       line.front() == '!' ? kSvgWarning : kSvgMuted);
    }
    return out + "</svg>\n";
}

} // namespace weir
