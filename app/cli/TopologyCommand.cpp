// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/BrokerOptions.h"
#include "app/cli/Choice.h"
#include "app/cli/Commands.h"
#include "app/cli/Completeness.h"
#include "app/cli/EndSignals.h"
#include "app/cli/Options.h"
#include "app/cli/Output.h"
#include "app/cli/TimeRange.h"
#include "app/cli/TraceWay.h"
#include "core/base/Clock.h"
#include "core/broker/BrokerUser.h"
#include "core/broker/LiveMonitor.h"
#include "core/capture/CaptureSession.h"
#include "core/capture/NatsSelection.h"
#include "core/topology/FlowBroker.h"
#include "core/topology/FlowDiff.h"
#include "core/topology/FlowLayout.h"
#include "core/topology/FlowOfHistory.h"
#include "core/topology/FlowStorm.h"
#include "core/topology/FlowSvg.h"
#include "core/topology/FlowText.h"
#include "core/topology/LooksOfRange.h"

#include <CLI/CLI.hpp>
#include <QTemporaryDir>

#include <algorithm>
#include <cstdio>
#include <memory>
#include <tuple>

namespace weir::cli {
namespace {

enum class Picture { Text, Json, Dot, Svg, Cytoscape };

struct TopologyOptions
{
    std::string history;
    TimeRange range;
    BrokerOptions broker;
    std::vector<std::string> subjects;
    std::string duration = "10s";
    std::vector<std::string> filter;
    std::string against; ///< when the range to compare with begins; empty: none
    double factor = 1.5;
    std::string trace; ///< a subject
    Picture picture = Picture::Text;
};

std::string inWords(const FlowNode& node)
{
    return std::string(flowKindName(node.kind)) + " " + printable(flowNodeLabel(node));
}

std::string inWords(const FlowGraph& graph, const FlowEdge& edge)
{
    std::string line = inWords(graph.nodes[edge.from]) + " → " + inWords(graph.nodes[edge.to]) + "  ";
    std::string comma;
    const auto add = [&](const std::string& text) {
        line += comma + text;
        comma = ", ";
    };
    if (edge.messages)
        add(counted(*edge.messages, "message"));
    if (edge.rate)
        add(flowRateText(edge.rate));
    if (edge.p99 != kNoDuration)
        add("p50 " + formatDuration(edge.p50) + ", p99 " + formatDuration(edge.p99));
    if (edge.errors > 0)
        add(counted(edge.errors, "error"));
    add(std::string(flowBasisName(edge.basis)));
    return line;
}

void printRemarks(const FlowGraph& graph)
{
    for (const FlowFinding& finding : graph.findings)
        std::printf("finding    %s: %s (%s)\n", printable(finding.what).c_str(),
                    printable(finding.evidence).c_str(), printable(finding.advice).c_str());
    for (const std::string& line : graph.coverage)
        std::printf("coverage   %s\n", printable(line).c_str());
}

/// In the order in which messages pass, the busiest first.
void printText(const FlowGraph& graph)
{
    std::vector<const FlowEdge*> edges;
    for (const FlowEdge& edge : graph.edges)
        edges.push_back(&edge);
    const auto order = [&graph](const FlowEdge* edge) {
        return std::tuple(graph.nodes[edge->from].kind, -edge->rate.value_or(0));
    };
    std::stable_sort(edges.begin(), edges.end(),
                     [&](const FlowEdge* a, const FlowEdge* b) { return order(a) < order(b); });
    for (const FlowEdge* edge : edges)
        std::printf("%s\n", inWords(graph, *edge).c_str());
    printRemarks(graph);
}

void printChanges(const FlowGraph& graph)
{
    std::printf("compared   %s to %s with %s to %s\n", formatRfc3339(graph.from).c_str(),
                formatRfc3339(graph.to).c_str(), formatRfc3339(graph.against->from).c_str(),
                formatRfc3339(graph.against->to).c_str());
    const std::vector<std::string> changes = changesInWords(graph);
    for (const std::string& line : changes)
        std::printf("%s\n", printable(line).c_str());
    if (changes.empty())
        std::printf("nothing appeared, vanished or changed\n");
    printRemarks(graph);
}

Result<void> print(FlowGraph graph, Picture picture)
{
    if (picture == Picture::Text) {
        graph.against ? printChanges(graph) : printText(graph);
        return {};
    }
    if (picture == Picture::Json || picture == Picture::Dot) {
        std::printf("%s\n", (picture == Picture::Json ? flowJson(graph) : flowDot(graph)).c_str());
        return {};
    }
    const auto placed = FlowLayout().place(std::make_shared<const FlowGraph>(std::move(graph)));
    if (!placed)
        return placed.error();
    std::printf("%s\n", (picture == Picture::Svg ? flowSvg(**placed) : flowCytoscape(**placed)).c_str());
    return {};
}

/// A range of a history, as its messages and its looks at the broker show it.
class PastFlow
{
public:
    [[nodiscard]] static Result<PastFlow> read(HistoryReader& reader, Timestamp from, Timestamp to,
                                               const Filter& filter)
    {
        auto flow = FlowOfHistory::read(reader, from, to, filter, {});
        if (!flow)
            return flow.error();
        auto looks = LooksOfRange().of(reader, flow->from(), flow->to());
        if (!looks)
            return looks.error();
        return PastFlow(std::move(*flow), std::move(*looks));
    }
    [[nodiscard]] const FlowOfHistory& flow() const { return m_flow; }
    [[nodiscard]] FlowGraph graph(const std::vector<std::string>& alike = {}) const
    {
        return joinLooks(m_flow.graph(alike), m_looks);
    }

private:
    PastFlow(FlowOfHistory flow, RangeLooks looks) : m_flow(std::move(flow)), m_looks(std::move(looks)) {}
    FlowOfHistory m_flow;
    RangeLooks m_looks;
};

Exit runComparison(const TopologyOptions& options, HistoryReader& reader, const TimeRange::Moments& moments,
                   const PastFlow& now, const Filter& filter)
{
    if (options.range.from.empty())
        return complain(usage("--against needs a range to compare", "give --from, and --to"));
    const auto begin = parseMoment(options.against, SystemClock().now());
    if (!begin)
        return complain(begin.error());
    // A range that ends with the recording has its last moment, too: not so the one before.
    const Timestamp end =
        *begin + (now.flow().to() - now.flow().from()) - Nanoseconds(moments.to > now.flow().to() ? 1 : 0);
    const auto before = PastFlow::read(reader, *begin, end, filter);
    if (!before)
        return complain(before.error());
    const auto printed = print(
        compareFlows(before->graph(now.flow().groups()), now.graph(before->flow().groups()), options.factor),
        options.picture);
    if (!printed)
        return complain(printed.error());
    const bool missing = tellMissing(reader, moments.from, moments.to);
    const bool missingBefore = tellMissing(reader, *begin, end);
    return finishOutput(missing || missingBefore ? Exit::Incomplete : Exit::Done);
}

Exit runOverHistory(const TopologyOptions& options)
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
    const auto flow = PastFlow::read(**reader, moments->from, moments->to, *filter);
    if (!flow)
        return complain(flow.error());
    if (!options.against.empty())
        return runComparison(options, **reader, *moments, *flow, *filter);
    FlowGraph graph = flow->graph();
    const auto season = readSeason(**reader, graph.from, graph.to, *filter, flow->flow().groups(), {});
    if (!season)
        return complain(season.error());
    for (FlowFinding& storm : findStorms(graph, *season))
        graph.findings.push_back(std::move(storm));
    if (const auto printed = print(std::move(graph), options.picture); !printed)
        return complain(printed.error());
    const bool missing = tellMissing(**reader, moments->from, moments->to);
    return finishOutput(missing ? Exit::Incomplete : Exit::Done);
}

/// Messages observed for a while, in a history that nobody keeps, and the broker's own word before and after.
class LiveFlow
{
public:
    LiveFlow(const TopologyOptions& options, ConnectionProfile profile, const Filter& filter)
        : m_options(options), m_profile(std::move(profile)), m_filter(filter)
    {
    }

    [[nodiscard]] Result<FlowGraph> observe(Nanoseconds duration)
    {
        const EndSignals ends;
        if (!m_folder.isValid())
            return Error{
                ErrorCode::Io, "making a temporary folder", m_folder.errorString().toStdString(), {}};
        const std::filesystem::path history = m_folder.filePath("flow.db").toStdString();
        CaptureSession::Options capture;
        NatsSelection selection{m_profile, m_options.subjects, {}, {}, false};
        auto source = makeSource(selection, history, m_clock);
        if (!source)
            return source.error();
        capture.source = std::move(*source);
        capture.history = history;
        capture.subjects = selection.inWords();
        auto session = CaptureSession::start(std::move(capture), m_clock);
        if (!session)
            return session.error();
        remark("observing " + selection.inWords() + " for " + m_options.duration);
        const auto before = look();
        (void)ends.wait(std::chrono::duration_cast<std::chrono::milliseconds>(duration));
        const auto now = look(); // while our own connection can be seen
        if (auto stopped = (*session)->stop(); !stopped)
            return stopped.error();
        m_whole = (*session)->status().coverage.complete();
        auto reader = HistoryReader::open(history);
        if (!reader)
            return reader.error();
        const auto flow = FlowOfHistory::read(**reader, Timestamp::min(), Timestamp::max(), m_filter, {});
        if (!flow)
            return flow.error();
        RangeLooks looks;
        looks.now = now;
        looks.before = before;
        looks.observed = m_options.subjects;
        if (now)
            looks.account = accountOfUser(*now, brokerUserOf(m_profile));
        return joinLooks(flow->graph(), looks);
    }
    /// Nothing was dropped, and the broker told what it was asked.
    [[nodiscard]] bool isWhole() const { return m_whole && m_told; }

private:
    std::shared_ptr<const BrokerLook> look()
    {
        auto look = makeNatsMonitor(m_profile, {}, m_clock)->look({});
        if (!look && look.error().code == ErrorCode::Unsupported) {
            if (std::exchange(m_told, false))
                remark("consumers are not shown: --monitor URL names the server's monitoring port, "
                       "--system-creds "
                       "FILE a user of the system account");
            return nullptr;
        }
        if (!look) {
            m_told = false;
            (void)complain(look.error());
            return nullptr;
        }
        return *look;
    }

    const TopologyOptions& m_options;
    const ConnectionProfile m_profile;
    const Filter m_filter;
    const QTemporaryDir m_folder;
    SystemClock m_clock;
    bool m_whole = false;
    bool m_told = true;
};

Exit runLive(const TopologyOptions& options)
{
    if (options.subjects.empty())
        return complain(usage("nothing says what to observe", "give --subject S, or --history FILE"));
    const auto duration = parseDuration(options.duration);
    if (!duration)
        return complain(duration.error());
    auto profile = options.broker.profile();
    if (!profile)
        return complain(profile.error());
    const auto filter = Filter::parse(inOneLine(options.filter), SystemClock().now());
    if (!filter)
        return complain(filter.error());
    LiveFlow live(options, std::move(*profile), *filter);
    auto graph = live.observe(*duration);
    if (!graph)
        return complain(graph.error());
    if (const auto printed = print(std::move(*graph), options.picture); !printed)
        return complain(printed.error());
    return finishOutput(live.isWhole() ? Exit::Done : Exit::Incomplete);
}

Exit runTrace(const TopologyOptions& options)
{
    if (!options.history.empty() || !options.subjects.empty() || !options.filter.empty())
        return complain(
            usage("--trace sends one message to its own subject", "give the broker and --format alone"));
    if (options.picture != Picture::Text && options.picture != Picture::Json)
        return complain(usage("a trace is no picture", "give --format text or json"));
    const auto profile = options.broker.profile();
    if (!profile)
        return complain(profile.error());
    return traceWay(*profile, options.trace, options.picture == Picture::Json);
}

Exit runTopology(const TopologyOptions& options)
{
    if (!options.trace.empty())
        return runTrace(options);
    if (options.history.empty() && !options.against.empty())
        return complain(usage("--against compares two ranges of a history", "give --history FILE"));
    if (options.factor <= 1)
        return complain(usage("--factor is not above 1", "give 1.5, or 2"));
    return options.history.empty() ? runLive(options) : runOverHistory(options);
}

} // namespace

void addTopologyCommand(CLI::App& app, std::function<Exit()>& chosen)
{
    auto options = std::make_shared<TopologyOptions>();
    CLI::App* command = app.add_subcommand("topology", "Print who sends what, from PoP to consumer");
    command->add_option("--history", options->history, "Of a recorded range")->type_name("FILE");
    addRangeOptions(*command, options->range);
    options->broker.addTo(*command);
    command
        ->add_option("--subject", options->subjects, "Subject to observe, wildcards allowed; may be repeated")
        ->type_name("S")
        ->allow_extra_args(false);
    command->add_option("--duration", options->duration, "Observe so long; default 10s")->type_name("D");
    command->add_option("FILTER", options->filter, "Only of the messages that match, e.g. 'pop:FRA,LHR'");
    command
        ->add_option("--against", options->against,
                     "What changed since the range of the same length that begins at this time")
        ->type_name("TIME");
    command
        ->add_option("--factor", options->factor,
                     "With --against: rates and p99 count as changed beyond this; default 1.5")
        ->type_name("N");
    command
        ->add_option(
            "--trace", options->trace,
            "The way of one message to this subject, which is not delivered; nats-server 2.11 or later")
        ->type_name("SUBJECT");
    addChoice<Picture>(*command, "--format", options->picture,
                       {{"text", Picture::Text},
                        {"json", Picture::Json},
                        {"dot", Picture::Dot},
                        {"svg", Picture::Svg},
                        {"cytoscape", Picture::Cytoscape}},
                       "Lines for people, a graph for machines, or a picture");
    command->footer(
        "Without --history it observes the broker. Subjects stand in groups: tokens that look like ids are "
        "*.\nEach line says how it is known: observed, declared by the broker, or inferred.");
    command->callback([options, &chosen] { chosen = [options] { return runTopology(*options); }; });
}

} // namespace weir::cli
