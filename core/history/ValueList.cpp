// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/history/ValueList.h"

#include "core/history/HexDigits.h"

#include <algorithm>
#include <array>

namespace weir {
namespace {

constexpr std::size_t kMaxAligned = 512; ///< longest value that is looked at position by position
constexpr std::size_t kFewest = 16;      ///< fewer rows do not show their shape

enum class Position : std::uint8_t { Constant = 0, Hex = 1, Byte = 2 };

struct Run
{
    Position kind;
    std::size_t begin;
    std::size_t length;
};

using Lanes = unsigned char __attribute__((vector_size(16)));
constexpr std::size_t kLanes = sizeof(Lanes);

Lanes load(const char* at, std::size_t length)
{
    Lanes lanes{};
    std::memcpy(&lanes, at, std::min(length, kLanes));
    return lanes;
}

/// What holds for one position of all values, sixteen positions at a time.
struct Shape
{
    std::array<unsigned char, kMaxAligned + kLanes> differs{};
    std::array<unsigned char, kMaxAligned + kLanes> notHex{};
};

void learn(std::span<const std::string_view> values, std::size_t length, Shape& shape)
{
    for (std::size_t from = 0; from < length; from += kLanes) {
        const std::size_t width = std::min(length - from, kLanes);
        const Lanes first = load(values[0].data() + from, width);
        Lanes differs{};
        Lanes notHex{};
        for (const std::string_view value : values) {
            const Lanes lanes =
                width == kLanes ? load(value.data() + from, kLanes) : load(value.data() + from, width);
            differs |= lanes ^ first;
            const Lanes isHex = reinterpret_cast<Lanes>((lanes - static_cast<unsigned char>('0')) <= 9) |
                                reinterpret_cast<Lanes>((lanes - static_cast<unsigned char>('a')) <= 5);
            notHex |= ~isHex;
        }
        std::memcpy(shape.differs.data() + from, &differs, kLanes);
        std::memcpy(shape.notHex.data() + from, &notHex, kLanes);
    }
}

std::vector<Run> runsOf(const Shape& shape, std::size_t length)
{
    std::vector<Run> runs;
    for (std::size_t i = 0; i < length; ++i) {
        const Position kind = shape.differs[i] == 0  ? Position::Constant
                              : shape.notHex[i] == 0 ? Position::Hex
                                                     : Position::Byte;
        if (!runs.empty() && runs.back().kind == kind)
            ++runs.back().length;
        else
            runs.push_back({kind, i, 1});
    }
    return runs;
}

std::size_t packedWidth(const std::vector<Run>& runs)
{
    std::size_t width = 0;
    for (const Run& run : runs)
        width += run.kind == Position::Hex ? (run.length + 1) / 2 : 0;
    return width;
}

std::size_t byteWidth(const std::vector<Run>& runs)
{
    std::size_t width = 0;
    for (const Run& run : runs)
        width += run.kind == Position::Byte ? run.length : 0;
    return width;
}

void appendAligned(std::span<const std::string_view> values, const std::vector<Run>& runs, std::string& out)
{
    appendVarint(out, values[0].size());
    for (const Run& run : runs) {
        out += static_cast<char>(run.kind);
        appendVarint(out, run.length);
        if (run.kind == Position::Constant)
            out += values[0].substr(run.begin, run.length);
    }
    const std::size_t start = out.size();
    const std::size_t packed = packedWidth(runs);
    const std::size_t bytes = byteWidth(runs);
    out.resize(start + values.size() * (packed + bytes));
    char* hex = out.data() + start;
    char* byte = hex + values.size() * packed;
    for (const std::string_view value : values) {
        for (const Run& run : runs) {
            if (run.kind == Position::Hex) {
                hex = packHex(value.data() + run.begin, run.length, hex);
            } else if (run.kind == Position::Byte) {
                std::memcpy(byte, value.data() + run.begin, run.length);
                byte += run.length;
            }
        }
    }
}

void appendText(std::span<const std::string_view> values, std::string& out)
{
    std::size_t bytes = 0;
    for (const std::string_view value : values)
        bytes += value.size();
    const std::size_t start = out.size();
    out.resize(start + values.size() * kMaxVarint);
    char* at = out.data() + start;
    for (const std::string_view value : values)
        at = writeVarint(at, value.size());
    out.resize(static_cast<std::size_t>(at - out.data()));
    out.reserve(out.size() + bytes);
    for (const std::string_view value : values)
        out += value;
}

bool readRuns(ByteReader& in, std::size_t length, std::vector<Run>& runs, std::string& pattern)
{
    while (pattern.size() < length) {
        const auto kind = static_cast<Position>(in.fixed<std::uint8_t>());
        const std::uint64_t run = in.varint();
        if (run == 0 || run > length - pattern.size() || kind > Position::Byte)
            return false;
        runs.push_back({kind, pattern.size(), run});
        if (kind == Position::Constant)
            pattern += in.take(run);
        else
            pattern.append(run, '\0');
        if (!in.ok())
            return false;
    }
    return true;
}

bool readAligned(ByteReader& in, std::size_t count, std::vector<std::string_view>& values, ByteRoom& room)
{
    const std::uint64_t length = in.varint();
    std::vector<Run> runs;
    std::string pattern;
    if (length == 0 || length > kMaxAligned || !readRuns(in, length, runs, pattern))
        return false;
    const std::string_view packed = in.take(count * packedWidth(runs));
    const std::string_view bytes = in.take(count * byteWidth(runs));
    if (!in.ok())
        return false;
    std::string& made = room.emplace_back(count * length, '\0');
    const char* hex = packed.data();
    const char* byte = bytes.data();
    for (std::size_t row = 0; row < count; ++row) {
        char* const to = made.data() + row * length;
        std::memcpy(to, pattern.data(), length);
        for (const Run& run : runs) {
            if (run.kind == Position::Hex) {
                unpackHex(hex, run.length, to + run.begin);
                hex += (run.length + 1) / 2;
            } else if (run.kind == Position::Byte) {
                std::memcpy(to + run.begin, byte, run.length);
                byte += run.length;
            }
        }
        values.emplace_back(to, length);
    }
    return true;
}

bool readText(ByteReader& in, std::size_t count, std::vector<std::string_view>& values)
{
    std::vector<std::uint64_t> lengths(count);
    for (std::uint64_t& length : lengths)
        length = in.varint();
    for (const std::uint64_t length : lengths)
        values.push_back(in.take(length));
    return in.ok();
}

} // namespace

void appendValues(std::span<const std::string_view> values, std::string& out)
{
    if (values.empty())
        return;
    const std::string_view first = values[0];
    const bool oneLength = std::all_of(values.begin(), values.end(),
                                       [&](std::string_view value) { return value.size() == first.size(); });
    if (oneLength &&
        std::all_of(values.begin(), values.end(), [&](std::string_view v) { return v == first; })) {
        out += static_cast<char>(ValueLayout::Same);
        appendVarint(out, first.size());
        out += first;
    } else if (oneLength && first.size() <= kMaxAligned && values.size() >= kFewest) {
        Shape shape;
        learn(values, first.size(), shape);
        out += static_cast<char>(ValueLayout::Aligned);
        appendAligned(values, runsOf(shape, first.size()), out);
    } else {
        out += static_cast<char>(ValueLayout::Text);
        appendText(values, out);
    }
}

bool readValues(ByteReader& in, std::size_t count, std::vector<std::string_view>& values, ByteRoom& room)
{
    values.clear();
    if (count == 0)
        return true;
    values.reserve(count);
    switch (static_cast<ValueLayout>(in.fixed<std::uint8_t>())) {
    case ValueLayout::Same:
        values.assign(count, in.take(in.varint()));
        return in.ok();
    case ValueLayout::Text:
        return readText(in, count, values);
    case ValueLayout::Aligned:
        return readAligned(in, count, values, room);
    }
    return false;
}

} // namespace weir
