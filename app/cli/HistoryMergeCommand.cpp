// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/HistoryTools.h"
#include "app/cli/Options.h"
#include "app/cli/Output.h"
#include "core/base/Clock.h"
#include "core/history/HistoryMerge.h"

#include <CLI/CLI.hpp>
#include <cstdio>
#include <memory>

namespace weir::cli {
namespace {

struct MergeOptions
{
    std::string first;
    std::string second;
    std::string output;
    Format format = Format::Text;
};

void print(const MergedHistory& done, Format format)
{
    if (format == Format::Json) {
        const auto number = [](std::uint64_t value) { return static_cast<unsigned long long>(value); };
        std::printf(R"({"messages":%llu,"blocks":%llu,"doubles":%llu,"lost_messages":%llu,"damages":%llu})"
                    "\n",
                    number(done.messages), number(done.blocks), number(done.doubles),
                    number(done.lostMessages), number(done.damages));
        return;
    }
    std::printf("merged     %s in %s\n", counted(done.messages, "message").c_str(),
                counted(done.blocks, "block").c_str());
    std::printf("in both    %s, kept once\n", counted(done.doubles, "message").c_str());
    if (done.damages > 0)
        std::printf("lost       %s in %s\n", counted(done.lostMessages, "message").c_str(),
                    counted(done.damages, "damaged block").c_str());
}

Exit runMerge(const MergeOptions& options)
{
    auto first = MergeSource::open(options.first);
    if (!first)
        return complain(first.error());
    auto second = MergeSource::open(options.second);
    if (!second)
        return complain(second.error());
    SystemClock clock;
    auto to = HistoryBuilder::create(options.output, clock.now());
    if (!to)
        return complain(to.error());
    ProgressLine progress("merging");
    HistoryMerge merge(
        **first, **second, **to,
        [&](const HistoryDamage& damage) {
            progress.clear();
            remark((damage.block ? "block of messages " + std::to_string(damage.firstSeq) + " to " +
                                       std::to_string(damage.lastSeq) + " left out: "
                                 : std::string()) +
                   damage.what.front());
        },
        [&](std::uint64_t done, std::uint64_t all) { progress.show(done, all); });
    const auto done = merge.run();
    progress.clear();
    if (!done)
        return complain(done.error());
    print(*done, options.format);
    return finishOutput(done->damages == 0 ? Exit::Done : Exit::Incomplete);
}

} // namespace

void addHistoryMerge(CLI::App& history, std::function<Exit()>& chosen)
{
    auto options = std::make_shared<MergeOptions>();
    CLI::App* command = history.add_subcommand("merge", "Make one history of two, by time");
    command->add_option("A", options->first, "A history")->required();
    command->add_option("B", options->second, "Another one")->required();
    command->add_option("--output", options->output, "The new history")->type_name("NEW")->required();
    addFormatOption(*command, options->format, {Format::Text, Format::Json});
    command->footer("What a stream has under one sequence in both is kept once; messages get new numbers.\n"
                    "Recordings and gaps of both are kept. A and B are only read.\n"
                    "NEW is there whole or not at all; NEW.unfinished is what a killed merge leaves.");
    command->callback([options, &chosen] { chosen = [options] { return runMerge(*options); }; });
}

} // namespace weir::cli
