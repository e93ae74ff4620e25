// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/envelope/FactParsers.h"

#include <algorithm>
#include <limits>
#include <simdjson.h>

namespace weir {
namespace {

constexpr std::size_t kMaxPop = 32;
constexpr std::size_t kMaxTraceId = 128;
constexpr std::int64_t kNanosPerSecond = 1'000'000'000;

bool isDigit(char c)
{
    return c >= '0' && c <= '9';
}

constexpr std::array<bool, 256> lowerHexDigits()
{
    std::array<bool, 256> set{};
    for (const char c : std::string_view("0123456789abcdef"))
        set[static_cast<unsigned char>(c)] = true;
    return set;
}
constexpr auto kLowerHex = lowerHexDigits();

bool isLowerHex(std::string_view text)
{
    bool all = true;
    for (const char c : text)
        all &= kLowerHex[static_cast<unsigned char>(c)];
    return all;
}

bool isControl(char c)
{
    const auto byte = static_cast<unsigned char>(c);
    return byte < 0x20 || byte == 0x7f;
}

int hexValue(char c)
{
    if (isDigit(c))
        return c - '0';
    const char lower = static_cast<char>(c | 0x20);
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

/// Strips a double-quoted form with backslash escapes, then decodes one round of %XX.
std::string_view decodeCloudEvent(std::string_view value, FactBuffer& buffer)
{
    const bool quoted = value.size() >= 2 && value.front() == '"' && value.back() == '"';
    if (quoted)
        value = value.substr(1, value.size() - 2);
    std::size_t length = 0;
    for (std::size_t i = 0; i < value.size(); ++i) {
        char c = value[i];
        if (quoted && c == '\\' && i + 1 < value.size()) {
            c = value[++i];
        } else if (c == '%' && i + 2 < value.size() && hexValue(value[i + 1]) >= 0 &&
                   hexValue(value[i + 2]) >= 0) {
            c = static_cast<char>(hexValue(value[i + 1]) * 16 + hexValue(value[i + 2]));
            i += 2;
        }
        buffer[length++] = c;
    }
    return {buffer.data(), length};
}

bool allZero(std::string_view text)
{
    return text.find_first_not_of('0') == std::string_view::npos;
}

/// Printable UTF-8: no control characters, nothing that a JSON writer or a terminal would choke on.
bool isText(std::string_view value)
{
    bool ascii = true;
    for (const char c : value) {
        if (isControl(c))
            return false;
        ascii &= static_cast<unsigned char>(c) < 0x80;
    }
    return ascii || simdjson::validate_utf8(value.data(), value.size());
}

/// Nanoseconds in one unit of a Unix time of that size: s before the year 5138, then ms, µs, ns.
std::int64_t unitOf(std::int64_t number)
{
    if (number < 100'000'000'000)
        return kNanosPerSecond;
    if (number < 100'000'000'000'000)
        return 1'000'000;
    return number < 100'000'000'000'000'000 ? 1'000 : 1;
}

/// Reads all of `value` as digits with an optional fraction.
bool parseUnix(std::string_view value, Timestamp& time)
{
    std::int64_t number = 0;
    std::size_t i = 0;
    for (; i < value.size() && isDigit(value[i]); ++i) {
        if (i == 19 || number > (std::numeric_limits<std::int64_t>::max() - 9) / 10)
            return false;
        number = number * 10 + (value[i] - '0');
    }
    if (i == 0 || number == 0)
        return false;
    const std::int64_t unit = unitOf(number);
    if (number > std::numeric_limits<std::int64_t>::max() / unit - 1)
        return false;
    std::int64_t nanos = number * unit;
    if (i < value.size() && value[i] == '.') {
        std::int64_t place = unit / 10;
        for (++i; i < value.size() && isDigit(value[i]); ++i, place /= 10)
            nanos += place * (value[i] - '0');
    }
    time = fromUnixNanos(nanos);
    return i == value.size();
}

} // namespace

std::string_view parsePop(std::string_view value, FactBuffer& buffer)
{
    if (value.empty() || value.size() > kMaxPop)
        return {};
    bool changed = false;
    for (std::size_t i = 0; i < value.size(); ++i) {
        char c = value[i];
        if (c >= 'a' && c <= 'z') {
            c = static_cast<char>(c - 'a' + 'A');
            changed = true;
        }
        const bool sane = (c >= 'A' && c <= 'Z') || isDigit(c) || c == '-' || c == '_' || c == '.';
        if (!sane)
            return {};
        buffer[i] = c;
    }
    return changed ? std::string_view(buffer.data(), value.size()) : value;
}

std::string_view afterLastDash(std::string_view value)
{
    const std::size_t dash = value.rfind('-');
    return dash == std::string_view::npos ? std::string_view{} : value.substr(dash + 1);
}

std::string_view parseName(std::string_view value, FactBuffer& buffer)
{
    if (value.empty() || value.size() >= buffer.size())
        return {};
    if (value.front() == '"' || value.find('%') != std::string_view::npos)
        value = decodeCloudEvent(value, buffer);
    return isText(value) ? value : std::string_view{};
}

std::string plainText(std::string_view value)
{
    constexpr std::size_t kMax = std::tuple_size_v<FactBuffer> - 1;
    std::size_t size = std::min(value.size(), kMax);
    while (size < value.size() && size > 0 && (static_cast<unsigned char>(value[size]) & 0xc0) == 0x80)
        --size; // not in the middle of a UTF-8 sequence
    std::string text(value.substr(0, size));
    std::replace_if(text.begin(), text.end(), isControl, '?');
    return text;
}

std::string_view parseTraceparent(std::string_view value)
{
    if (value.size() < 55 || value[2] != '-' || value[35] != '-' || value[52] != '-')
        return {};
    const std::string_view version = value.substr(0, 2);
    const std::string_view trace = value.substr(3, 32);
    const std::string_view parent = value.substr(36, 16);
    if (!isLowerHex(version) || !isLowerHex(trace) || !isLowerHex(parent) || !isLowerHex(value.substr(53, 2)))
        return {};
    const bool rightLength = value.size() == 55 || (version != "00" && value[55] == '-');
    if (version == "ff" || !rightLength || allZero(trace) || allZero(parent))
        return {};
    return trace;
}

std::string_view parseTraceId(std::string_view value)
{
    if (value.empty() || value.size() > kMaxTraceId)
        return {};
    const bool sane = std::all_of(value.begin(), value.end(), [](char c) { return c >= 0x20 && c < 0x7f; });
    return sane ? value : std::string_view{};
}

Timestamp parseSent(std::string_view value)
{
    Timestamp time = kNoTime;
    if (value.empty() || !isDigit(value.front()) || value.size() > 64)
        return kNoTime;
    if (parseUnix(value, time))
        return time;
    const bool mayBeDate = value.size() >= 10 && value[4] == '-';
    return mayBeDate ? parseRfc3339(value).value_or(kNoTime) : kNoTime;
}

bool subjectMatches(std::string_view pattern, std::string_view subject)
{
    while (true) {
        const std::size_t patternDot = pattern.find('.');
        const std::size_t subjectDot = subject.find('.');
        const std::string_view want = pattern.substr(0, patternDot);
        if (want == ">")
            return !subject.empty();
        if (want != "*" && want != subject.substr(0, subjectDot))
            return false;
        const bool patternEnds = patternDot == std::string_view::npos;
        const bool subjectEnds = subjectDot == std::string_view::npos;
        if (patternEnds || subjectEnds)
            return patternEnds && subjectEnds;
        pattern.remove_prefix(patternDot + 1);
        subject.remove_prefix(subjectDot + 1);
    }
}

std::string_view subjectToken(std::string_view subject, std::size_t index)
{
    for (; index > 0; --index) {
        const std::size_t dot = subject.find('.');
        if (dot == std::string_view::npos)
            return {};
        subject.remove_prefix(dot + 1);
    }
    return subject.substr(0, subject.find('.'));
}

} // namespace weir
