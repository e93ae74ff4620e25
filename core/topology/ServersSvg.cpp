// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/topology/ServersSvg.h"

#include "core/topology/FlowNames.h"
#include "core/topology/FlowSvgText.h"
#include "core/topology/FlowText.h"
#include "core/topology/FlowWeights.h"
#include "core/topology/ServerLook.h"
#include "core/topology/ServersSvgParts.h"
#include "core/topology/SvgPage.h"
#include "core/topology/SvgTips.h"

#include <algorithm>
#include <numeric>

namespace weir {
namespace {

constexpr double kNameFont = 13; // px
constexpr double kLeafFont = 12;
constexpr double kSmallFont = 11;
constexpr double kBold = 1.1; // times as wide
constexpr double kMark = 12;  // px of the sign for what asks for a look
constexpr std::size_t kMostLabels = 2000;
constexpr std::size_t kName = 4096;

const char* const kPaleDashes = "4,3";

/// Draws one plan. (0, 0) is the left top corner of everything.
class ServersSheet
{
public:
    explicit ServersSheet(const ServerPlan& plan)
        : m_plan(plan),
          m_servers(*plan.graph),
          m_graph(plan.graph->graph),
          m_widths(flowWidths(m_graph)),
          m_marks(flowMarks(m_graph)),
          m_wide(std::max(kSvgLeastWidth, plan.bounds.width + 2 * kSvgMargin))
    {
        std::vector<std::uint32_t> order(m_graph.edges.size());
        std::iota(order.begin(), order.end(), 0U);
        std::stable_sort(order.begin(), order.end(),
                         [this](std::uint32_t a, std::uint32_t b) { return m_widths[a] < m_widths[b]; });
        m_order = std::move(order);
        m_crowd = m_order.size() > kSpaciousLinks;
    }

    [[nodiscard]] std::string draw()
    {
        if (m_crowd)
            drawLinks(true, [this](std::uint32_t edge) { return isFarLink(m_servers.links[edge]); });
        for (const PlanFrame& frame : m_plan.frames)
            m_out += frameSvg(m_plan, frame, warns(frame));
        drawLinks(false,
                  [this](std::uint32_t edge) { return !m_crowd || !isFarLink(m_servers.links[edge]); });
        drawLabels();
        for (const PlanFrame& frame : m_plan.frames)
            m_out += frameTitlesSvg(m_plan, frame, warns(frame));
        for (std::uint32_t node = 0; node < m_graph.nodes.size(); ++node) {
            if (m_graph.nodes[node].kind != FlowKind::Cluster)
                drawServer(node);
        }
        const double high = m_plan.bounds.height + 2 * kSvgMargin;
        const SvgPage page{"Servers and what connects them", m_wide, {std::move(m_out), high}, legend(), {}};
        return page.of(m_graph);
    }

private:
    [[nodiscard]] QRectF rect(const PlanBox& box) const { return planRect(m_plan, box); }
    [[nodiscard]] QLineF lineOf(const FlowEdge& edge) const
    {
        return serverLine(rect(m_plan.boxes[edge.from]), rect(m_plan.boxes[edge.to]));
    }
    [[nodiscard]] bool warns(const PlanFrame& frame) const
    {
        return frame.cluster >= 0 && m_marks[static_cast<std::size_t>(frame.cluster)] != 0;
    }
    [[nodiscard]] bool anyGone() const
    {
        return std::any_of(m_servers.states.begin(), m_servers.states.end(),
                           [](const ServerState& state) { return state.gone != kNoTime; });
    }
    [[nodiscard]] bool isSlow(std::uint32_t edge) const { return !m_servers.links[edge].slow.empty(); }

    template<typename Wanted>
    void drawLinks(bool far, Wanted&& wanted); ///< `far`: they stand back
    void drawLabels();
    void drawLabel(const QRectF& box, const std::string& text, bool slow);
    void drawServer(std::uint32_t node);
    void drawLeaf(std::uint32_t node, const QRectF& box);
    [[nodiscard]] SvgLegend legend() const;

    const ServerPlan& m_plan;
    const ServerGraph& m_servers;
    const FlowGraph& m_graph;
    const std::vector<double> m_widths;
    const std::vector<char> m_marks;
    const double m_wide;
    std::vector<std::uint32_t> m_order; ///< edges, ascending by width
    bool m_crowd = false;
    std::string m_out;
};

template<typename Wanted>
void ServersSheet::drawLinks(bool far, Wanted&& wanted)
{
    m_out += "<g fill=\"none\" stroke=\"" + svgPale(kSvgMuted, linkStrength(far)) + "\">\n";
    for (const std::uint32_t edge : m_order) {
        if (!wanted(edge))
            continue;
        const QLineF line = lineOf(m_graph.edges[edge]);
        const ServerLink& link = m_servers.links[edge];
        const bool thin = !isSlow(edge) && (far || link.kind == LinkKind::Leaf);
        const double width = thin ? 1 : std::max(kLeastLink, linkWidth(m_widths[edge]));
        m_out += "<path d=\"M" + svgNumber(line.x1()) + " " + svgNumber(line.y1()) + "L" +
                 svgNumber(line.x2()) + " " + svgNumber(line.y2()) + "\" stroke-width=\"" + svgNumber(width) +
                 "\"";
        if (const std::string dashes = svgDashes(linkBasis(link.kind)); !dashes.empty())
            m_out += " stroke-dasharray=\"" + dashes + "\"";
        if (link.gone != kNoTime)
            m_out += " stroke-opacity=\"0.4\"";
        if (isSlow(edge))
            m_out += " stroke=\"" + std::string(kSvgWarning) + "\"";
        m_out += ">" + svgEdgeTip(m_graph, m_graph.edges[edge]) + "</path>\n";
    }
    m_out += "</g>\n";
}

void ServersSheet::drawLabels()
{
    std::vector<QRectF> taken;
    for (const PlanBox& box : m_plan.boxes)
        taken.push_back(rect(box));
    LinkLabels places(std::move(taken));
    std::vector<std::uint32_t> named;
    std::copy_if(m_order.begin(), m_order.end(), std::back_inserter(named), [this](std::uint32_t edge) {
        const LinkKind kind = m_servers.links[edge].kind;
        return isSlow(edge) || (kind == LinkKind::Route) || (kind == LinkKind::Gateway && !m_crowd);
    });
    orderLinkLabels(m_servers, named);
    std::size_t written = 0;
    for (const std::uint32_t edge : named) {
        const std::string text = linkLabelText(m_servers, edge);
        if (text.empty() || (written >= kMostLabels && !isSlow(edge)))
            continue;
        const double mark = isSlow(edge) ? kMark + 4 : 0;
        const QSizeF size(svgTextWidth(text, kSmallFont) * kSvgLikely + mark + 8, 15);
        if (const auto box = places.place(lineOf(m_graph.edges[edge]), size, isSlow(edge))) {
            drawLabel(*box, text, isSlow(edge));
            ++written;
        }
    }
}

void ServersSheet::drawLabel(const QRectF& box, const std::string& text, bool slow)
{
    m_out += svgRect(box, 3,
                     std::string("fill=\"#ffffff\"") +
                         (slow ? " stroke=\"" + std::string(kSvgWarning) + "\"" : ""));
    if (slow)
        m_out += svgWarning(box.left() + 4, box.center().y() - kMark / 2);
    m_out += svgText(box.center().x() + (slow ? kMark / 2 + 2 : 0), box.center().y() + 4, text,
                     slow ? kSvgWarning : kSvgMuted, "text-anchor=\"middle\" font-size=\"11\"");
}

void ServersSheet::drawServer(std::uint32_t node)
{
    const FlowNode& of = m_graph.nodes[node];
    const QRectF box = rect(m_plan.boxes[node]);
    const ServerState& state = m_servers.states[node];
    const bool isLeaf = of.kind == FlowKind::LeafNode;
    const bool marked = m_marks[node] != 0;
    const bool missing = !state.reached && !isLeaf;
    m_out += "<g>" + svgNodeTip(m_graph, node, isLeaf ? "" : ", " + serverFactsText(m_servers, node)) +
             svgNodeBox({box.x(), box.y(), box.width(), box.height()}, of.kind,
                        marked    ? kSvgWarning
                        : missing ? kSvgMuted
                                  : kSvgBorder,
                        marked ? 1.5 : 1, missing ? kPaleDashes : "");
    if (marked)
        m_out += svgWarning(box.right() - kMark - 6, box.top() + 5);
    if (isLeaf)
        return drawLeaf(node, box);
    const double room = box.width() - 14 - (marked ? kMark + 10 : 6);
    m_out += svgText(box.left() + 16, box.top() + 18,
                     svgElided(harmlessName(flowNodeText(of), kName), room, kNameFont * kBold),
                     missing ? kSvgMuted : kSvgText, "font-size=\"13\" font-weight=\"bold\"") +
             svgText(box.left() + 16, box.top() + 33,
                     svgElided(serverFactsText(m_servers, node), (box.width() - 22) / kSvgLikely, kSmallFont),
                     missing || state.isOdd ? kSvgWarning : kSvgMuted, "font-size=\"11\"") +
             "</g>\n";
}

/// Its name, and how far it is.
void ServersSheet::drawLeaf(std::uint32_t node, const QRectF& box)
{
    const auto edge = std::find_if(m_graph.edges.begin(), m_graph.edges.end(),
                                   [&](const FlowEdge& each) { return each.from == node; });
    std::string far;
    if (edge != m_graph.edges.end()) {
        const ServerLink& link = m_servers.links[static_cast<std::size_t>(edge - m_graph.edges.begin())];
        if (link.rtt != kNoDuration)
            far = formatDuration(link.rtt);
    }
    const double right = box.right() - (m_marks[node] != 0 ? kMark + 10 : 6);
    const double wide = far.empty() ? 0 : svgTextWidth(far, kSmallFont) + 6;
    m_out += svgText(box.left() + 14, box.center().y() + 4,
                     svgElided(harmlessName(flowNodeText(m_graph.nodes[node]), kName),
                               right - wide - box.left() - 14, kLeafFont),
                     kSvgText);
    if (!far.empty())
        m_out += svgText(right, box.center().y() + 4, far, kSvgMuted, "text-anchor=\"end\" font-size=\"11\"");
    m_out += "</g>\n";
}

SvgLegend ServersSheet::legend() const
{
    SvgLegend legend(m_wide - 2 * kSvgMargin);
    legend.line(linkBasis(LinkKind::Route), "route");
    legend.line(linkBasis(LinkKind::Gateway), "gateway");
    legend.line(linkBasis(LinkKind::Leaf), "leaf node");
    legend.widths("wider: higher rate");
    legend.box(kSvgMuted, anyGone() ? "not reached, or gone" : "not reached", kPaleDashes);
    if (std::any_of(m_plan.frames.begin(), m_plan.frames.end(),
                    [](const PlanFrame& frame) { return frame.gateways > 0; }))
        legend.box(svgKindColor(FlowKind::Gateway), "cluster behind gateways");
    legend.warning("slow, or a finding");
    return legend;
}

} // namespace

std::string serversSvg(const ServerPlan& plan)
{
    return ServersSheet(plan).draw();
}

} // namespace weir
