// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/HistoryTools.h"
#include "app/cli/Options.h"
#include "app/cli/Output.h"
#include "core/capture/MessageJson.h"
#include "core/history/HistoryCheck.h"
#include "core/history/Schema.h"

#include <CLI/CLI.hpp>
#include <cstdio>
#include <memory>

namespace weir::cli {
namespace {

struct VerifyOptions
{
    std::string history;
    Format format = Format::Text;
};

unsigned long long number(std::uint64_t value)
{
    return value;
}

void printText(const HistoryDamage& damage)
{
    if (damage.block)
        std::printf("damaged    block %llu: messages %llu to %llu, %s … %s\n", number(*damage.block),
                    number(damage.firstSeq), number(damage.lastSeq), formatRfc3339(damage.from).c_str(),
                    formatRfc3339(damage.to).c_str());
    else
        std::printf("damaged    the file\n");
    for (const std::string& what : damage.what)
        std::printf("           %s\n", printable(what).c_str());
}

void printJson(const HistoryDamage& damage, bool first)
{
    std::printf("%s{", first ? "" : ",");
    if (damage.block)
        std::printf(R"("block":%llu,"first_seq":%llu,"last_seq":%llu,"from":"%s","to":"%s",)",
                    number(*damage.block), number(damage.firstSeq), number(damage.lastSeq),
                    formatRfc3339(damage.from).c_str(), formatRfc3339(damage.to).c_str());
    std::printf("\"what\":[");
    const char* comma = "";
    for (const std::string& what : damage.what) {
        std::string text;
        appendJsonString(text, what);
        std::printf("%s%s", comma, text.c_str());
        comma = ",";
    }
    std::printf("]}");
}

Exit runVerify(const VerifyOptions& options)
{
    auto database = openForReading(options.history);
    if (!database)
        return complain(database.error());
    const bool json = options.format == Format::Json;
    ProgressLine progress("checking");
    bool first = true;
    if (json)
        std::printf("{\"damage\":[");
    HistoryCheck check(
        *database,
        [&](const HistoryDamage& damage) {
            progress.clear();
            if (json)
                printJson(damage, first);
            else
                printText(damage);
            first = false;
        },
        [&](std::uint64_t done, std::uint64_t blocks) { progress.show(done, blocks); });
    const auto checked = check.run();
    progress.clear();
    const CheckedHistory seen = checked ? *checked : CheckedHistory();
    if (json) {
        std::printf(R"(],"blocks":%llu,"messages":%llu,"sound":%s})"
                    "\n",
                    number(seen.blocks), number(seen.messages),
                    checked && seen.damages == 0 ? "true" : "false");
    } else if (checked) {
        std::printf("checked    %s in %s\n", counted(seen.messages, "message").c_str(),
                    counted(seen.blocks, "block").c_str());
        std::printf("found      %s\n",
                    seen.damages == 0 ? "everything is sound" : counted(seen.damages, "damage").c_str());
    }
    if (!checked)
        return complain(checked.error());
    return finishOutput(seen.damages == 0 ? Exit::Done : Exit::Incomplete);
}

} // namespace

void addHistoryVerify(CLI::App& history, std::function<Exit()>& chosen)
{
    auto options = std::make_shared<VerifyOptions>();
    CLI::App* command = history.add_subcommand("verify", "Check every part of a history; changes nothing");
    command->add_option("FILE", options->history, "The history file")->required();
    addFormatOption(*command, options->format, {Format::Text, Format::Json});
    command->footer("Exit: 0 everything is sound, 3 something is damaged: it is named by block.");
    command->callback([options, &chosen] { chosen = [options] { return runVerify(*options); }; });
}

} // namespace weir::cli
