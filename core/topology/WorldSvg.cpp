// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/topology/WorldSvg.h"

#include "core/topology/FlowNames.h"
#include "core/topology/FlowSvgText.h"
#include "core/topology/FlowText.h"
#include "core/topology/SvgTips.h"
#include "core/topology/WorldMarks.h"
#include "core/topology/WorldSvgParts.h"

#include <algorithm>
#include <cmath>

namespace weir {
namespace {

constexpr double kFont = 12;
constexpr double kLine = 16;          // px
constexpr double kUsualWidth = 1400;  // px
constexpr double kForAPop = 60;       // px of width and height, where there are many
constexpr double kLeastHeight = 0.36; // of the width
constexpr double kMostHeight = 0.62;  // as high as the whole plane, about
constexpr double kClosest = 20'000;   // px around the Earth
constexpr double kAround = 64;        // px aside that no mark is in, so that labels have room
constexpr double kBelow = 24;
constexpr double kAbove = 48;     // a region stands above its place
constexpr std::size_t kName = 64; // bytes of a PoP's in a text
constexpr std::size_t kTold = 40; // members of a mark in its tip
constexpr std::size_t kMostLabels = 1500;

/// Draws one world. (0, 0) is the left top corner of everything.
class WorldSheet
{
public:
    explicit WorldSheet(const WorldGraph& world) : m_world(world), m_graph(world.graph)
    {
        const auto pops = static_cast<double>(world.places.size());
        m_wide = std::round(std::max(kUsualWidth, kForAPop * std::sqrt(pops)));
        const QRectF bounds = worldBounds(world);
        const double room = m_wide - 2 * kAround;
        const double scale = std::min(room / bounds.width(), kClosest);
        const double high = std::clamp(bounds.height() * scale + kAbove + kBelow, kLeastHeight * m_wide,
                                       kMostHeight * m_wide);
        m_eye.stage = QRectF(0, 0, m_wide, std::round(high));
        const QRectF inner = m_eye.stage.adjusted(kAround, kAbove, -kAround, -kBelow);
        m_eye.scale = std::min(scale, inner.height() / bounds.height());
        m_eye.origin = inner.center() - bounds.center() * m_eye.scale;
        m_eye.labelHeight = kLine;
        m_eye.mostLabels = kMostLabels;
        m_eye.labelWidth = [](const QString& text) { return svgTextWidth(text.toStdString(), kFont); };
        m_marks = WorldMarks(world, worldPlaces(world), m_eye, std::nullopt);
    }

    [[nodiscard]] std::string draw()
    {
        m_out = worldSvgLand(m_eye.stage, m_eye.origin, m_eye.scale);
        drawWays();
        for (const WorldMark& mark : m_marks.all())
            mark.isRegion ? drawStem(mark) : void();
        for (const WorldMark& mark : m_marks.all())
            mark.isRegion ? drawRegion(mark) : drawPops(mark);
        for (const WorldMark& mark : m_marks.all())
            drawLabel(mark);
        for (const WorldMark& mark : m_marks.all()) {
            if (mark.slow > 0)
                m_out += svgWarning(worldWarning(mark).x(), worldWarning(mark).y()) + "\n";
        }
        SvgPage page{"PoPs on the map", m_wide, {std::move(m_out), m_eye.stage.height()}, legend(), {}};
        page.more = worldSvgUnplaced(m_world, m_wide - 2 * kSvgMargin);
        return page.of(m_graph);
    }

private:
    void drawWays();
    void drawStem(const WorldMark& mark);
    void drawRegion(const WorldMark& mark);
    void drawPops(const WorldMark& mark);
    void drawLabel(const WorldMark& mark);
    [[nodiscard]] SvgLegend legend() const;
    [[nodiscard]] std::string popText(std::uint32_t node) const;

    const WorldGraph& m_world;
    const FlowGraph& m_graph;
    double m_wide = 0;
    WorldEye m_eye;
    WorldMarks m_marks;
    std::string m_out;
};

std::string pointText(const QPointF& point)
{
    return svgNumber(point.x()) + " " + svgNumber(point.y());
}

std::string colorOf(WorldShade shade)
{
    return svgPale(shade == WorldShade::Slow ? kSvgWarning : kSvgAccent, worldStrength(shade));
}

std::string WorldSheet::popText(std::uint32_t node) const
{
    const GeoPlace* place = m_world.places[node];
    std::string text = harmlessName(flowNodeText(m_graph.nodes[node]), kName);
    if (place != nullptr)
        text += " " + harmlessName(place->city);
    return text + ", " + worldSvgFigures(m_world, node);
}

void WorldSheet::drawWays()
{
    const double most = m_marks.mostRate();
    const std::string usual = svgPale(kSvgMuted, worldWayStrength(m_marks.all().size()));
    m_out += "<g fill=\"none\" stroke=\"" + usual + "\">\n";
    for (const WorldMark& mark : m_marks.all()) {
        for (const WorldWay& way : m_marks.ways(m_world, mark)) {
            m_out += "<path d=\"M" + pointText(way.from) + "Q" + pointText(worldBow(way.from, way.to)) + " " +
                     pointText(way.to) + "\" stroke-width=\"" + svgNumber(worldWayWidth(way.rate, most)) +
                     "\"";
            if (const std::string dashes = svgDashes(way.basis); !dashes.empty())
                m_out += " stroke-dasharray=\"" + dashes + "\"";
            if (way.slow)
                m_out += " stroke=\"" + std::string(kSvgWarning) + "\"";
            m_out += "/>\n";
        }
    }
    m_out += "</g>\n";
}

void WorldSheet::drawStem(const WorldMark& mark)
{
    m_out += "<path d=\"M" + pointText(mark.at) + "L" + pointText(mark.foot) + "\" stroke=\"" + kSvgText +
             "\" stroke-width=\"1.5\"/><circle cx=\"" + svgNumber(mark.foot.x()) + "\" cy=\"" +
             svgNumber(mark.foot.y()) + "\" r=\"2\" fill=\"" + kSvgText + "\"/>\n";
}

void WorldSheet::drawRegion(const WorldMark& mark)
{
    const QPointF corner = mark.at - QPointF(mark.radius, mark.radius);
    m_out += "<g>" + svgNodeTip(m_graph, mark.lead) + "<rect x=\"" + svgNumber(corner.x()) + "\" y=\"" +
             svgNumber(corner.y()) + "\" width=\"" + svgNumber(2 * mark.radius) + "\" height=\"" +
             svgNumber(2 * mark.radius) + "\" rx=\"3\" fill=\"" + kSvgRaised + "\" stroke=\"" + kSvgText +
             "\" stroke-width=\"1.5\"/><path d=\"M" + pointText(mark.at + QPointF(-5, -2)) + "h10M" +
             pointText(mark.at + QPointF(-5, 2)) + "h10\" stroke=\"" + kSvgText +
             "\" stroke-width=\"1.5\"/></g>\n";
}

void WorldSheet::drawPops(const WorldMark& mark)
{
    const bool isKnown = mark.shade != WorldShade::Unknown;
    m_out += "<g>";
    if (mark.members.size() == 1) {
        m_out += svgNodeTip(m_graph, mark.lead, ", " + worldSvgFigures(m_world, mark.lead));
    } else {
        std::string tip;
        for (std::size_t i = 0; i < std::min(mark.members.size(), kTold); ++i)
            tip += (i == 0 ? "" : "; ") + popText(mark.members[i]);
        if (mark.members.size() > kTold)
            tip += "; and " + std::to_string(mark.members.size() - kTold) + " more PoPs";
        m_out += svgTitle(tip);
    }
    m_out += "<circle cx=\"" + svgNumber(mark.at.x()) + "\" cy=\"" + svgNumber(mark.at.y()) + "\" r=\"" +
             svgNumber(mark.radius) + "\" fill=\"" + colorOf(mark.shade) + "\" stroke=\"" +
             (isKnown ? "#ffffff" : kSvgMuted) + "\" stroke-width=\"" + (isKnown ? "1" : "1.6") + "\"/>";
    if (mark.members.size() > 1) {
        const bool isDark = worldStrength(mark.shade) > 0.9;
        m_out += svgText(mark.at.x(), mark.at.y() + 3.5,
                         mark.members.size() > 99 ? "99+" : std::to_string(mark.members.size()),
                         isDark ? "#ffffff" : kSvgText,
                         "text-anchor=\"middle\" font-size=\"10\" font-weight=\"bold\"");
    }
    m_out += "</g>\n";
}

/// From its mark on: what letters need is a guess, rather too wide.
void WorldSheet::drawLabel(const WorldMark& mark)
{
    if (mark.label.isEmpty())
        return;
    const QRectF& box = mark.labelBox;
    const double wide = box.width() * kSvgLikely;
    const double off = box.center().x() - mark.at.x();
    const bool above = std::abs(off) < 1;
    const double x = above ? box.center().x() : off > 0 ? box.left() + 2 : box.right() - 2;
    const double left = above ? x - wide / 2 : off > 0 ? x - 2 : x + 2 - wide;
    // Over land, sea and lines alike.
    m_out += "<rect x=\"" + svgNumber(left) + "\" y=\"" + svgNumber(box.y()) + "\" width=\"" +
             svgNumber(wide) + "\" height=\"" + svgNumber(box.height()) +
             "\" fill=\"#ffffff\" fill-opacity=\"0.72\"/>" +
             svgText(x, box.bottom() - 4, mark.label.toStdString(),
                     mark.shade == WorldShade::Slow ? kSvgWarning : kSvgText,
                     (std::string(above     ? "text-anchor=\"middle\""
                                  : off > 0 ? ""
                                            : "text-anchor=\"end\"") +
                      (mark.isRegion ? " font-weight=\"bold\"" : ""))
                         .c_str());
}

SvgLegend WorldSheet::legend() const
{
    SvgLegend legend(m_wide - 2 * kSvgMargin);
    const auto entry = [&](WorldShade shade, const std::string& word) {
        const std::string fill = colorOf(shade);
        legend.disc(fill, shade == WorldShade::Unknown ? kSvgMuted : fill, word);
    };
    if (m_world.median) {
        entry(WorldShade::UpToMedian, "p99 up to the median, " + formatDuration(m_world.median->figure));
        entry(WorldShade::UpToTwice, "up to 2 ×");
        entry(WorldShade::Above, "above");
        legend.warning("slow: 4 × and more");
    } else {
        entry(WorldShade::UpToMedian, "p99 known, too few PoPs to compare");
    }
    entry(WorldShade::Unknown, "no latency known");
    double most = 0;
    for (const PopSum& sum : m_world.sums)
        most = std::max(most, sum.rate.value_or(0));
    legend.widths("larger: higher rate" + (most > 0 ? ", up to " + flowRateText(most) : std::string()));
    if (!m_graph.edges.empty()) {
        legend.box(kSvgText, "region of servers");
        const FlowBasis basis = m_graph.edges.front().basis;
        legend.line(basis, "region that serves it, " + std::string(flowBasisName(basis)));
    }
    if (std::any_of(m_marks.all().begin(), m_marks.all().end(),
                    [](const WorldMark& mark) { return mark.members.size() > 1; }))
        legend.number("PoPs too near to part");
    return legend;
}

} // namespace

std::string worldSvg(const WorldGraph& world)
{
    return WorldSheet(world).draw();
}

} // namespace weir
