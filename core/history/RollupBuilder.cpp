// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/history/RollupBuilder.h"

#include "core/history/RollupSum.h"
#include "core/history/SubjectGroup.h"
#include "core/latency/Histogram.h"

#include <algorithm>
#include <bit>
#include <cstring>

namespace weir {
namespace {

constexpr std::uint32_t kMostGroups =
    16'384; ///< distinct ones a history; what comes then keeps its first token
std::string firstToken(std::string_view subject)
{
    return std::string(subject.substr(0, std::min<std::size_t>(subject.find('.'), 64))) + ".>";
}

} // namespace

bool saysError(std::string_view headers)
{
    constexpr std::string_view kVersion = "NATS/1.0";
    constexpr std::string_view kServiceError = "\r\nNats-Service-Error-Code:";
    if (headers.size() > kVersion.size() + 1 && headers[kVersion.size()] == ' ')
        return headers[kVersion.size() + 1] >= '4';
    return headers.size() > kServiceError.size() &&
           ::memmem(headers.data(), headers.size(), kServiceError.data(), kServiceError.size()) != nullptr;
}

std::vector<RollupSlot> RollupBuilder::sum(std::span<const Message* const> messages)
{
    std::vector<RollupSlot> seconds;
    while (!messages.empty()) {
        const std::int64_t second = secondOf(messages.front()->time);
        const auto other = std::find_if(messages.begin(), messages.end(), [second](const Message* message) {
            return secondOf(message->time) != second;
        });
        const auto count = static_cast<std::size_t>(other - messages.begin());
        seconds.push_back(sumSecond(messages.first(count), second));
        messages = messages.subspan(count);
    }
    return seconds;
}

RollupSlot RollupBuilder::sumSecond(std::span<const Message* const> messages, std::int64_t second)
{
    RollupSlot slot{second, kSecondSlot, messages.front()->seq, messages.back()->seq, {}, {}};
    m_places.assign(std::bit_ceil(2 * messages.size()), 0);
    m_samples.clear();
    for (const Message* message : messages) {
        const std::uint32_t number =
            cellOf(slot, {message->pop, message->worker, message->identity, groupOf(message->subject)});
        RollupCell& cell = slot.cells[number];
        ++cell.count;
        cell.bytes += message->size();
        cell.errors += saysError(message->headers) ? 1 : 0;
        const Nanoseconds latency = message->latency();
        if (latency == kNoDuration) {
            ++cell.unknown;
        } else if (latency < Nanoseconds(0)) {
            ++cell.skewed;
        } else {
            cell.longest = std::max(cell.longest, latency);
            m_samples.push_back(
                {number, HistogramScale::indexOf(static_cast<std::uint64_t>(latency.count() / 1000))});
            ++cell.end; // how many, for now
        }
    }
    putBuckets(slot);
    return slot;
}

std::uint32_t RollupBuilder::cellOf(RollupSlot& slot, const RollupKey& key)
{
    const std::size_t mask = m_places.size() - 1;
    std::size_t place = RollupKeyHash()(key) & mask;
    while (m_places[place] != 0 && slot.cells[m_places[place] - 1].key != key)
        place = (place + 1) & mask;
    if (m_places[place] == 0) {
        slot.cells.emplace_back().key = key;
        m_places[place] = static_cast<std::uint32_t>(slot.cells.size());
    }
    return m_places[place] - 1;
}

void RollupBuilder::putBuckets(RollupSlot& slot)
{
    std::uint32_t next = 0;
    for (RollupCell& cell : slot.cells) {
        cell.begin = next;
        next += cell.end;
        cell.end = cell.begin;
    }
    slot.buckets.resize(next);
    for (const Sample& sample : m_samples)
        slot.buckets[slot.cells[sample.cell].end++] = {sample.index, 1};
}

GroupId RollupBuilder::groupOf(SubjectId subject)
{
    if (subject.value >= m_groups.size())
        m_groups.resize(std::max<std::size_t>(std::size_t{subject.value} + 1, 2 * m_groups.size()));
    GroupId& group = m_groups[subject.value];
    if (!group.isNone())
        return group;
    return group = m_group(subject);
}

GroupId RollupBuilder::takeGroup(Names& names, std::string_view group)
{
    const bool fits = names.groups.size() < kMostGroups || names.groups.find(group).has_value();
    return fits ? names.groups.intern(group) : names.groups.intern(firstToken(group));
}

GroupId RollupBuilder::giveGroup(const Names& names, Dictionary<GroupId>& groups, SubjectId subject)
{
    if (const GroupId found = findGroup(names, groups, subject); !found.isNone())
        return found;
    const std::string_view name = names.subjects.name(subject);
    return groups.intern(groups.size() < kMostGroups ? subjectGroup(name) : firstToken(name));
}

GroupId RollupBuilder::findGroup(const Names& names, const Dictionary<GroupId>& groups, SubjectId subject)
{
    const std::string_view name = names.subjects.name(subject);
    if (const auto found = groups.find(subjectGroup(name)))
        return *found;
    return groups.find(firstToken(name)).value_or(GroupId{});
}

} // namespace weir
