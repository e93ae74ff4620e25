// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/history/TraceGroups.h"

#include "core/history/Schema.h"

#include <algorithm>
#include <utility>

namespace weir {
namespace {

constexpr const char* kGroups =
    "SELECT first_seq, last_seq, first_part, parts, checksum FROM trace_group ORDER BY first_seq";
constexpr const char* kPart = "SELECT filter FROM trace_part WHERE id = ?";
constexpr std::uint64_t kMostParts = 1U << 20U; ///< no group has more; a damaged row may say so

std::optional<TraceGroupRow> soundGroup(const Statement& found)
{
    const TraceGroupRow row{found.count(0), found.count(1), found.count(2), found.count(3)};
    const bool sound = row.checksum() == found.count(4) && row.parts <= kMostParts;
    return sound ? std::optional(row) : std::nullopt;
}

} // namespace

Result<TraceGroups> TraceGroups::read(Database& database)
{
    TraceGroups made;
    const auto there = hasTable(database, "trace_group");
    if (!there)
        return there.error();
    if (!*there)
        return made;
    auto rows = database.prepare(kGroups);
    auto select = database.prepare(kPart);
    if (!rows || !select)
        return rows ? select.error() : rows.error();
    made.m_select = std::move(*select);
    const auto read = rows->forEachRow([&]() -> Result<void> {
        if (const auto row = soundGroup(*rows))
            made.m_groups.push_back(*row);
        return {};
    });
    if (!read && read.error().code != ErrorCode::Format) // of damaged pages the rest counts
        return read.error();
    return made;
}

bool TraceGroups::find(std::uint64_t first, std::uint64_t last)
{
    if (m_at < m_groups.size() && m_groups[m_at].covers(first, last))
        return true;
    const auto after =
        std::upper_bound(m_groups.begin(), m_groups.end(), first,
                         [](std::uint64_t seq, const TraceGroupRow& row) { return seq < row.firstSeq; });
    if (after == m_groups.begin() || !std::prev(after)->covers(first, last))
        return false;
    m_at = static_cast<std::size_t>(std::prev(after) - m_groups.begin());
    m_parts.clear();
    return true;
}

bool TraceGroups::mayHold(std::uint64_t first, std::uint64_t last, std::uint64_t hash)
{
    if (!find(first, last))
        return true;
    const TraceGroupRow& group = m_groups[m_at];
    if (group.parts == 0) // none of its messages has a trace
        return false;
    const auto& bytes = part(group.partOf(hash));
    return !bytes || partMayHoldTrace(*bytes, hash);
}

const std::optional<std::string>& TraceGroups::part(std::uint64_t number)
{
    const TraceGroupRow& group = m_groups[m_at];
    m_parts.resize(group.parts);
    Part& wanted = m_parts[number];
    if (std::exchange(wanted.asked, true))
        return wanted.bytes;
    const auto there = m_select.bind(1, group.firstPart + number).step();
    if (there && *there) {
        std::string_view bytes = m_select.bytes(0);
        if (isSoundTracePart(group, number, bytes))
            wanted.bytes = bytes;
    }
    m_select.reset();
    return wanted.bytes;
}

Result<void> checkTraceGroups(Database& database, const std::function<void(std::string)>& tell)
{
    const auto there = hasTable(database, "trace_group");
    if (!there || !*there)
        return there ? Result<void>() : there.error();
    auto rows = database.prepare(kGroups);
    auto parts = database.prepare(kPart);
    if (!rows || !parts)
        return rows ? parts.error() : rows.error();
    return rows->forEachRow([&]() -> Result<void> {
        const std::string name = "the traces from message " + std::to_string(rows->integer(0)) + " on: ";
        const auto group = soundGroup(*rows);
        if (!group) {
            tell(name + "the checksum of their row differs");
            return {};
        }
        for (std::uint64_t part = 0; part < group->parts; ++part) {
            const auto found = parts->bind(1, group->firstPart + part).step();
            if (!found)
                return found.error();
            std::string_view bytes = *found ? parts->bytes(0) : std::string_view();
            if (!isSoundTracePart(*group, part, bytes))
                tell(name + "part " + std::to_string(part) + (*found ? " is damaged" : " is missing"));
            parts->reset();
        }
        return {};
    });
}

} // namespace weir
