// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/topology/FlowOfHistory.h"

#include "core/topology/FlowSums.h"
#include "core/topology/FlowTracker.h"

#include <algorithm>

namespace weir {
namespace {

constexpr std::chrono::hours kBySecond{2};

} // namespace

Result<FlowRange> addFlowOf(HistoryReader& reader, Timestamp from, Timestamp to, const std::stop_token& stop,
                            FlowAssembly& into)
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
    const auto done = reader.sums(range.from, range.to, width, stop, [&sums](const RollupSlot& slot) {
        sums.add(slot);
        return true;
    });
    if (!done)
        return done.error();
    const auto gaps = reader.gaps(range.from, range.to);
    if (!gaps)
        return gaps.error();
    const Timestamp first = std::max(range.from, info->recordedFrom);
    const Timestamp last = std::min(range.to, info->recordedTo);
    range.recorded = recordedWithin(*gaps, first, last);
    if (const std::uint64_t leftOut =
            sums.assemble(*reader.names(), reader.names()->groups, range.recorded, into);
        leftOut > 0)
        range.lacks.push_back(repliesLeftOut(leftOut));
    for (const Gap& gap : *gaps) {
        if (gap.cause != GapCause::Expired) // the sums still have it
            range.lacks.push_back(std::string(gapCauseName(gap.cause)) +
                                  (gap.messages ? ", " + std::to_string(*gap.messages) + " messages" : "") +
                                  (gap.detail.empty() ? "" : ": " + gap.detail));
    }
    return range;
}

} // namespace weir
