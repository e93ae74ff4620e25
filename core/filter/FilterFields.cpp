// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/filter/FilterFields.h"

#include <algorithm>
#include <array>
#include <numeric>

namespace weir {
namespace {

constexpr std::array kFields{
    FilterFieldInfo{FilterField::Subject, "subject", false, true, bit(Column::Subject), 2,
                    "subject, with the wildcards * and >", "orders.>"},
    FilterFieldInfo{FilterField::Pop, "pop", false, true, bit(Column::Pop), 1,
                    "point of presence of the edge", "FRA"},
    FilterFieldInfo{FilterField::Worker, "worker", false, true, bit(Column::Worker), 1,
                    "Worker or EdgeWorker", "checkout"},
    FilterFieldInfo{FilterField::Identity, "identity", false, true, bit(Column::Identity), 5, "who sent it",
                    "checkout@edge"},
    FilterFieldInfo{FilterField::Account, "account", false, true, bit(Column::Identity), 6,
                    "account of the sender", "EDGE"},
    FilterFieldInfo{FilterField::Evidence, "evidence", true, false, Column::Identity | Column::Time, 5,
                    "how the sender is known", "verified"},
    FilterFieldInfo{FilterField::Trace, "trace", false, true, bit(Column::Trace), 5, "trace id",
                    "4bf92f3577b34da6a3ce929d0e0e4736"},
    FilterFieldInfo{FilterField::Stream, "stream", false, true, Column::Reply | Column::Headers, 7,
                    "JetStream stream", "ORDERS"},
    FilterFieldInfo{FilterField::Size, "size", true, false, bit(Column::Size), 3,
                    "bytes of headers and payload", "10kB"},
    FilterFieldInfo{FilterField::Latency, "latency", true, false, Column::Sent | Column::Time, 4,
                    "from sent to received", "100ms"},
    FilterFieldInfo{FilterField::Time, "time", true, false, bit(Column::Time), 3, "when Weir received it",
                    "-15m"},
    FilterFieldInfo{FilterField::Seq, "seq", true, false, 0, 1, "Weir's own number", "1000"},
    FilterFieldInfo{FilterField::Header, "header.", false, true, bit(Column::Headers), 8,
                    "a header by its name", "1"},
    FilterFieldInfo{FilterField::Payload, "payload", false, true, bit(Column::Payload), 10,
                    "text within the payload", "needle"},
    FilterFieldInfo{FilterField::Json, "json.", true, true, bit(Column::Payload), 20,
                    "a value of a JSON payload by its pointer: json./order/id", "48213"},
};

constexpr FilterFieldInfo kText{FilterField::Text, "", false, false, Column::Headers | Column::Payload, 11,
                                "text in quotes",  ""};

std::size_t editDistance(std::string_view a, std::string_view b)
{
    std::vector<std::size_t> row(b.size() + 1);
    std::iota(row.begin(), row.end(), std::size_t{0});
    for (std::size_t i = 1; i <= a.size(); ++i) {
        std::size_t diagonal = std::exchange(row[0], i);
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const std::size_t replaced = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
            diagonal = row[j];
            row[j] = std::min({replaced, row[j] + 1, row[j - 1] + 1});
        }
    }
    return row.back();
}

std::string_view bareName(const FilterFieldInfo& info)
{
    return info.name.ends_with('.') ? info.name.substr(0, info.name.size() - 1) : info.name;
}

} // namespace

std::span<const FilterFieldInfo> filterFields()
{
    return kFields;
}

const FilterFieldInfo& filterFieldInfo(FilterField field)
{
    const auto found = std::find_if(kFields.begin(), kFields.end(),
                                    [field](const FilterFieldInfo& info) { return info.field == field; });
    return found == kFields.end() ? kText : *found;
}

const FilterFieldInfo* findFilterField(std::string_view name)
{
    const std::string lower = asciiLower(name);
    for (const FilterFieldInfo& info : kFields) {
        if (lower == bareName(info))
            return &info;
    }
    return nullptr;
}

const FilterFieldInfo* nearestFilterField(std::string_view name)
{
    if (name.size() > 16)
        return nullptr;
    const std::string lower = asciiLower(name);
    const FilterFieldInfo* best = nullptr;
    std::size_t bestDistance = lower.size() <= 3 ? 2 : 3;
    for (const FilterFieldInfo& info : kFields) {
        const std::string_view candidate = bareName(info);
        const bool begins = lower.size() >= 2 && candidate.starts_with(lower);
        const std::size_t distance = begins ? 1 : editDistance(lower, candidate);
        if (distance < bestDistance) {
            best = &info;
            bestDistance = distance;
        }
    }
    return best;
}

std::vector<std::string> filterOperators(const FilterFieldInfo& info)
{
    std::vector<std::string> operators{":", "=", "!="};
    if (info.ordered)
        operators.insert(operators.end(), {"<", "<=", ">", ">="});
    if (info.regex)
        operators.emplace_back("~");
    return operators;
}

std::string asciiLower(std::string_view text)
{
    std::string lower(text);
    for (char& c : lower) {
        if (c >= 'A' && c <= 'Z')
            c = static_cast<char>(c - 'A' + 'a');
    }
    return lower;
}

} // namespace weir
