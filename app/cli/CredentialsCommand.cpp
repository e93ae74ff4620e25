// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/BrokerOptions.h"
#include "app/cli/BrokerWatching.h"
#include "app/cli/Commands.h"
#include "app/cli/Options.h"
#include "app/cli/TimeRange.h"
#include "core/base/Wording.h"
#include "core/capture/JsonFields.h"
#include "core/topology/CredentialUse.h"
#include "core/topology/FlowText.h"

#include <CLI/CLI.hpp>
#include <cstdio>
#include <memory>

namespace weir::cli {
namespace {

struct CredentialsOptions
{
    std::string history;
    TimeRange range;
    BrokerOptions broker;
    std::string duration = "2s";
    Format format = Format::Text;
};

std::string moment(Timestamp time, const char* none)
{
    return time == kNoTime ? std::string(none) : formatRfc3339(time);
}

/// To the second, which is all that JWTs know.
std::string second(Timestamp time, const char* none)
{
    return time == kNoTime ? std::string(none) : formatSecond(time);
}

std::string titleOf(const CredentialUse& use)
{
    return !use.name.empty() ? use.name : !use.nkey.empty() ? use.nkey : std::string("(no user)");
}

void printText(const CredentialList& list)
{
    int width = 10;
    for (const CredentialUse& use : list.uses)
        width = std::max(width, std::min(56, static_cast<int>(printable(titleOf(use)).size())));
    std::printf("%-*s %-12s %-20s %-20s %11s %11s %11s  %s\n", width, "credential", "state", "ends", "issued",
                "connections", "publishes", "takes", "account");
    for (const CredentialUse& use : list.uses) {
        std::printf("%-*s %-12s %-20s %-20s %11s %11s %11s  %s\n", width, printable(titleOf(use)).c_str(),
                    std::string(credentialStateName(use.state)).c_str(),
                    second(use.expires, use.hasJwt ? "never" : "-").c_str(), second(use.issued, "-").c_str(),
                    grouped(use.present).c_str(), use.published ? flowRateText(use.published).c_str() : "-",
                    use.taken ? flowRateText(use.taken).c_str() : "-", printable(use.account).c_str());
        if (!use.reason.empty())
            std::printf("  %s\n", printable(use.reason).c_str());
    }
    for (const std::string& line : list.coverage)
        std::printf("coverage   %s\n", printable(line).c_str());
}

std::string numberOf(const std::optional<double>& rate)
{
    return rate ? std::to_string(*rate) : std::string();
}

void printCsv(const CredentialList& list)
{
    std::printf(
        "name,nkey,account,state,reason,issued,expires,connected,connected_older,published_rate,taken_rate,"
        "visits,refusals\r\n");
    for (const CredentialUse& use : list.uses) {
        const std::vector<std::string> row{use.name,
                                           use.nkey,
                                           use.account,
                                           std::string(credentialStateName(use.state)),
                                           use.reason,
                                           moment(use.issued, ""),
                                           moment(use.expires, ""),
                                           std::to_string(use.present),
                                           std::to_string(use.older),
                                           numberOf(use.published),
                                           numberOf(use.taken),
                                           std::to_string(use.visits.size()),
                                           std::to_string(use.refusals.size())};
        std::string line;
        for (const std::string& value : row)
            line += (&value == row.data() ? "" : ",") + csvField(value);
        std::printf("%s\r\n", line.c_str());
    }
}

void printJson(const CredentialList& list)
{
    std::string out;
    {
        JsonFields fields(out);
        fields.time("to", list.to);
        fields.list("credentials", list.uses,
                    [&out](const CredentialUse& use) { out += credentialJson(use); });
        fields.texts("coverage", list.coverage);
    }
    std::printf("%s\n", out.c_str());
}

void print(const CredentialList& list, Format format)
{
    switch (format) {
    case Format::Text:
        return printText(list);
    case Format::Json:
        return printJson(list);
    case Format::Csv:
        return printCsv(list);
    case Format::Ndjson:
        for (const CredentialUse& use : list.uses)
            std::printf("%s\n", credentialJson(use).c_str());
    }
}

Result<RangeLooks> looksOf(const CredentialsOptions& options, Timestamp& from)
{
    SystemClock clock;
    from = clock.now();
    if (options.history.empty()) {
        const auto profile = options.broker.profile();
        return profile ? watchBroker(*profile, options.duration, clock) : Result<RangeLooks>(profile.error());
    }
    const auto moments = options.range.moments(clock.now());
    if (!moments)
        return moments.error();
    from = moments->from;
    auto reader = HistoryReader::open(options.history);
    if (!reader)
        return reader.error();
    auto looks = LooksOfRange().of(**reader, moments->from, moments->to);
    if (looks && !looks->now)
        return Error{
            ErrorCode::NotFound, "listing credentials", "the history has no look at the broker in this range",
            "weir record and the console keep them where a broker's monitoring port or system account is "
            "named; weir credentials --monitor URL asks the broker itself"};
    return looks;
}

Exit runCredentials(const CredentialsOptions& options)
{
    Timestamp from = kNoTime;
    const auto looks = looksOf(options, from);
    if (!looks)
        return complain(looks.error());
    print(credentialsOf(*looks, from), options.format);
    return finishOutput(looks->now->problems.empty() ? Exit::Done : Exit::Incomplete);
}

} // namespace

void addCredentialsCommand(CLI::App& app, std::function<Exit()>& chosen)
{
    auto options = std::make_shared<CredentialsOptions>();
    CLI::App* command =
        app.add_subcommand("credentials", "Print who may speak to the broker, and until when");
    command->add_option("--history", options->history, "Of a recorded range")->type_name("FILE");
    addRangeOptions(*command, options->range);
    options->broker.addTo(*command);
    command->add_option("--duration", options->duration, "Look at the broker so long, for rates; default 2s")
        ->type_name("D");
    addFormatOption(*command, options->format, {Format::Text, Format::Json, Format::Ndjson, Format::Csv});
    command->footer(
        "Without --history it asks the broker's monitoring ports, or its system account. What is listed is "
        "what\n"
        "connections came with: their users, public nkeys and JWTs' claims. Secrets are never told.");
    command->callback([options, &chosen] { chosen = [options] { return runCredentials(*options); }; });
}

} // namespace weir::cli
