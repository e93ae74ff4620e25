// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/HistoryTools.h"
#include "app/cli/Options.h"
#include "app/cli/Output.h"
#include "core/base/Clock.h"
#include "core/history/HistoryRepair.h"
#include "core/history/Schema.h"

#include <CLI/CLI.hpp>
#include <cstdio>
#include <memory>

namespace weir::cli {
namespace {

struct RepairOptions
{
    std::string history;
    std::string output;
    Format format = Format::Text;
};

void print(const RepairedHistory& done, Format format)
{
    if (format == Format::Json) {
        const auto number = [](std::uint64_t value) { return static_cast<unsigned long long>(value); };
        std::printf(R"({"messages":%llu,"blocks":%llu,"lost_messages":%llu,"damages":%llu})"
                    "\n",
                    number(done.messages), number(done.blocks), number(done.lostMessages),
                    number(done.damages));
        return;
    }
    std::printf("saved      %s in %s\n", counted(done.messages, "message").c_str(),
                counted(done.blocks, "block").c_str());
    if (done.damages == 0)
        std::printf("lost       nothing\n");
    else
        std::printf("lost       %s; %s\n", counted(done.lostMessages, "message").c_str(),
                    counted(done.damages, "damage").c_str());
}

Exit runRepair(const RepairOptions& options)
{
    auto from = openForReading(options.history);
    if (!from)
        return complain(from.error());
    SystemClock clock;
    auto to = HistoryBuilder::create(options.output, clock.now());
    if (!to)
        return complain(to.error());
    ProgressLine progress("saving");
    HistoryRepair repair(
        *from, **to,
        [&](const HistoryDamage& damage) {
            progress.clear();
            for (const std::string& what : damage.what)
                remark((damage.block ? "messages " + std::to_string(damage.firstSeq) + " to " +
                                           std::to_string(damage.lastSeq) + ": "
                                     : std::string()) +
                       what);
        },
        [&](std::uint64_t done, std::uint64_t all) { progress.show(done, all); });
    const auto done = repair.run();
    progress.clear();
    if (!done)
        return complain(done.error());
    print(*done, options.format);
    return finishOutput(done->damages == 0 ? Exit::Done : Exit::Incomplete);
}

} // namespace

void addHistoryRepair(CLI::App& history, std::function<Exit()>& chosen)
{
    auto options = std::make_shared<RepairOptions>();
    CLI::App* command =
        history.add_subcommand("repair", "Copy all that is sound of a damaged history into a new one");
    command->add_option("FILE", options->history, "The damaged history; it is only read")->required();
    command->add_option("--output", options->output, "The new history")->type_name("NEW")->required();
    addFormatOption(*command, options->format, {Format::Text, Format::Json});
    command->footer(
        "NEW.unfinished is what a repair that was killed leaves; NEW itself is there whole or not at all.\n"
        "Exit: 0 nothing was damaged, 3 what is lost is named here and as gaps in the new history.");
    command->callback([options, &chosen] { chosen = [options] { return runRepair(*options); }; });
}

} // namespace weir::cli
