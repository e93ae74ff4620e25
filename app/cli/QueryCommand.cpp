// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/Commands.h"
#include "app/cli/Completeness.h"
#include "app/cli/Options.h"
#include "app/cli/TimeRange.h"
#include "core/base/Clock.h"
#include "core/base/Wording.h"
#include "core/capture/MessageJson.h"
#include "core/envelope/Names.h"
#include "core/history/HistoryReader.h"

#include <CLI/CLI.hpp>
#include <cerrno>
#include <cstdio>
#include <memory>

namespace weir::cli {
namespace {

struct QueryOptions
{
    std::string history;
    std::vector<std::string> filter;
    TimeRange range;
    std::uint64_t limit = std::numeric_limits<std::uint64_t>::max();
    Order order = Order::OldestFirst;
    bool countOnly = false;
    bool withGaps = false;
    Format format = Format::Text;
};

Result<HistoryQuery> historyQuery(const QueryOptions& options)
{
    SystemClock clock;
    const Timestamp now = clock.now();
    HistoryQuery query;
    auto filter = Filter::parse(inOneLine(options.filter), now);
    if (!filter)
        return filter.error();
    query.filter = *filter;
    const auto moments = options.range.moments(now);
    if (!moments)
        return moments.error();
    query.from = moments->from;
    query.to = moments->to;
    query.order = options.order;
    query.limit = options.limit;
    query.columns = options.format == Format::Csv ? kEnvelopeOnly : kAllColumns;
    return query;
}

std::string identityName(const Message& message, const Names& names)
{
    return message.identity.isNone() ? std::string() : names.identities.at(message.identity).name;
}

void appendText(std::string& out, const Message& message, const Names& names)
{
    constexpr std::size_t kShown = 120;
    const std::string identity = identityName(message, names);
    out += formatRfc3339(message.time);
    out += "  ";
    out += printable(message.subjectName);
    out += "  ";
    out += message.popName.empty() ? std::string("-") : printable(message.popName);
    out += "  ";
    out += message.workerName.empty() ? std::string("-") : printable(message.workerName);
    out += "  ";
    out += identity.empty() ? std::string("-") : printable(identity);
    out += " (";
    out += evidenceName(message.evidence);
    out += ")  ";
    out += formatDuration(message.latency());
    out += "  ";
    const std::string_view shown = shortened(message.payload, kShown);
    out += printable(shown);
    if (message.payloadSize > shown.size())
        out += "… (" + bytesForPeople(message.payloadSize) + ")";
    out += '\n';
}

constexpr std::string_view kCsvHead =
    "time,seq,subject,pop,worker,identity,evidence,trace,latency_us,size\r\n";

void appendCsv(std::string& out, const Message& message, const Names& names)
{
    out += formatRfc3339(message.time) + ',' + std::to_string(message.seq) + ',' +
           csvField(message.subjectName) + ',' + csvField(message.popName) + ',' +
           csvField(message.workerName) + ',' + csvField(identityName(message, names)) + ',';
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

    /// A line that says what the lines before it lack: what the filter left out, and `gaps`.
    void printCoverage(const std::string& filter, const std::vector<Gap>& gaps)
    {
        m_text += "{\"coverage\":{\"filter\":";
        appendJsonString(m_text, filter);
        m_text += ",\"gaps\":[";
        const char* comma = "";
        for (const Gap& gap : gaps) {
            m_text += comma;
            appendGapJson(m_text, gap);
            comma = ",";
        }
        m_text += "]}}\n";
    }

    [[nodiscard]] Exit finish(Exit exit)
    {
        if (m_format == Format::Json)
            m_text += "\n]\n";
        (void)flush();
        return finishOutput(exit, m_problem);
    }

private:
    bool flush()
    {
        if (m_problem == 0 && std::fwrite(m_text.data(), 1, m_text.size(), stdout) != m_text.size())
            m_problem = errno;
        m_text.clear();
        return m_problem == 0;
    }

    Format m_format;
    std::string m_text;
    bool m_any = false;
    int m_problem = 0; ///< errno of the write that failed
};

void printCount(std::uint64_t count, Format format)
{
    const auto number = static_cast<unsigned long long>(count);
    switch (format) {
    case Format::Text:
        std::printf("%llu\n", number);
        break;
    case Format::Json:
    case Format::Ndjson:
        std::printf("{\"count\":%llu}\n", number);
        break;
    case Format::Csv:
        std::printf("count\r\n%llu\r\n", number);
        break;
    }
}

/// The gaps in [from, to), and one for what could not be read there.
Result<std::vector<Gap>> gapsOf(HistoryReader& reader, const ScanSummary& scanned, Timestamp from,
                                Timestamp to)
{
    auto gaps = reader.gaps(from, to);
    const auto info = reader.info();
    if (!info)
        return info.error();
    if (gaps && !scanned.damage.empty())
        gaps->push_back({std::max(from, info->firstTime), std::min(to, info->lastTime + Nanoseconds(1)),
                         GapCause::Damaged, std::nullopt, false, scanned.damage.front().line()});
    return gaps;
}

Exit runQuery(const QueryOptions& options)
{
    const auto query = historyQuery(options);
    if (!query)
        return complain(query.error());
    auto reader = HistoryReader::open(options.history);
    if (!reader)
        return complain(reader.error());
    Printer printer(options.countOnly ? Format::Text : options.format);
    Timestamp last = kNoTime;
    const auto print = [&](const std::shared_ptr<const Batch>& batch) {
        last = batch->messages.back().time;
        return printer.print(*batch);
    };
    const auto scanned =
        options.countOnly ? (*reader)->count(*query, {}) : (*reader)->scan(*query, {}, print);
    if (!scanned)
        return complain(scanned.error());
    if (options.countOnly)
        printCount(scanned->matched, options.format);
    // Past the limit nobody looked.
    Timestamp from = query->from;
    Timestamp to = query->to;
    if (scanned->stoppedEarly && last != kNoTime)
        (query->order == Order::OldestFirst ? to : from) = last;
    const bool unread = query->limit == 0;
    const bool missing = !unread && tellMissing(**reader, from, to);
    if (options.withGaps) {
        const auto gaps = gapsOf(**reader, *scanned, from, to);
        if (!gaps)
            return complain(gaps.error());
        printer.printCoverage(inOneLine(options.filter), *gaps);
    }
    for (const Error& damage : scanned->damage)
        (void)complain(damage);
    return printer.finish(missing || scanned->damagedBlocks > 0 ? Exit::Incomplete : Exit::Done);
}

} // namespace

void addQueryCommand(CLI::App& app, std::function<Exit()>& chosen)
{
    auto options = std::make_shared<QueryOptions>();
    CLI::App* command = app.add_subcommand("query", "Find and print recorded messages");
    command->add_option("FILTER", options->filter, "e.g. 'subject:orders.> pop:FRA,LHR latency>100ms'");
    command->add_option("--history", options->history, "The history file")->type_name("FILE")->required();
    addRangeOptions(*command, options->range);
    addNumberOption(*command, "--limit", options->limit, 0, "At most this many");
    addOrderOption(*command, options->order);
    command->add_flag("--count", options->countOnly, "Print only how many match");
    addFormatOption(*command, options->format, {Format::Text, Format::Json, Format::Ndjson, Format::Csv});
    command->add_flag("--with-gaps", options->withGaps,
                      "End ndjson with a line that says what is missing (weir history import reads it)");
    command->footer(
        "Fields: subject pop worker identity account evidence trace stream size latency time seq "
        "header.NAME\n"
        "payload json./pointer; operators : = != < <= > >= ~; AND OR NOT ( ); \"text\" searches payload and "
        "headers.\nA reader follows what a recorder has committed, also while it writes.");
    command->callback([options, &chosen] {
        if (options->withGaps && (options->format != Format::Ndjson || options->countOnly))
            throw CLI::ValidationError("--with-gaps goes with --format ndjson, and not with --count");
        chosen = [options] { return runQuery(*options); };
    });
}

} // namespace weir::cli
