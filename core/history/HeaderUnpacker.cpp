// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/history/HeaderUnpacker.h"

#include "core/history/NumberColumn.h"

namespace weir {
namespace {

constexpr std::size_t kMaxMade = 1UL << 30U; ///< a damaged count must not eat the machine's memory

struct UnpackTemplate
{
    std::vector<std::string_view> literals;
    std::size_t traceGap = 0; ///< 1-based; 0: none
    std::vector<std::vector<std::string_view>> values;
    std::size_t rows = 0;
    std::size_t next = 0;
};

bool readTemplates(ByteReader& in, std::vector<UnpackTemplate>& templates)
{
    const std::uint64_t count = in.varint();
    for (std::uint64_t i = 0; i < count && in.ok(); ++i) {
        UnpackTemplate& one = templates.emplace_back();
        const std::uint64_t literals = in.varint();
        one.traceGap = in.varint();
        for (std::uint64_t k = 0; k < literals && in.ok(); ++k)
            one.literals.push_back(in.take(in.varint()));
        if (one.literals.empty() || one.traceGap >= one.literals.size())
            return false;
    }
    return in.ok();
}

bool readSlots(ByteReader& in, std::vector<UnpackTemplate>& templates, ByteRoom& room)
{
    for (UnpackTemplate& one : templates) {
        one.values.resize(one.literals.size() - 1);
        for (std::size_t gap = 0; gap < one.values.size(); ++gap) {
            if (gap + 1 != one.traceGap && !readValues(in, one.rows, one.values[gap], room))
                return false;
        }
    }
    return in.done();
}

void join(const UnpackTemplate& from, std::string_view trace, std::string& out)
{
    for (std::size_t gap = 0; gap < from.values.size(); ++gap) {
        out += from.literals[gap];
        out += gap + 1 == from.traceGap ? trace : from.values[gap][from.next];
    }
    out += from.literals.back();
}

} // namespace

bool unpackHeaders(ByteReader& in, std::span<const std::string_view> traces,
                   std::span<const std::uint32_t> wanted, std::vector<std::string_view>& headers,
                   ByteRoom& room)
{
    std::vector<UnpackTemplate> templates;
    std::vector<std::uint32_t> rows(traces.size());
    if (!readTemplates(in, templates) || !readPlanes(in, rows))
        return false;
    for (const std::uint32_t number : rows) {
        if (number >= templates.size())
            return false;
        ++templates[number].rows;
    }
    ByteRoom parts; // what the slots' views point into; only needed here
    if (!readSlots(in, templates, parts))
        return false;
    std::vector<std::size_t> ends;
    ends.reserve(wanted.size());
    std::string made;
    for (std::size_t row = 0; row < rows.size() && ends.size() < wanted.size(); ++row) {
        UnpackTemplate& from = templates[rows[row]];
        if (row == wanted[ends.size()]) {
            join(from, traces[row], made);
            ends.push_back(made.size());
        }
        ++from.next;
        if (made.size() > kMaxMade)
            return false;
    }
    const std::string& kept = room.emplace_back(std::move(made));
    headers.clear();
    for (std::size_t at = 0, start = 0; at < ends.size(); start = ends[at], ++at)
        headers.push_back(std::string_view(kept).substr(start, ends[at] - start));
    return true;
}

} // namespace weir
