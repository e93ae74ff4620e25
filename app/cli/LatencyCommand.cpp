// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/Choice.h"
#include "app/cli/Commands.h"
#include "app/cli/Completeness.h"
#include "app/cli/LatencyTable.h"
#include "app/cli/Options.h"
#include "app/cli/TimeRange.h"
#include "core/base/Clock.h"
#include "core/history/RollupSum.h"

#include <memory>
#include <string>

namespace weir::cli {
namespace {

struct LatencyOptions
{
    std::string history;
    TimeRange range;
    LatencyBy by = LatencyBy::Pop;
    std::int64_t step = 0; ///< seconds; 0: the whole range
    Format format = Format::Text;
};

constexpr std::chrono::hours kBySecond{2}; ///< a longer range is added up by the minute

bool isWhole(Timestamp time, std::int64_t width)
{
    return time == Timestamp::min() || time == Timestamp::max() || slotBegin(time, width) == time;
}

/// Seconds where minutes would take in too much, or are too many.
std::int64_t widthOf(const TimeRange::Moments& range, std::int64_t step)
{
    if (step != 0)
        return step;
    if (isWhole(range.from, kMinuteSlot) && isWhole(range.to, kMinuteSlot))
        return kMinuteSlot;
    const bool bounded = range.from != Timestamp::min() && range.to != Timestamp::max();
    return bounded && range.to - range.from <= kBySecond ? kSecondSlot : kMinuteSlot;
}

Timestamp known(Timestamp time)
{
    return time == Timestamp::min() || time == Timestamp::max() ? kNoTime : time;
}

Exit runLatency(const LatencyOptions& options)
{
    const auto range = options.range.moments(SystemClock().now());
    if (!range)
        return complain(range.error());
    auto reader = HistoryReader::open(options.history);
    if (!reader)
        return complain(reader.error());
    const std::int64_t width = widthOf(*range, options.step);
    const auto names = (*reader)->names();
    LatencyTable table(options.by, options.format);
    std::int64_t start = 0;
    const auto printStep = [&] {
        if (options.step != 0 && !table.isEmpty())
            table.print(Timestamp(std::chrono::seconds(start)),
                        Timestamp(std::chrono::seconds(start + width)));
    };
    const auto done = (*reader)->sums(range->from, range->to, width, {}, [&](const RollupSlot& slot) {
        if (slot.start != start)
            printStep();
        start = slot.start;
        table.add(slot, *names);
        return true;
    });
    if (!done)
        return complain(done.error());
    const Timestamp from = slotBegin(range->from, width);
    const Timestamp to = slotEnd(range->to, width);
    printStep();
    if (options.step == 0)
        table.print(known(from), known(to));
    table.finish();
    return finishOutput(tellMissing(**reader, from, to) ? Exit::Incomplete : Exit::Done);
}

} // namespace

void addLatencyCommand(CLI::App& app, std::function<Exit()>& chosen)
{
    auto options = std::make_shared<LatencyOptions>();
    CLI::App* command = app.add_subcommand("latency", "Print how long messages took, by PoP or by sender");
    command->add_option("--history", options->history, "The history file")->type_name("FILE")->required();
    addRangeOptions(*command, options->range);
    addChoice<LatencyBy>(*command, "--by", options->by,
                         {{"pop", LatencyBy::Pop},
                          {"worker", LatencyBy::Worker},
                          {"identity", LatencyBy::Identity},
                          {"subject", LatencyBy::Subject}},
                         "Whose figures; subjects in groups");
    addChoice<std::int64_t>(*command, "--step", options->step,
                            {{"all", 0}, {"1s", kSecondSlot}, {"1m", kMinuteSlot}},
                            "Figures of the whole range, or of each second or minute");
    addFormatOption(*command, options->format, {Format::Text, Format::Json, Format::Ndjson, Format::Csv});
    command->footer(
        "Figures come from the sums that a history keeps for each second and minute, also of messages that\n"
        "have expired; the ends of the range are widened to whole ones. A latency is from sent to received,\n"
        "or to stored for a stream's messages; percentiles are at most 0.8 % above the true value.");
    command->callback([options, &chosen] { chosen = [options] { return runLatency(*options); }; });
}

} // namespace weir::cli
