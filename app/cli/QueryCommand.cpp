// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/Commands.h"
#include "app/cli/Output.h"
#include "core/base/Clock.h"
#include "core/capture/MessageJson.h"
#include "core/envelope/Names.h"
#include "core/history/HistoryReader.h"

#include <CLI/CLI.hpp>
#include <cstdio>
#include <memory>

namespace weir::cli {
namespace {

struct QueryOptions
{
    std::string history;
    std::vector<std::string> filter;
    std::string from;
    std::string to;
    std::uint64_t limit = std::numeric_limits<std::uint64_t>::max();
    Order order = Order::OldestFirst;
    bool countOnly = false;
    Format format = Format::Text;
};

Result<HistoryQuery> historyQuery(const QueryOptions& options)
{
    SystemClock clock;
    const Timestamp now = clock.now();
    HistoryQuery query;
    std::string text;
    for (const std::string& word : options.filter)
        text += (text.empty() ? "" : " ") + word;
    auto filter = Filter::parse(text, now);
    if (!filter)
        return filter.error();
    query.filter = *filter;
    const auto read = [now](const std::string& moment, Timestamp& into) -> Result<void> {
        if (moment.empty())
            return {};
        const auto parsed = parseMoment(moment, now);
        if (!parsed)
            return parsed.error();
        into = *parsed;
        return {};
    };
    if (const auto from = read(options.from, query.from); !from)
        return from.error();
    if (const auto to = read(options.to, query.to); !to)
        return to.error();
    query.order = options.order;
    query.limit = options.limit;
    query.columns = options.countOnly || options.format == Format::Csv ? kEnvelopeOnly : kAllColumns;
    return query;
}

std::string_view identityName(const Message& message, const Names& names, std::string& into)
{
    into = message.identity.isNone() ? std::string() : names.identities.at(message.identity).name;
    return into;
}

void appendText(std::string& out, const Message& message, const Names& names)
{
    constexpr std::size_t kShown = 120;
    std::string identity;
    out += formatRfc3339(message.time);
    out += "  ";
    out += printable(message.subjectName);
    out += "  ";
    out += message.popName.empty() ? std::string("-") : printable(message.popName);
    out += "  ";
    out += message.workerName.empty() ? std::string("-") : printable(message.workerName);
    out += "  ";
    identityName(message, names, identity);
    out += identity.empty() ? std::string("-") : printable(identity);
    out += " (";
    out += evidenceName(message.evidence);
    out += ")  ";
    out += formatDuration(message.latency());
    out += "  ";
    out += printable(message.payload.substr(0, kShown));
    if (message.payloadSize > kShown)
        out += "… (" + bytesForPeople(message.payloadSize) + ")";
    out += '\n';
}

constexpr std::string_view kCsvHead =
    "time,seq,subject,pop,worker,identity,evidence,trace,latency_us,size\r\n";

void appendCsv(std::string& out, const Message& message, const Names& names)
{
    std::string identity;
    identityName(message, names, identity);
    out += formatRfc3339(message.time) + ',' + std::to_string(message.seq) + ',' +
           csvField(message.subjectName) + ',' + csvField(message.popName) + ',' +
           csvField(message.workerName) + ',' + csvField(identity) + ',';
    out += evidenceName(message.evidence);
    out += ',' + csvField(message.trace) + ',';
    if (message.sent != kNoTime)
        out +=
            std::to_string(std::chrono::duration_cast<std::chrono::microseconds>(message.latency()).count());
    out += ',' + std::to_string(message.size()) + "\r\n";
}

/// Prints messages as they come; false once stdout is gone (`weir query … | head`).
class Printer
{
public:
    explicit Printer(Format format) : m_format(format)
    {
        if (m_format == Format::Csv)
            m_text = kCsvHead;
        else if (m_format == Format::Json)
            m_text = "[";
    }

    [[nodiscard]] bool print(const Batch& batch)
    {
        for (const Message& message : batch.messages) {
            switch (m_format) {
            case Format::Text:
                appendText(m_text, message, *batch.names);
                break;
            case Format::Csv:
                appendCsv(m_text, message, *batch.names);
                break;
            case Format::Json:
                m_text += m_any ? ",\n" : "\n";
                appendMessageJson(m_text, message, *batch.names);
                break;
            case Format::Ndjson:
                appendMessageJson(m_text, message, *batch.names);
                m_text += '\n';
                break;
            }
            m_any = true;
        }
        return flush();
    }

    [[nodiscard]] bool finish()
    {
        if (m_format == Format::Json)
            m_text += "\n]\n";
        return flush() && std::fflush(stdout) == 0;
    }

private:
    bool flush()
    {
        const bool written = std::fwrite(m_text.data(), 1, m_text.size(), stdout) == m_text.size();
        m_text.clear();
        return written;
    }

    Format m_format;
    std::string m_text;
    bool m_any = false;
};

Exit runQuery(const QueryOptions& options)
{
    const auto query = historyQuery(options);
    if (!query)
        return complain(query.error());
    auto reader = HistoryReader::open(options.history);
    if (!reader)
        return complain(reader.error());
    Printer printer(options.format);
    const auto scanned = (*reader)->scan(*query, {}, [&](const std::shared_ptr<const Batch>& batch) {
        return options.countOnly || printer.print(*batch);
    });
    if (!scanned)
        return complain(scanned.error());
    if (options.countOnly)
        std::printf(options.format == Format::Json ? "{\"count\":%llu}\n" : "%llu\n",
                    static_cast<unsigned long long>(scanned->matched));
    else if (!printer.finish())
        return complain({ErrorCode::Io, "writing to stdout", "the other end is closed", ""});
    for (const Error& damage : scanned->damage)
        (void)complain(damage);
    return scanned->damagedBlocks > 0 ? Exit::Incomplete : Exit::Done;
}

} // namespace

void addQueryCommand(CLI::App& app, std::optional<Exit>& exit)
{
    auto options = std::make_shared<QueryOptions>();
    CLI::App* command = app.add_subcommand("query", "Find and print recorded messages");
    command->add_option("filter", options->filter, "e.g. subject:orders.> pop:FRA,LHR latency>100ms")
        ->type_name("FILTER");
    command->add_option("--history", options->history, "The history file")->type_name("FILE")->required();
    command->add_option("--from", options->from, "Not before: RFC 3339, or an age such as -15m")
        ->type_name("TIME");
    command->add_option("--to", options->to, "Before: RFC 3339, or an age such as -5m")->type_name("TIME");
    command->add_option("--limit", options->limit, "At most this many")->type_name("N");
    command->add_option("--order", options->order, "Which first")
        ->transform(CLI::CheckedTransformer(std::map<std::string, Order>{{"oldest", Order::OldestFirst},
                                                                         {"newest", Order::NewestFirst}})
                        .description("oldest|newest"))
        ->default_str("oldest");
    command->add_flag("--count", options->countOnly, "Print only how many match");
    addFormatOption(*command, options->format, {Format::Text, Format::Json, Format::Ndjson, Format::Csv});
    command->callback([options, &exit] { exit = runQuery(*options); });
}

} // namespace weir::cli
