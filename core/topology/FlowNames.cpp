// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/topology/FlowNames.h"

#include "core/capture/MessageJson.h"

#include <QChar>

#include <algorithm>
#include <array>
#include <cstdio>

namespace weir {
namespace {

constexpr int kMostMarks = 3; // on one letter: languages need no more

std::size_t lengthOf(char lead)
{
    const auto byte = static_cast<unsigned char>(lead);
    return byte < 0x80 ? 1 : byte < 0xE0 ? 2 : byte < 0xF0 ? 3 : 4;
}

/// Of one well-formed sequence.
char32_t codeOf(std::string_view sequence)
{
    auto code = static_cast<char32_t>(static_cast<unsigned char>(sequence.front()));
    if (sequence.size() > 1)
        code &= 0xFFU >> (sequence.size() + 1);
    for (const char byte : sequence.substr(1))
        code = (code << 6U) | (static_cast<unsigned char>(byte) & 0x3FU);
    return code;
}

/// Shapes letters of scripts that need it; everything else of its category hides or turns text.
bool isJoiner(char32_t c)
{
    return c == 0x200C || c == 0x200D;
}

bool isSpelledOut(char32_t c)
{
    switch (QChar::category(c)) {
    case QChar::Other_Format:
        return !isJoiner(c);
    case QChar::Other_Control:
    case QChar::Other_Surrogate:
    case QChar::Other_NotAssigned:
    case QChar::Separator_Line:
    case QChar::Separator_Paragraph:
        return true;
    default:
        return false;
    }
}

void spell(std::string& out, const char* format, unsigned value)
{
    std::array<char, 16> text{};
    const int size = std::snprintf(text.data(), text.size(), format, value);
    out.append(text.data(), static_cast<std::size_t>(size));
}

void appendControl(std::string& out, unsigned char byte)
{
    switch (byte) {
    case '\n':
        out += "\\n";
        break;
    case '\r':
        out += "\\r";
        break;
    case '\t':
        out += "\\t";
        break;
    default:
        spell(out, "\\x%02x", byte);
    }
}

} // namespace

std::string harmlessName(std::string_view name, std::size_t limit)
{
    std::string out;
    int marks = 0;
    std::string_view rest = name;
    while (!rest.empty()) {
        const std::string_view one = rest.substr(0, std::min(lengthOf(rest.front()), rest.size()));
        const bool fits = name.size() - rest.size() + one.size() <= limit;
        if (!fits)
            return out + "…";
        if (!isUtf8(one) || static_cast<unsigned char>(one.front()) < 0x20 || one.front() == 0x7F) {
            appendControl(out, static_cast<unsigned char>(one.front()));
            rest.remove_prefix(1);
            continue;
        }
        rest.remove_prefix(one.size());
        const char32_t c = codeOf(one);
        marks = QChar::category(c) == QChar::Mark_NonSpacing ? marks + 1 : 0;
        if (marks > kMostMarks)
            continue;
        if (isSpelledOut(c))
            spell(out, "\\u{%x}", static_cast<unsigned>(c));
        else
            out += one;
    }
    return out;
}

} // namespace weir
