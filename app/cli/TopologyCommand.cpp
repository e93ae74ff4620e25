// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/Choice.h"
#include "app/cli/Commands.h"
#include "app/cli/TopologyRuns.h"
#include "app/cli/TraceWay.h"

#include <CLI/CLI.hpp>

#include <memory>

namespace weir::cli {
namespace {

Exit runTrace(const TopologyOptions& options)
{
    if (!options.history.empty() || !options.subjects.empty() || !options.filter.empty())
        return complain(
            usage("--trace sends one message to its own subject", "give the broker and --format alone"));
    if (options.picture != Picture::Flow ||
        (options.format != PictureFormat::Text && options.format != PictureFormat::Json))
        return complain(usage("a trace is no picture", "give --format text or json"));
    const auto profile = options.broker.profile();
    if (!profile)
        return complain(profile.error());
    return traceWay(*profile, options.trace, options.format == PictureFormat::Json);
}

/// What only some pictures can have.
Result<void> fits(const TopologyOptions& options)
{
    if (options.picture != Picture::Flow && !options.against.empty())
        return usage("--against compares two flows", "leave out --picture");
    if (options.picture == Picture::Servers && (!options.filter.empty() || !options.subjects.empty()))
        return usage("servers are no matter of messages", "leave out --subject and FILTER");
    if (options.history.empty() && !options.against.empty())
        return usage("--against compares two ranges of a history", "give --history FILE");
    if (options.factor <= 1)
        return usage("--factor is not above 1", "give 1.5, or 2");
    return {};
}

Exit runTopology(const TopologyOptions& options)
{
    if (!options.trace.empty())
        return runTrace(options);
    if (const auto fit = fits(options); !fit)
        return complain(fit.error());
    return options.history.empty() ? runLiveTopology(options) : runPastTopology(options);
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
    addChoice<Picture>(
        *command, "--picture", options->picture,
        {{"flow", Picture::Flow},
         {"subjects", Picture::Subjects},
         {"world", Picture::World},
         {"servers", Picture::Servers}},
        "From PoP to consumer, the tree of subjects, PoPs on the map, or the broker's servers");
    addChoice<PictureFormat>(*command, "--format", options->format,
                             {{"text", PictureFormat::Text},
                              {"json", PictureFormat::Json},
                              {"dot", PictureFormat::Dot},
                              {"svg", PictureFormat::Svg},
                              {"graphviz", PictureFormat::Graphviz},
                              {"cytoscape", PictureFormat::Cytoscape}},
                             "Lines for people, a graph for machines, or a picture");
    command->footer(
        "Without --history it observes the broker. Subjects stand in groups: tokens that look like ids are "
        "*.\nEach line says how it is known: observed, declared by the broker, or inferred.");
    command->callback([options, &chosen] { chosen = [options] { return runTopology(*options); }; });
}

} // namespace weir::cli
