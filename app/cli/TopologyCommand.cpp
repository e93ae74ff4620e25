// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/BrokerOptions.h"
#include "app/cli/Choice.h"
#include "app/cli/Commands.h"
#include "app/cli/Completeness.h"
#include "app/cli/EndSignals.h"
#include "app/cli/Output.h"
#include "app/cli/TimeRange.h"
#include "core/base/Clock.h"
#include "core/broker/BrokerUser.h"
#include "core/broker/NatsMonitor.h"
#include "core/capture/CaptureSession.h"
#include "core/capture/NatsSelection.h"
#include "core/topology/FlowBroker.h"
#include "core/topology/FlowLayout.h"
#include "core/topology/FlowOfHistory.h"
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
    std::vector<std::string> filter;
    TimeRange range;
    BrokerOptions broker;
    std::vector<std::string> subjects;
    std::string duration = "10s";
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
    for (const FlowFinding& finding : graph.findings)
        std::printf("finding    %s: %s (%s)\n", printable(finding.what).c_str(),
                    printable(finding.evidence).c_str(), printable(finding.advice).c_str());
    for (const std::string& line : graph.coverage)
        std::printf("coverage   %s\n", printable(line).c_str());
}

Result<void> print(FlowGraph graph, Picture picture)
{
    if (picture == Picture::Text) {
        printText(graph);
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

/// The graph that a history's messages show of a range.
Result<FlowGraph> graphOf(HistoryReader& reader, Timestamp from, Timestamp to, const Filter& filter)
{
    FlowAssembly assembly;
    const auto range = addFlowOf(reader, from, to, filter, {}, assembly);
    if (!range)
        return range.error();
    FlowGraph graph = assembly.take();
    graph.from = range->from;
    graph.to = range->to;
    graph.filter = filter.text();
    graph.coverage = range->lacks;
    return graph;
}

Exit runOverHistory(const TopologyOptions& options)
{
    const Timestamp now = SystemClock().now();
    const auto moments = options.range.moments(now);
    if (!moments)
        return complain(moments.error());
    std::string text;
    for (const std::string& word : options.filter)
        text += (text.empty() ? "" : " ") + word;
    const auto filter = Filter::parse(text, now);
    if (!filter)
        return complain(filter.error());
    auto reader = HistoryReader::open(options.history);
    if (!reader)
        return complain(reader.error());
    auto messages = graphOf(**reader, moments->from, moments->to, *filter);
    if (!messages)
        return complain(messages.error());
    const auto looks = LooksOfRange().of(**reader, messages->from, messages->to);
    if (!looks)
        return complain(looks.error());
    if (const auto printed = print(joinLooks(std::move(*messages), *looks), options.picture); !printed)
        return complain(printed.error());
    const bool missing = tellMissing(**reader, moments->from, moments->to);
    return finishOutput(missing ? Exit::Incomplete : Exit::Done);
}

/// Messages observed for a while, in a history that nobody keeps, and the broker's own word before and after.
class LiveFlow
{
public:
    LiveFlow(const TopologyOptions& options, ConnectionProfile profile)
        : m_options(options), m_profile(std::move(profile))
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
        auto messages = graphOf(**reader, Timestamp::min(), Timestamp::max(), {});
        if (!messages || now == nullptr)
            return messages;
        FlowBroker::Options broker{accountOfUser(*now, brokerUserOf(m_profile)), m_options.subjects};
        return FlowBroker(std::move(broker), *now, before.get()).join(*messages);
    }
    /// Nothing was dropped, and the broker told what it was asked.
    [[nodiscard]] bool isWhole() const { return m_whole && m_told; }

private:
    std::shared_ptr<const BrokerLook> look()
    {
        NatsMonitor::Options options;
        options.urls = monitorUrls(m_profile);
        if (options.urls.empty()) {
            if (std::exchange(m_told, false))
                remark("consumers are not shown: --monitor URL names the server's monitoring port");
            return nullptr;
        }
        auto look = NatsMonitor(options, m_clock).look({});
        if (!look) {
            m_told = false;
            (void)complain(look.error());
            return nullptr;
        }
        return *look;
    }

    const TopologyOptions& m_options;
    const ConnectionProfile m_profile;
    const QTemporaryDir m_folder;
    SystemClock m_clock;
    bool m_whole = false;
    bool m_told = true;
};

Exit runLive(const TopologyOptions& options)
{
    if (!options.filter.empty())
        return complain(
            usage("a filter is for a recorded range", "give --history FILE, or choose with --subject S"));
    if (options.subjects.empty())
        return complain(usage("nothing says what to observe", "give --subject S, or --history FILE"));
    const auto duration = parseDuration(options.duration);
    if (!duration)
        return complain(duration.error());
    auto profile = options.broker.profile();
    if (!profile)
        return complain(profile.error());
    LiveFlow live(options, std::move(*profile));
    auto graph = live.observe(*duration);
    if (!graph)
        return complain(graph.error());
    if (const auto printed = print(std::move(*graph), options.picture); !printed)
        return complain(printed.error());
    return finishOutput(live.isWhole() ? Exit::Done : Exit::Incomplete);
}

Exit runTopology(const TopologyOptions& options)
{
    return options.history.empty() ? runLive(options) : runOverHistory(options);
}

} // namespace

void addTopologyCommand(CLI::App& app, std::function<Exit()>& chosen)
{
    auto options = std::make_shared<TopologyOptions>();
    CLI::App* command = app.add_subcommand("topology", "Print who sends what, from PoP to consumer");
    command->add_option("--history", options->history, "Of a recorded range")->type_name("FILE");
    command->add_option("FILTER", options->filter, "Of a recorded range: e.g. 'pop:FRA,LHR'");
    addRangeOptions(*command, options->range);
    options->broker.addTo(*command);
    command
        ->add_option("--subject", options->subjects, "Subject to observe, wildcards allowed; may be repeated")
        ->type_name("S")
        ->allow_extra_args(false);
    command->add_option("--duration", options->duration, "Observe so long; default 10s")->type_name("D");
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
