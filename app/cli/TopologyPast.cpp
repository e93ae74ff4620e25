// SPDX-License-Identifier: GPL-3.0-or-later
// Pictures of a recorded range.
#include "app/cli/Commands.h"
#include "app/cli/Completeness.h"
#include "app/cli/Options.h"
#include "app/cli/Output.h"
#include "app/cli/TopologyFacts.h"
#include "app/cli/TopologyPrint.h"
#include "app/cli/TopologyRuns.h"
#include "core/base/Clock.h"
#include "core/topology/FlowDiff.h"
#include "core/topology/FlowStorm.h"

namespace weir::cli {
namespace {

Exit runComparison(const TopologyOptions& options, HistoryReader& reader, const TimeRange::Moments& moments,
                   const RangeFacts& now, const Filter& filter)
{
    if (options.range.from.empty())
        return complain(usage("--against needs a range to compare", "give --from, and --to"));
    const auto begin = parseMoment(options.against, SystemClock().now());
    if (!begin)
        return complain(begin.error());
    // A range that ends with the recording has its last moment, too: not so the one before.
    const Timestamp end = *begin + (now.messages().to() - now.messages().from()) -
                          Nanoseconds(moments.to > now.messages().to() ? 1 : 0);
    const auto before = RangeFacts::read(reader, *begin, end, filter);
    if (!before)
        return complain(before.error());
    const auto printed = printFlow(compareFlows(before->flow(now.messages().groups()),
                                                now.flow(before->messages().groups()), options.factor),
                                   options.format);
    if (!printed)
        return complain(printed.error());
    const bool missing = tellMissing(reader, moments.from, moments.to);
    const bool missingBefore = tellMissing(reader, *begin, end);
    return finishOutput(missing || missingBefore ? Exit::Incomplete : Exit::Done);
}

Result<void> printPastFlow(const TopologyOptions& options, HistoryReader& reader, const RangeFacts& facts,
                           const Filter& filter)
{
    FlowGraph graph = facts.flow();
    const auto season = readSeason(reader, graph.from, graph.to, filter, facts.messages().groups(), {});
    if (!season)
        return season.error();
    for (FlowFinding& storm : findStorms(graph, *season))
        graph.findings.push_back(std::move(storm));
    return printFlow(std::move(graph), options.format);
}

Exit printPastSubjects(const TopologyOptions& options, HistoryReader& reader,
                       const TimeRange::Moments& moments, const Filter& filter)
{
    const auto subjects = subjectsOfHistory(reader, moments.from, moments.to, filter, {});
    if (!subjects)
        return complain(subjects.error());
    printSubjects(*subjects, filter.text(), nullptr, options.format);
    return finishOutput(tellMissing(reader, moments.from, moments.to) ? Exit::Incomplete : Exit::Done);
}

Exit printPastServers(const TopologyOptions& options, HistoryReader& reader,
                      const TimeRange::Moments& moments)
{
    const auto looks = LooksOfRange().of(reader, moments.from, moments.to);
    if (!looks)
        return complain(looks.error());
    if (!looks->now)
        return complain(
            {ErrorCode::NotFound, "drawing the servers",
             "the history has no look at the broker in this range",
             "weir record and the console keep them where a broker's monitoring port is named; weir topology "
             "--picture servers --monitor URL asks the broker itself"});
    const bool whole = looks->now->problems.empty();
    printServers(serversOf(*looks), options.format);
    return finishOutput(whole ? Exit::Done : Exit::Incomplete);
}

} // namespace

Exit runPastTopology(const TopologyOptions& options)
{
    const Timestamp present = SystemClock().now();
    const auto moments = options.range.moments(present);
    if (!moments)
        return complain(moments.error());
    const auto filter = Filter::parse(inOneLine(options.filter), present);
    if (!filter)
        return complain(filter.error());
    auto reader = HistoryReader::open(options.history);
    if (!reader)
        return complain(reader.error());
    if (options.picture == Picture::Servers)
        return printPastServers(options, **reader, *moments);
    if (options.picture == Picture::Subjects)
        return printPastSubjects(options, **reader, *moments, *filter);
    const auto facts = RangeFacts::read(**reader, moments->from, moments->to, *filter);
    if (!facts)
        return complain(facts.error());
    if (!options.against.empty())
        return runComparison(options, **reader, *moments, *facts, *filter);
    if (options.picture == Picture::World)
        printWorld(facts->world(), options.format);
    else if (const auto printed = printPastFlow(options, **reader, *facts, *filter); !printed)
        return complain(printed.error());
    const bool missing = tellMissing(**reader, moments->from, moments->to);
    return finishOutput(missing ? Exit::Incomplete : Exit::Done);
}

} // namespace weir::cli
