// SPDX-License-Identifier: GPL-3.0-or-later
// A tree of subjects as SVG.
#include "core/base/Wording.h"
#include "core/topology/FlowNames.h"
#include "core/topology/FlowSvgText.h"
#include "core/topology/FlowText.h"
#include "core/topology/SubjectPicture.h"
#include "core/topology/SvgPage.h"
#include "core/topology/SvgTips.h"

#include <algorithm>

namespace weir {
namespace {

constexpr double kRow = 20;
constexpr double kHeader = 34;
constexpr double kFont = 12;
constexpr double kIndent = 18;
constexpr double kName = 420; // px, of the first column
constexpr double kTrend = 130;
constexpr double kFigure = 96; // px, of each other column
constexpr double kWide = kSvgMargin * 2 + kName + kTrend + 4 * kFigure;

class SubjectDrawing
{
public:
    explicit SubjectDrawing(const SubjectPicture& picture) : m_picture(picture) {}

    [[nodiscard]] std::string draw()
    {
        drawHeader();
        double y = kHeader + kRow;
        for (const SubjectPicture::Row& row : m_picture.rows) {
            drawRow(row, y);
            y += kRow;
        }
        SvgLegend legend(kWide - 2 * kSvgMargin);
        const SvgPage page{"Subjects", kWide, {std::move(m_out), y}, legend, {}};
        return page.of(m_picture.graph);
    }

private:
    /// The right end of column `index` of figures: rate, messages, bytes, subscribers.
    [[nodiscard]] static double endOf(std::size_t index)
    {
        const double trend = index > 0 ? kTrend : 0;
        return kSvgMargin + kName + trend + kFigure * static_cast<double>(index + 1);
    }

    void drawHeader()
    {
        const auto title = [this](double x, const char* text, const char* anchor) {
            m_out += svgText(x, kSvgMargin, text, kSvgMuted,
                             (std::string("font-weight=\"bold\" text-anchor=\"") + anchor + "\"").c_str());
        };
        title(kSvgMargin, "Subject", "start");
        title(endOf(0), m_picture.means ? "Mean rate" : "Rate", "end");
        if (!m_picture.means)
            title(endOf(0) + kTrend / 2, "Last minute", "middle");
        title(endOf(1), "Messages", "end");
        title(endOf(2), "Bytes", "end");
        title(endOf(3), "Subscribers", "end");
        m_out += "<path d=\"M0 " + svgNumber(kHeader) + "H" + svgNumber(kWide) + "\" stroke=\"" + kSvgBorder +
                 "\" fill=\"none\"/>\n";
    }

    void drawRow(const SubjectPicture::Row& row, double y)
    {
        const double indent = kIndent * static_cast<double>(std::min<std::size_t>(row.depth, 12));
        m_out += "<g>" + svgTitle(harmlessName(row.node.path));
        m_out += svgText(kSvgMargin + indent, y,
                         svgElided(harmlessName(subjectRowName(row.node)), kName - indent - kIndent, kFont),
                         row.node.kind == SubjectNode::Kind::Token ? kSvgText : kSvgMuted);
        figure(0, y, flowRateText(row.rate));
        figure(1, y, std::to_string(row.node.count));
        figure(2, y, bytesForPeople(row.node.bytes));
        if (const auto& audience = row.node.audience)
            figure(3, y, (audience->whole ? "" : "≥ ") + std::to_string(audience->total()));
        drawTrend(row.node.sparkline, y);
        m_out += "</g>\n";
    }

    void figure(std::size_t column, double y, const std::string& text)
    {
        m_out += svgText(endOf(column), y, text, kSvgText, "text-anchor=\"end\"");
    }

    void drawTrend(const std::vector<std::uint32_t>& seconds, double y)
    {
        if (seconds.empty() || m_picture.means)
            return;
        const std::uint32_t most = std::max(1U, *std::max_element(seconds.begin(), seconds.end()));
        const double step = (kTrend - 2 * kIndent) / static_cast<double>(seconds.size());
        const double high = kRow - 6;
        double x = endOf(0) + kIndent;
        std::string path;
        for (const std::uint32_t each : seconds) {
            const double top = y + 2 - high * static_cast<double>(each) / static_cast<double>(most);
            path += (path.empty() ? "M" : "L") + svgNumber(x) + " " + svgNumber(top);
            x += step;
        }
        m_out += "<path class=\"trend\" d=\"" + path + "\" fill=\"none\" stroke=\"" + kSvgAccent + "\"/>";
    }

    const SubjectPicture& m_picture;
    std::string m_out;
};

} // namespace

std::string subjectsSvg(const SubjectPicture& picture)
{
    return SubjectDrawing(picture).draw();
}

} // namespace weir
