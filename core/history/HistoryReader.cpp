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

Result<void> HistoryReader::sums(Timestamp from, Timestamp to, std::int64_t width, std::stop_token stop,
                                 const std::function<bool(const RollupSlot&)>& visit)
{
    HistoryQuery query;
    query.from = slotBegin(from, width);
    query.to = slotEnd(to, width);
    return sumsOf(query, width, std::move(stop), visit);
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
