// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/Commands.h"
#include "app/cli/Options.h"
#include "app/cli/Output.h"
#include "app/cli/RecordReport.h"
#include "core/base/Wording.h"
#include "core/capture/MessageJson.h"
#include "core/envelope/Names.h"
#include "core/history/HistoryReader.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <map>
#include <memory>

namespace weir::cli {
namespace {

struct Counts
{
    std::map<std::string, std::uint64_t> subjects;
    std::map<std::string, std::uint64_t> pops;
    bool whole = true; ///< no block was damaged
};

struct InfoOptions
{
    std::string history;
    Format format = Format::Text;
    bool bySubject = false;
    bool byPop = false;
};

std::string time(Timestamp when)
{
    return when == kNoTime ? std::string() : formatRfc3339(when);
}

Result<Counts> count(HistoryReader& reader)
{
    std::map<std::uint32_t, std::uint64_t> subjects;
    std::map<std::uint32_t, std::uint64_t> pops;
    HistoryQuery query;
    query.columns = kEnvelopeOnly;
    const auto scanned = reader.scan(query, {}, [&](const std::shared_ptr<const Batch>& batch) {
        for (const Message& message : batch->messages) {
            ++subjects[message.subject.value];
            ++pops[message.pop.value];
        }
        return true;
    });
    if (!scanned)
        return scanned.error();
    const auto names = reader.names();
    Counts counts;
    for (const Error& damage : scanned->damage)
        (void)complain(damage);
    counts.whole = scanned->damagedBlocks == 0;
    for (const auto& [id, number] : subjects)
        counts.subjects[std::string(names->subjects.name({id}))] = number;
    for (const auto& [id, number] : pops)
        counts.pops[std::string(names->pops.name({id}))] = number;
    return counts;
}

void printJsonTime(const char* name, Timestamp when)
{
    if (when == kNoTime)
        std::printf(",\"%s\":null", name);
    else
        std::printf(",\"%s\":\"%s\"", name, formatRfc3339(when).c_str());
}

void printJsonCounts(const char* name, const std::map<std::string, std::uint64_t>& counts)
{
    std::printf(",\"%s\":{", name);
    const char* comma = "";
    for (const auto& [key, number] : counts) {
        std::string text;
        appendJsonString(text, key);
        std::printf("%s%s:%llu", comma, text.c_str(), static_cast<unsigned long long>(number));
        comma = ",";
    }
    std::printf("}");
}

void printJson(const HistoryInfo& info, const InfoOptions& options, const Counts& counts)
{
    const auto number = [](const char* name, std::uint64_t value) {
        std::printf(",\"%s\":%llu", name, static_cast<unsigned long long>(value));
    };
    std::printf("{\"schema\":%d", info.schema);
    number("messages", info.messages);
    number("blocks", info.blocks);
    number("bytes_on_disk", info.bytesOnDisk);
    number("bytes_in", info.bytesIn);
    printJsonTime("first_time", info.firstTime);
    printJsonTime("last_time", info.lastTime);
    number("first_seq", info.firstSeq);
    number("last_seq", info.lastSeq);
    std::printf(",\"being_written\":%s", info.beingWritten ? "true" : "false");
    number("dropped_broker", info.droppedBroker);
    number("dropped_queue", info.droppedQueue);
    number("sampled", info.sampledOut);
    std::printf(",\"sampled_estimated\":%s", info.sampledEstimated ? "true" : "false");
    number("failed", info.failed);
    std::printf(",\"gaps\":[");
    const char* comma = "";
    for (const Gap& gap : info.gaps) {
        std::string text = comma;
        appendGapJson(text, gap);
        std::printf("%s", text.c_str());
        comma = ",";
    }
    std::printf("]");
    if (options.bySubject)
        printJsonCounts("subjects", counts.subjects);
    if (options.byPop)
        printJsonCounts("pops", counts.pops);
    std::printf("}\n");
}

void printTextCounts(const char* title, const std::map<std::string, std::uint64_t>& counts)
{
    std::vector<std::pair<std::string, std::uint64_t>> rows(counts.begin(), counts.end());
    std::stable_sort(rows.begin(), rows.end(),
                     [](const auto& a, const auto& b) { return a.second > b.second; });
    std::printf("%s\n", title);
    for (const auto& [name, number] : rows)
        std::printf("  %14s  %s\n", grouped(number).c_str(),
                    name.empty() ? "(none)" : printable(name).c_str());
}

std::string inWords(const Gap& gap)
{
    std::string cause(gapCauseName(gap.cause));
    std::replace(cause.begin(), cause.end(), '_', ' ');
    const std::string missing = gap.messages ? counted(*gap.messages, "message") : "number unknown";
    return cause + ", " + missing + (gap.estimated ? " (estimated)" : "");
}

void printGap(const Gap& gap)
{
    std::printf("gap        %s … %s  %s\n", time(gap.from).c_str(),
                gap.to == kNoTime ? "still open                    " : time(gap.to).c_str(),
                inWords(gap).c_str());
    if (!gap.detail.empty())
        std::printf("           %s\n", printable(gap.detail).c_str());
}

/// What is not in the history, as a capture's coverage has it.
Coverage missingOf(const HistoryInfo& info)
{
    Coverage missing;
    missing.droppedBroker = info.droppedBroker;
    missing.droppedQueue = info.droppedQueue;
    missing.sampledOut = info.sampledOut;
    missing.sampledEstimated = info.sampledEstimated;
    missing.failed = info.failed;
    missing.gaps = info.gaps.size();
    return missing;
}

void printText(const HistoryInfo& info, const InfoOptions& options, const Counts& counts)
{
    std::printf("messages   %s in %s\n", grouped(info.messages).c_str(),
                counted(info.blocks, "block").c_str());
    if (info.messages > 0)
        std::printf("time       %s … %s\n", time(info.firstTime).c_str(), time(info.lastTime).c_str());
    std::printf("size       %s on disk", bytesForPeople(info.bytesOnDisk).c_str());
    if (info.bytesIn > 0)
        std::printf(", %s as received", bytesForPeople(info.bytesIn).c_str());
    if (info.bytesIn > info.bytesOnDisk)
        std::printf(" (%.0f %%)",
                    100.0 * static_cast<double>(info.bytesOnDisk) / static_cast<double>(info.bytesIn));
    std::printf("\nmissing    %s\n", missingInWords(missingOf(info)).c_str());
    for (const Gap& gap : info.gaps)
        printGap(gap);
    std::printf("schema     %d\n", info.schema);
    if (info.beingWritten)
        std::printf("writer     it is being written now\n");
    if (options.bySubject)
        printTextCounts("messages per subject", counts.subjects);
    if (options.byPop)
        printTextCounts("messages per PoP", counts.pops);
}

Exit runInfo(const InfoOptions& options)
{
    auto reader = HistoryReader::open(options.history);
    if (!reader)
        return complain(reader.error());
    const auto info = (*reader)->info();
    if (!info)
        return complain(info.error());
    Counts counts;
    if (options.bySubject || options.byPop) {
        auto counted = count(**reader);
        if (!counted)
            return complain(counted.error());
        counts = std::move(*counted);
    }
    if (options.format == Format::Json)
        printJson(*info, options, counts);
    else
        printText(*info, options, counts);
    return finishOutput(counts.whole && missingOf(*info).complete() ? Exit::Done : Exit::Incomplete);
}

} // namespace

void addInfoCommand(CLI::App& app, std::function<Exit()>& chosen)
{
    auto options = std::make_shared<InfoOptions>();
    CLI::App* command = app.add_subcommand("info", "What a history holds: messages, time, size, gaps");
    command->add_option("--history", options->history, "The history file")->type_name("FILE")->required();
    command->add_flag("--subjects", options->bySubject, "Count messages per subject");
    command->add_flag("--pops", options->byPop, "Count messages per PoP");
    addFormatOption(*command, options->format, {Format::Text, Format::Json});
    command->footer(
        "Exits with 3 when something is missing: a gap, a drop, a damaged block (--subjects and --pops read "
        "all).\nsampled_estimated: some of what was sampled out could not be counted.");
    command->callback([options, &chosen] { chosen = [options] { return runInfo(*options); }; });
}

} // namespace weir::cli
