// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/topology/SvgLegend.h"

#include "core/topology/FlowSvgText.h"

namespace weir {
namespace {

constexpr double kFont = 12;
constexpr double kRow = 20;    // px
constexpr double kSample = 26; // px of line before its word
constexpr double kSmall = 12;  // px of another sign
constexpr double kGap = 18;    // px between two entries

} // namespace

double SvgLegend::height() const
{
    return kRow * static_cast<double>(m_row + 1);
}

double SvgLegend::middle() const
{
    return kRow * (static_cast<double>(m_row) + 0.5);
}

void SvgLegend::begin(double after, std::string_view word)
{
    if (m_x == 0 || m_x + after + 6 + svgTextWidth(word, kFont) <= m_room)
        return;
    m_x = 0;
    ++m_row;
}

void SvgLegend::say(double after, std::string_view word)
{
    m_out += svgText(m_x + after + 6, middle() + 4, word, kSvgText);
    m_x += after + 6 + svgTextWidth(word, kFont) + kGap;
}

void SvgLegend::line(FlowBasis basis, std::string_view word)
{
    begin(kSample, word);
    const std::string dashes = svgDashes(basis);
    m_out += "<path d=\"M" + svgNumber(m_x) + " " + svgNumber(middle()) + "h26\" stroke=\"" + kSvgText +
             "\" stroke-width=\"1.6\" fill=\"none\"" +
             (dashes.empty() ? "" : " stroke-dasharray=\"" + dashes + "\"") + "/>";
    say(kSample, word);
}

void SvgLegend::widths(std::string_view word)
{
    begin(kSample, word);
    m_out += "<path d=\"M" + svgNumber(m_x) + " " + svgNumber(middle()) + "l26 -4v8z\" fill=\"" + kSvgMuted +
             "\"/>";
    say(kSample, word);
}

void SvgLegend::disc(const std::string& fill, const std::string& rim, std::string_view word)
{
    begin(kSmall, word);
    m_out += "<circle cx=\"" + svgNumber(m_x + 6) + "\" cy=\"" + svgNumber(middle()) +
             "\" r=\"5.3\" fill=\"" + fill + "\" stroke=\"" + rim + "\" stroke-width=\"1.4\"/>";
    say(kSmall, word);
}

void SvgLegend::box(const std::string& color, std::string_view word, const char* dashes)
{
    begin(kSmall, word);
    m_out += "<rect x=\"" + svgNumber(m_x) + "\" y=\"" + svgNumber(middle() - 5) +
             "\" width=\"12\" height=\"10\" fill=\"none\" stroke-width=\"2\" stroke=\"" + color + "\"" +
             (*dashes == 0 ? "" : " stroke-dasharray=\"" + std::string(dashes) + "\"") + "/>";
    say(kSmall, word);
}

void SvgLegend::number(std::string_view word)
{
    constexpr double kDisc = 16;
    begin(kDisc, word);
    m_out += "<circle cx=\"" + svgNumber(m_x + 8) + "\" cy=\"" + svgNumber(middle()) +
             "\" r=\"7.3\" fill=\"#ffffff\" stroke=\"" + kSvgMuted + "\" stroke-width=\"1.4\"/>" +
             svgText(m_x + 8, middle() + 3.5, "3", kSvgText,
                     "text-anchor=\"middle\" font-size=\"10\" font-weight=\"bold\"");
    say(kDisc, word);
}

void SvgLegend::warning(std::string_view word)
{
    begin(kSmall, word);
    m_out += svgWarning(m_x, middle() - 6);
    say(kSmall, word);
}

} // namespace weir
