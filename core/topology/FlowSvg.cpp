// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/topology/FlowSvg.h"

#include "core/topology/FlowNames.h"
#include "core/topology/FlowSvgText.h"
#include "core/topology/FlowText.h"
#include "core/topology/FlowWeights.h"
#include "core/topology/SvgPage.h"
#include "core/topology/SvgTips.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>

namespace weir {
namespace {

constexpr double kHeader = 34;
constexpr double kFont = 12;
constexpr std::size_t kMostRates = 400; // written on lines

constexpr const char* kPale = "#7d848c"; // muted, three quarters of it

/// Draws one picture. Its own coordinates: (0, 0) is the left top corner of everything.
class FlowDrawing
{
public:
    explicit FlowDrawing(const FlowPicture& picture)
        : m_picture(picture),
          m_graph(*picture.graph),
          m_widths(flowWidths(m_graph)),
          m_warnings(flowWarnings(m_graph)),
          m_marks(flowMarks(m_graph)),
          m_wide(std::max(kSvgLeastWidth, picture.right - picture.left + 2 * kSvgMargin)),
          m_foot(picture.bottom - picture.top + 2 * kSvgMargin + kHeader)
    {
    }

    [[nodiscard]] std::string draw()
    {
        drawHeaders();
        drawLines();
        drawRates();
        for (std::uint32_t node = 0; node < m_graph.nodes.size(); ++node)
            drawBox(node);
        const SvgPage page{"Flow from PoP to consumer", m_wide, {std::move(m_out), m_foot}, legend(), {}};
        return page.of(m_graph);
    }

private:
    struct Point
    {
        double x;
        double y;
    };
    [[nodiscard]] Point at(std::uint32_t node) const
    {
        const FlowPlace& place = m_picture.places[node];
        return {place.x - m_picture.left + kSvgMargin, place.y - m_picture.top + kSvgMargin + kHeader};
    }

    [[nodiscard]] SvgLegend legend() const
    {
        SvgLegend legend(m_wide - 2 * kSvgMargin);
        if (m_graph.against) {
            legend.box(svgChange(FlowChange::Appeared), "+ new");
            legend.box(svgChange(FlowChange::Vanished), "− gone");
            legend.box(svgChange(FlowChange::Changed), "→ changed");
        }
        for (const FlowBasis basis :
             {FlowBasis::Observed, FlowBasis::Declared, FlowBasis::Inferred, FlowBasis::Traced})
            legend.line(basis, flowBasisName(basis));
        legend.widths("wider: higher rate");
        legend.warning("errors, slow, or a finding");
        return legend;
    }
    [[nodiscard]] double wideOf(std::uint32_t node) const { return flowBoxWidth(m_graph.nodes[node].kind); }

    void drawHeaders()
    {
        std::map<double, std::map<FlowKind, std::size_t>> columns;
        for (std::uint32_t node = 0; node < m_graph.nodes.size(); ++node)
            ++columns[at(node).x][m_graph.nodes[node].kind];
        for (const auto& [x, kinds] : columns) {
            std::string title;
            for (const auto& [kind, count] : kinds)
                title += (title.empty() ? "" : ", ") + std::string(flowKindWord(kind)) + " · " +
                         std::to_string(count);
            m_out += svgText(x, kSvgMargin, title, kSvgMuted, "text-anchor=\"middle\" font-weight=\"bold\"");
        }
        m_out += "<path d=\"M0 " + svgNumber(kHeader) + "H" + svgNumber(m_wide) + "\" stroke=\"" +
                 kSvgBorder + "\" fill=\"none\"/>\n";
    }

    void drawLines()
    {
        std::vector<std::uint32_t> order(m_graph.edges.size());
        std::iota(order.begin(), order.end(), 0U);
        std::stable_sort(order.begin(), order.end(),
                         [this](std::uint32_t a, std::uint32_t b) { return m_widths[a] < m_widths[b]; });
        m_out += "<g fill=\"none\" stroke=\"" + std::string(kPale) + "\">\n";
        for (const std::uint32_t edge : order)
            drawLine(edge);
        m_out += "</g>\n";
    }

    void drawLine(std::uint32_t index)
    {
        const FlowEdge& edge = m_graph.edges[index];
        const Point from = at(edge.from);
        const Point to = at(edge.to);
        const double start = from.x + wideOf(edge.from) / 2;
        const double end = to.x - wideOf(edge.to) / 2;
        const double swing = std::max((end - start) / 2, 40.0);
        m_out += "<path d=\"M" + svgNumber(start) + " " + svgNumber(from.y) + "C" + svgNumber(start + swing) +
                 " " + svgNumber(from.y) + " " + svgNumber(end - swing) + " " + svgNumber(to.y) + " " +
                 svgNumber(end) + " " + svgNumber(to.y) + "\" stroke-width=\"" + svgNumber(m_widths[index]) +
                 "\"";
        if (const std::string dashes = svgDashes(edge.basis); !dashes.empty())
            m_out += " stroke-dasharray=\"" + dashes + "\"";
        const char* const change = svgChange(edge.change);
        if (change != nullptr || m_warnings[index] != 0)
            m_out += " stroke=\"" + std::string(change != nullptr ? change : kSvgWarning) + "\"";
        m_out += ">" + svgEdgeTip(m_graph, edge) + "</path>\n";
    }

    /// On the widest lines, none on another.
    void drawRates()
    {
        std::vector<std::uint32_t> order;
        for (std::uint32_t edge = 0; edge < m_graph.edges.size(); ++edge) {
            if (m_graph.edges[edge].rate)
                order.push_back(edge);
        }
        std::stable_sort(order.begin(), order.end(),
                         [this](std::uint32_t a, std::uint32_t b) { return m_widths[a] > m_widths[b]; });
        order.resize(std::min(order.size(), kMostRates));
        std::vector<Point> taken;
        for (const std::uint32_t edge : order) {
            const FlowEdge& of = m_graph.edges[edge];
            const double start = at(of.from).x + wideOf(of.from) / 2;
            const double end = at(of.to).x - wideOf(of.to) / 2;
            const Point middle{(start + end) / 2, (at(of.from).y + at(of.to).y) / 2};
            const bool isFree = std::none_of(taken.begin(), taken.end(), [&](const Point& other) {
                return std::abs(other.x - middle.x) < 60 && std::abs(other.y - middle.y) < 13;
            });
            const std::string rate = flowEdgeText(of);
            const double wide = svgTextWidth(rate, 10) + 4;
            if (!isFree || end - start < wide)
                continue;
            taken.push_back(middle);
            m_out +=
                "<rect x=\"" + svgNumber(middle.x - wide / 2) + "\" y=\"" + svgNumber(middle.y - 7) +
                "\" width=\"" + svgNumber(wide) +
                "\" height=\"13\" fill=\"#ffffff\" "
                "fill-opacity=\"0.8\"/>" +
                svgText(middle.x, middle.y + 3.5, rate, kSvgText, "text-anchor=\"middle\" font-size=\"10\"");
        }
    }

    void drawBox(std::uint32_t index)
    {
        const FlowNode& node = m_graph.nodes[index];
        const Point middle = at(index);
        const double boxWide = wideOf(index);
        const double left = middle.x - boxWide / 2;
        const double top = middle.y - kFlowBoxHeight / 2;
        const bool marked = m_marks[index] != 0;
        const std::string label = harmlessName(flowNodeText(node), 4096);
        const char* const change = svgChange(node.change);
        const char* const line = change != nullptr ? change : marked ? kSvgWarning : kSvgBorder;
        m_out +=
            "<g>" + svgNodeTip(m_graph, index) +
            svgNodeBox({left, top, boxWide, kFlowBoxHeight}, node.kind, line,
                       change != nullptr ? 2
                       : marked          ? 1.5
                                         : 1) +
            svgText(left + 14, middle.y + 4, svgElided(label, boxWide - (marked ? 36 : 20), kFont), kSvgText);
        if (marked)
            m_out += svgWarning(left + boxWide - 18, middle.y - 6);
        m_out += "</g>\n";
    }

    const FlowPicture& m_picture;
    const FlowGraph& m_graph;
    const std::vector<double> m_widths;
    const std::vector<char> m_warnings;
    const std::vector<char> m_marks;
    const double m_wide;
    const double m_foot; ///< where the legend begins
    std::string m_out;
};

} // namespace

std::string flowSvg(const FlowPicture& picture)
{
    return FlowDrawing(picture).draw();
}

} // namespace weir
