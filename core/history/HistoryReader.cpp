// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/history/HistoryReader.h"

#include "core/history/RollupBuilder.h"
#include "core/history/RollupSum.h"

#include <utility>

namespace weir {

Result<ScanSummary> HistoryReader::count(const HistoryQuery& query, std::stop_token stop)
{
    HistoryQuery counted = query;
    counted.columns = 0;
    return scan(counted, std::move(stop), [](const auto&) { return true; });
}

Result<std::pair<std::uint64_t, std::uint64_t>> HistoryReader::summedSeqs(std::int64_t /*width*/)
{
    return std::pair<std::uint64_t, std::uint64_t>{1, 0};
}

Result<void> HistoryReader::storedSums(const SumRows& /*rows*/,
                                       const std::function<bool(RollupSlot&)>& /*visit*/)
{
    return {};
}

Result<std::vector<Timestamp>> HistoryReader::lookTimes(Timestamp /*from*/, Timestamp /*to*/)
{
    return std::vector<Timestamp>();
}

Result<std::optional<ObservedLook>> HistoryReader::look(Timestamp /*time*/)
{
    return std::optional<ObservedLook>();
}

Result<void> HistoryReader::sums(Timestamp from, Timestamp to, std::int64_t width, std::stop_token stop,
                                 const std::function<bool(const RollupSlot&)>& visit)
{
    const auto summed = summedSeqs(width);
    if (!summed)
        return summed.error();
    (void)names(); // those of all that is summed up
    bool wanted = true;
    const auto noted = [&](const RollupSlot& slot) {
        return wanted = wanted && !stop.stop_requested() && visit(slot);
    };
    HistoryQuery before; // a file from before there were sums has messages of which there are none
    before.from = slotBegin(from, width);
    before.to = slotEnd(to, width);
    before.lastSeq = summed->first - 1;
    if (before.lastSeq > 0) {
        if (auto done = sumsOf(before, width, stop, noted); !done || !wanted)
            return done;
    }
    const SumRows rows{width, secondOf(before.from), secondOf(before.to), summed->first, summed->second};
    if (auto done = storedSums(rows, noted); !done || !wanted)
        return done;
    HistoryQuery after = before;
    after.firstSeq = summed->second + 1;
    after.lastSeq = HistoryQuery().lastSeq;
    return sumsOf(after, width, stop, noted);
}

Result<void> HistoryReader::sumsOf(HistoryQuery query, std::int64_t width, std::stop_token stop,
                                   const std::function<bool(const RollupSlot&)>& visit)
{
    query.columns = kEnvelopeOnly | bit(Column::Headers);
    RollupBuilder builder{std::shared_ptr<const Names>(names())};
    RollupSum sum(width);
    bool wanted = true;
    const auto done = scan(query, std::move(stop), [&](const std::shared_ptr<const Batch>& batch) {
        std::vector<const Message*> messages;
        for (const Message& message : batch->messages)
            messages.push_back(&message);
        for (const RollupSlot& second : builder.sum(messages)) {
            if (!sum.isEmpty() && sum.startOf(second.start) != sum.start())
                wanted = wanted && visit(sum.take());
            sum.add(second);
        }
        return wanted;
    });
    if (!done)
        return done.error();
    if (wanted && !sum.isEmpty())
        (void)visit(sum.take());
    return {};
}

} // namespace weir
