// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/LatencyTable.h"

#include "core/capture/MessageJson.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <utility>
#include <vector>

namespace weir::cli {
namespace {

constexpr std::array<std::string_view, 4> kFields{"pop", "worker", "identity", "subject"};
constexpr std::array<const char*, 4> kTitles{"PoP", "Worker", "identity", "subjects"};

std::string nameOf(const RollupKey& key, LatencyBy by, const Names& names)
{
    switch (by) {
    case LatencyBy::Pop:
        return std::string(names.pops.name(key.pop));
    case LatencyBy::Worker:
        return std::string(names.workers.name(key.worker));
    case LatencyBy::Identity:
        return key.identity.isNone() ? std::string() : names.identities.at(key.identity).name;
    case LatencyBy::Subject:
        return std::string(names.groups.name(key.group));
    }
    return {};
}

/// One value of a row: empty where there is none.
struct Value
{
    std::string_view field;
    std::string text;
    bool quoted = false;
};

Value moment(std::string_view field, Timestamp time)
{
    return {field, time == kNoTime ? std::string() : formatRfc3339(time), true};
}

Value number(std::string_view field, std::uint64_t value)
{
    return {field, std::to_string(value)};
}

Value micros(std::string_view field, Nanoseconds latency)
{
    return {field, latency == kNoDuration ? std::string() : std::to_string(latency.count() / 1000)};
}

std::string csvOf(const std::vector<Value>& row)
{
    std::string line;
    for (const Value& value : row)
        line += (line.empty() && &value == row.data() ? "" : ",") + csvField(value.text);
    return line + "\r\n";
}

std::string jsonOf(const std::vector<Value>& row)
{
    std::string line = "{";
    for (const Value& value : row) {
        line += &value == row.data() ? "" : ",";
        appendJsonString(line, value.field);
        line += ':';
        const bool isName = value.quoted && value.field != "from" && value.field != "to";
        if (value.text.empty() && !isName)
            line += "null";
        else if (value.quoted)
            appendJsonString(line, value.text);
        else
            line += value.text;
    }
    return line + "}";
}

} // namespace

void LatencyFigures::add(const RollupSlot& slot, const RollupCell& cell)
{
    count += cell.count;
    bytes += cell.bytes;
    errors += cell.errors;
    unknown += cell.unknown;
    skewed += cell.skewed;
    for (std::uint32_t i = cell.begin; i < cell.end; ++i)
        latencies.add(slot.buckets[i].index, slot.buckets[i].count);
    latencies.noteMax(cell.longest);
}

void LatencyTable::add(const RollupSlot& slot, const Names& names)
{
    for (const RollupCell& cell : slot.cells) {
        auto& figures = m_figures[nameOf(cell.key, m_by, names)];
        if (!figures)
            figures = std::make_unique<LatencyFigures>();
        figures->add(slot, cell);
    }
}

void LatencyTable::print(Timestamp from, Timestamp to)
{
    if (m_format == Format::Text)
        printText(from, to);
    else
        for (const auto& [name, figures] : m_figures)
            printRow(name, *figures, from, to);
    m_figures.clear();
}

void LatencyTable::printText(Timestamp from, Timestamp to) const
{
    if (from != kNoTime || to != kNoTime)
        std::printf("%s … %s\n", from == kNoTime ? "from the beginning" : formatRfc3339(from).c_str(),
                    to == kNoTime ? "to the end" : formatRfc3339(to).c_str());
    std::vector<std::pair<std::string, const LatencyFigures*>> rows;
    std::size_t width = 10;
    for (const auto& [name, figures] : m_figures) {
        rows.emplace_back(name.empty() ? "(none)" : printable(name), figures.get());
        width = std::max(width, std::min<std::size_t>(rows.back().first.size(), 48));
    }
    std::stable_sort(rows.begin(), rows.end(), [](const auto& a, const auto& b) {
        return a.second->latencies.percentile(99) > b.second->latencies.percentile(99);
    });
    std::printf("%-*s %14s %10s %10s %10s %10s %10s\n", static_cast<int>(width),
                kTitles[static_cast<std::size_t>(m_by)], "messages", "p50", "p90", "p99", "max", "errors");
    for (const auto& [name, figures] : rows) {
        std::printf("%-*s %14s", static_cast<int>(width), name.c_str(), grouped(figures->count).c_str());
        for (const double percent : {50.0, 90.0, 99.0})
            std::printf(" %10s", formatDuration(figures->latencies.percentile(percent)).c_str());
        std::printf(" %10s %10s", formatDuration(figures->latencies.max()).c_str(),
                    grouped(figures->errors).c_str());
        if (figures->unknown > 0)
            std::printf("  %s without a sent time", grouped(figures->unknown).c_str());
        if (figures->skewed > 0)
            std::printf("  %s with clock skew", grouped(figures->skewed).c_str());
        std::printf("\n");
    }
}

void LatencyTable::printRow(const std::string& name, const LatencyFigures& figures, Timestamp from,
                            Timestamp to)
{
    const Histogram& latencies = figures.latencies;
    const std::vector<Value> row{moment("from", from),
                                 moment("to", to),
                                 {kFields[static_cast<std::size_t>(m_by)], name, true},
                                 number("messages", figures.count),
                                 number("bytes", figures.bytes),
                                 number("errors", figures.errors),
                                 micros("p50_us", latencies.percentile(50)),
                                 micros("p90_us", latencies.percentile(90)),
                                 micros("p99_us", latencies.percentile(99)),
                                 micros("max_us", latencies.max()),
                                 number("without_latency", figures.unknown),
                                 number("clock_skew", figures.skewed)};
    if (m_format == Format::Csv) {
        if (!m_any) {
            std::vector<Value> head;
            for (const Value& value : row)
                head.push_back({{}, std::string(value.field)});
            std::fputs(csvOf(head).c_str(), stdout);
        }
        std::fputs(csvOf(row).c_str(), stdout);
    } else {
        const char* const before = m_format == Format::Ndjson ? "" : m_any ? ",\n" : "[\n";
        std::printf("%s%s%s", before, jsonOf(row).c_str(), m_format == Format::Ndjson ? "\n" : "");
    }
    m_any = true;
}

void LatencyTable::finish()
{
    if (m_format == Format::Json)
        std::printf(m_any ? "\n]\n" : "[]\n");
}

} // namespace weir::cli
