// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/Output.h"

#include "app/cli/Cli.h"
#include "core/capture/MessageJson.h"

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <unistd.h>

namespace weir::cli {
namespace {

/// Bytes of the UTF-8 character that `first` begins.
std::size_t lengthOf(char first)
{
    const auto byte = static_cast<unsigned char>(first);
    return byte < 0x80 ? 1 : byte >= 0xF0 ? 4 : byte >= 0xE0 ? 3 : 2;
}

/// Whether a terminal would act on this character instead of showing it.
bool steers(std::string_view character)
{
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(character[i]); };
    if (character.size() == 1)
        return byte(0) < 0x20 || byte(0) == 0x7F;
    if (character.size() == 2)
        return byte(0) == 0xC2 && byte(1) < 0xA0; // C1: U+009B is a CSI
    if (character.size() != 3 || byte(0) != 0xE2)
        return false;
    const bool marks = byte(1) == 0x80 && ((byte(2) >= 0x8E && byte(2) <= 0x8F) || // U+200E, U+200F
                                           (byte(2) >= 0xA8 && byte(2) <= 0xAE));  // U+2028 to U+202E
    return marks || (byte(1) == 0x81 && byte(2) >= 0xA6 && byte(2) <= 0xA9);       // U+2066 to U+2069
}

void appendBytes(std::string& out, std::string_view bytes)
{
    for (const char c : bytes) {
        std::array<char, 8> escape{};
        std::snprintf(escape.data(), escape.size(), "\\x%02x", static_cast<unsigned char>(c));
        out += escape.data();
    }
}

} // namespace

Exit finishOutput(Exit exit, int problem)
{
    if (problem == 0 && std::fflush(stdout) != 0)
        problem = errno;
    if (problem == 0 || problem == EPIPE)
        return exit;
    return complain({ErrorCode::Io, "writing to stdout", std::strerror(problem), "the output is not whole"});
}

bool stderrIsTerminal()
{
    return ::isatty(STDERR_FILENO) == 1;
}

std::string grouped(std::uint64_t number)
{
    std::string digits = std::to_string(number);
    for (std::size_t place = digits.size(); place > 3;) {
        place -= 3;
        digits.insert(place, 1, ',');
    }
    return digits;
}

std::string csvField(std::string_view text)
{
    if (text.find_first_of(",\"\r\n") == std::string_view::npos)
        return std::string(text);
    std::string field = "\"";
    for (const char c : text) {
        if (c == '"')
            field += '"';
        field += c;
    }
    return field + '"';
}

std::string counted(std::uint64_t number, const std::string& noun)
{
    return grouped(number) + " " + noun + (number == 1 ? "" : "s");
}

std::string printable(std::string_view text)
{
    const bool utf8 = isUtf8(text);
    std::string shown;
    shown.reserve(text.size());
    while (!text.empty()) {
        const std::string_view one = text.substr(0, utf8 ? lengthOf(text.front()) : 1);
        if (steers(one) || (!utf8 && static_cast<unsigned char>(one.front()) >= 0x80))
            appendBytes(shown, one);
        else
            shown += one;
        text.remove_prefix(one.size());
    }
    return shown;
}

std::string_view shortened(std::string_view text, std::size_t bytes)
{
    if (text.size() <= bytes)
        return text;
    std::size_t end = bytes;
    while (end > 0 && bytes - end < 3 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80)
        --end; // a character's later bytes
    return text.substr(0, end);
}

} // namespace weir::cli
