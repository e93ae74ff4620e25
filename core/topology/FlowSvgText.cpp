// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/topology/FlowSvgText.h"

#include <array>
#include <cmath>
#include <cstdio>
#include <cstdlib>

namespace weir {
namespace {

/// Of the character at `at`.
std::size_t lengthAt(std::string_view text, std::size_t at)
{
    std::size_t end = at + 1;
    while (end < text.size() && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80)
        ++end;
    return end - at;
}

/// Against the font's size.
double widthOf(std::string_view character)
{
    constexpr std::string_view kNarrow = "iljtfrI.,:;|'!()[] /-";
    constexpr std::string_view kBroad = "mwMW@%";
    const char c = character.front();
    if (character.size() >= 3)
        return 1.05;
    if (character.size() == 1 && kNarrow.find(c) != std::string_view::npos)
        return 0.42;
    if (character.size() == 1 && kBroad.find(c) != std::string_view::npos)
        return 1;
    return c >= 'A' && c <= 'Z' ? 0.74 : 0.64;
}

} // namespace

std::string svgNumber(double number)
{
    std::array<char, 40> text{};
    int size = std::snprintf(text.data(), text.size(), "%.2f", number);
    while (text[static_cast<std::size_t>(size) - 1] == '0')
        --size;
    if (text[static_cast<std::size_t>(size) - 1] == '.')
        --size;
    return {text.data(), static_cast<std::size_t>(size)};
}

std::string svgEscaped(std::string_view text)
{
    std::string out;
    out.reserve(text.size());
    for (const char c : text) {
        switch (c) {
        case '&':
            out += "&amp;";
            break;
        case '<':
            out += "&lt;";
            break;
        case '>':
            out += "&gt;";
            break;
        case '"':
            out += "&quot;";
            break;
        default:
            out += c;
        }
    }
    return out;
}

double svgTextWidth(std::string_view text, double size)
{
    double width = 0;
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t length = lengthAt(text, at);
        width += widthOf(text.substr(at, length)) * size;
        at += length;
    }
    return width;
}

std::string svgElided(const std::string& text, double room, double size)
{
    if (svgTextWidth(text, size) <= room)
        return text;
    std::vector<std::string_view> letters;
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t length = lengthAt(text, at);
        letters.push_back(std::string_view(text).substr(at, length));
        at += length;
    }
    std::string head;
    std::string tail;
    double left = room - size;
    for (std::size_t front = 0, back = letters.size(); front < back;) {
        const bool fromFront = head.size() <= tail.size();
        const std::string_view letter = fromFront ? letters[front++] : letters[--back];
        left -= widthOf(letter) * size;
        if (left < 0)
            break;
        if (fromFront)
            head += letter;
        else
            tail.insert(0, letter);
    }
    return head + "…" + tail;
}

std::vector<std::string> svgWrapped(const std::string& text, double room, double size)
{
    std::vector<std::string> lines;
    std::string line;
    std::size_t blank = std::string::npos; ///< the line's last
    double width = 0;
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t length = lengthAt(text, at);
        const std::string_view letter = std::string_view(text).substr(at, length);
        at += length;
        width += widthOf(letter) * size;
        if (width > room && !line.empty()) {
            const bool broken = blank != std::string::npos && blank > 0;
            std::string rest = broken ? line.substr(blank + 1) : std::string();
            lines.push_back(broken ? line.substr(0, blank) : line);
            line = std::move(rest);
            width = svgTextWidth(line, size) + widthOf(letter) * size;
            blank = std::string::npos;
        }
        if (letter == " ")
            blank = line.size();
        line += letter;
    }
    lines.push_back(line);
    return lines;
}

std::string svgText(double x, double y, std::string_view text, const char* color, const char* more)
{
    return "<text x=\"" + svgNumber(x) + "\" y=\"" + svgNumber(y) + "\" fill=\"" + color + "\"" +
           (*more == 0 ? "" : " " + std::string(more)) + ">" + svgEscaped(text) + "</text>\n";
}

const char* svgDashes(FlowBasis basis)
{
    switch (basis) {
    case FlowBasis::Observed:
        return "";
    case FlowBasis::Declared:
        return "7,4";
    case FlowBasis::Inferred:
        return "1.5,3";
    case FlowBasis::Traced:
        return "14,3";
    }
    return "";
}

std::string svgWarning(double x, double y)
{
    return "<path transform=\"translate(" + svgNumber(x) + " " + svgNumber(y) +
           ")\" d=\"M6 .5L11.8 11H.2ZM6 4V7.4M6 8.8V9.4\" fill=\"none\" stroke=\"" + kSvgWarning +
           "\" stroke-width=\"1.3\"/>";
}

const char* svgChange(FlowChange change)
{
    switch (change) {
    case FlowChange::Same:
        return nullptr;
    case FlowChange::Appeared:
        return "#006b4f";
    case FlowChange::Vanished:
        return "#b03000";
    case FlowChange::Changed:
        return kSvgWarning;
    }
    return nullptr;
}

std::string svgNodeBox(const SvgBox& box, FlowKind kind, const char* stroke, double strokeWidth,
                       const char* dashes)
{
    return "<rect x=\"" + svgNumber(box.x) + "\" y=\"" + svgNumber(box.y) + "\" width=\"" +
           svgNumber(box.width) + "\" height=\"" + svgNumber(box.height) + "\" rx=\"4\" fill=\"" +
           kSvgRaised + "\" stroke=\"" + stroke + "\" stroke-width=\"" + svgNumber(strokeWidth) + "\"" +
           (*dashes == 0 ? "" : " stroke-dasharray=\"" + std::string(dashes) + "\"") + "/><rect x=\"" +
           svgNumber(box.x + 5) + "\" y=\"" + svgNumber(box.y + 5) + "\" width=\"4\" height=\"" +
           svgNumber(box.height - 10) + "\" fill=\"" + svgKindColor(kind) + "\"/>";
}

const char* svgKindColor(FlowKind kind)
{
    static constexpr std::array kKinds{"#0072b2", "#d55e00", "#008a64", "#b0528a", "#8a6a00",
                                       "#4a4fb5", "#2c8fd0", "#9c4200", "#005e45", "#7d2f63",
                                       "#a3341f", "#5c5c5c", "#7a5fd0", "#00688a"};
    static_assert(kKinds.size() == static_cast<std::size_t>(kLastFlowKind) + 1);
    return kKinds[static_cast<std::size_t>(kind)];
}

std::string svgPale(const char* color, double share)
{
    std::array<char, 8> text{};
    const auto part = [&](std::size_t at) {
        const auto full = std::strtoul(std::string(color + at, 2).c_str(), nullptr, 16);
        return static_cast<unsigned>(std::lround(255 - share * (255 - static_cast<double>(full))));
    };
    (void)std::snprintf(text.data(), text.size(), "#%02x%02x%02x", part(1), part(3), part(5));
    return text.data();
}

} // namespace weir
