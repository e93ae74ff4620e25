// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/HistoryTools.h"
#include "app/cli/Options.h"
#include "app/cli/Output.h"
#include "core/base/Clock.h"
#include "core/history/HistoryImport.h"

#include <CLI/CLI.hpp>
#include <cstdio>
#include <memory>

namespace weir::cli {
namespace {

constexpr std::uint64_t kNamed = 10; ///< so many refused documents are named, the rest counted

struct ImportOptions
{
    std::string input;
    std::string output;
    std::string rules;
    bool keepEvidence = false;
    Format format = Format::Text;
};

void print(const ImportedHistory& done, Format format)
{
    if (format == Format::Json) {
        const auto number = [](std::uint64_t value) { return static_cast<unsigned long long>(value); };
        std::printf(R"({"messages":%llu,"blocks":%llu,"refused":%llu,"unproven":%llu,"gaps":%llu,)"
                    R"("coverage_known":%s,"sorted":%s})"
                    "\n",
                    number(done.messages), number(done.blocks), number(done.refused), number(done.unproven),
                    number(done.gaps), done.coverageKnown ? "true" : "false", done.sorted ? "true" : "false");
        return;
    }
    std::printf("imported   %s in %s%s\n", counted(done.messages, "message").c_str(),
                counted(done.blocks, "block").c_str(), done.sorted ? ", put in the order of time" : "");
    if (done.coverageKnown)
        std::printf("missing    %s\n", done.gaps == 0 ? "nothing" : counted(done.gaps, "gap").c_str());
    else
        std::printf("missing    not known: the input does not say (weir query --with-gaps writes it)\n");
    if (done.refused > 0)
        std::printf("refused    %s\n", counted(done.refused, "document").c_str());
    if (done.unproven > 0)
        std::printf("claimed    %s said to be verified or vouched: nothing in the input proves it\n",
                    counted(done.unproven, "message").c_str());
}

Exit runImport(const ImportOptions& options)
{
    auto rules = options.rules.empty() ? EnvelopeRules::forUser()
                                       : EnvelopeRules::load(options.rules, EnvelopeRules::defaults());
    if (!rules)
        return complain(rules.error());
    auto input = ImportInput::open(options.input);
    if (!input)
        return complain(input.error());
    SystemClock clock;
    auto to = HistoryBuilder::create(options.output, clock.now());
    if (!to)
        return complain(to.error());
    ProgressLine progress("importing");
    std::uint64_t named = 0;
    HistoryImport import(
        **input, **to, {std::move(*rules), options.keepEvidence},
        [&](const std::string& place, const Error& error) {
            progress.clear();
            if (named++ < kNamed)
                remark(place + " left out: " + printable(error.why));
        },
        [&](std::uint64_t done, std::uint64_t all) { progress.show(done, all); });
    const auto done = import.run();
    progress.clear();
    if (!done)
        return complain(done.error());
    if (named > kNamed)
        remark(counted(named - kNamed, "more document") + " left out");
    print(*done, options.format);
    const bool whole = done->refused == 0 && done->coverageKnown && done->gaps == 0;
    return finishOutput(whole ? Exit::Done : Exit::Incomplete);
}

} // namespace

void addHistoryImport(CLI::App& history, std::function<Exit()>& chosen)
{
    auto options = std::make_shared<ImportOptions>();
    CLI::App* command = history.add_subcommand("import", "Make a history of messages in JSON");
    command
        ->add_option("INPUT", options->input,
                     "Lines of weir query --format ndjson, a folder of nats sub --dump, or - for stdin")
        ->required();
    command->add_option("--output", options->output, "The new history")->type_name("NEW")->required();
    command
        ->add_option("--rules", options->rules,
                     "Envelope rules of your own, as JSON: see the README, \"Envelope rules\"")
        ->type_name("FILE");
    command->add_flag("--keep-evidence", options->keepEvidence,
                      "Take the input's word for verified and vouched identities");
    addFormatOption(*command, options->format, {Format::Text, Format::Json});
    command->footer(
        "What a line does not say of PoP, Worker, identity or trace is read out of its headers. A dump does\n"
        "not say when its messages came: the times of its files stand for it. weir history merge joins the\n"
        "new history with another. Exit: 3 where something was left out, is missing, or nobody knows.");
    command->callback([options, &chosen] { chosen = [options] { return runImport(*options); }; });
}

} // namespace weir::cli
