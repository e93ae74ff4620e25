// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/topology/FlowOfHistory.h"

#include "core/history/RollupBuilder.h"
#include "core/topology/FlowSums.h"
#include "core/topology/FlowTracker.h"

#include <algorithm>

namespace weir {
namespace {

constexpr std::chrono::hours kBySecond{2};

/// Adds up the messages that match; their groups' ids are of `groups`. Returns what could not be read.
Result<std::vector<Error>> addMatching(HistoryReader& reader, const HistoryQuery& query,
                                       const std::stop_token& stop,
                                       const std::shared_ptr<Dictionary<GroupId>>& groups, FlowSums& into)
{
    RollupBuilder builder(std::shared_ptr<const Names>(reader.names()), groups);
    std::vector<const Message*> messages;
    const auto done = reader.scan(query, stop, [&](const std::shared_ptr<const Batch>& batch) {
        messages.clear();
        for (const Message& message : batch->messages)
            messages.push_back(&message);
        for (const RollupSlot& slot : builder.sum(messages))
            into.add(slot);
        return true;
    });
    if (!done)
        return done.error();
    return done->damage;
}

Result<std::vector<Error>> addSums(HistoryReader& reader, const FlowRange& range, const std::stop_token& stop,
                                   FlowSums& into)
{
    const std::int64_t width = range.to - range.from <= kBySecond ? kSecondSlot : kMinuteSlot;
    const auto done = reader.sums(range.from, range.to, width, stop, [&into](const RollupSlot& slot) {
        into.add(slot);
        return true;
    });
    if (!done)
        return done.error();
    return std::vector<Error>{};
}

} // namespace

Result<FlowRange> addFlowOf(HistoryReader& reader, Timestamp from, Timestamp to, const Filter& filter,
                            const std::stop_token& stop, FlowAssembly& into)
{
    const auto info = reader.info();
    if (!info)
        return info.error();
    FlowRange range;
    range.from = std::max(from, info->recordedFrom);
    range.to = std::min(to, info->recordedTo + Nanoseconds(1));
    if (info->messages == 0 || range.from >= range.to) {
        range.lacks.emplace_back("nothing was recorded in this range");
        return range;
    }
    const std::int64_t width = range.to - range.from <= kBySecond ? kSecondSlot : kMinuteSlot;
    range.from = slotBegin(range.from, width);
    range.to = slotEnd(range.to, width);
    FlowSums sums;
    const auto groups = std::make_shared<Dictionary<GroupId>>();
    HistoryQuery query;
    query.from = range.from;
    query.to = range.to;
    query.filter = filter;
    const auto unread = filter.isEmpty() ? addSums(reader, range, stop, sums)
                                         : addMatching(reader, query, stop, groups, sums);
    if (!unread)
        return unread.error();
    for (const Error& each : *unread)
        range.lacks.push_back(each.line());
    const auto gaps = reader.gaps(range.from, range.to);
    if (!gaps)
        return gaps.error();
    const Timestamp first = std::max(range.from, info->recordedFrom);
    const Timestamp last = std::min(range.to, info->recordedTo);
    range.recorded = recordedWithin(*gaps, first, last);
    if (const std::uint64_t leftOut = sums.assemble(
            *reader.names(), filter.isEmpty() ? reader.names()->groups : *groups, range.recorded, into);
        leftOut > 0)
        range.lacks.push_back(repliesLeftOut(leftOut));
    for (std::string& line : missingIn(*gaps, range.from, range.to, !filter.isEmpty()))
        range.lacks.push_back(std::move(line));
    return range;
}

} // namespace weir
