// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/Output.h"

#include "core/capture/MessageJson.h"

#include <CLI/CLI.hpp>
#include <array>
#include <cstdio>
#include <map>
#include <unistd.h>

namespace weir::cli {

void addFormatOption(CLI::App& app, Format& format, std::initializer_list<Format> allowed)
{
    static const std::map<Format, std::string> kNames{
        {Format::Text, "text"}, {Format::Json, "json"}, {Format::Ndjson, "ndjson"}, {Format::Csv, "csv"}};
    std::map<std::string, Format> choices;
    std::string words;
    for (const Format choice : allowed) {
        choices.emplace(kNames.at(choice), choice);
        words += (words.empty() ? "" : "|") + kNames.at(choice);
    }
    app.add_option("--format", format, "How to print")
        ->transform(CLI::CheckedTransformer(choices).description(words))
        ->default_str("text");
}

bool stderrIsTerminal()
{
    return ::isatty(STDERR_FILENO) == 1;
}

std::string grouped(std::uint64_t number)
{
    std::string digits = std::to_string(number);
    for (std::size_t place = digits.size(); place > 3;) {
        place -= 3;
        digits.insert(place, 1, ',');
    }
    return digits;
}

std::string bytesForPeople(std::uint64_t bytes)
{
    constexpr std::array kUnits{"B", "kB", "MB", "GB", "TB"};
    double value = static_cast<double>(bytes);
    std::size_t unit = 0;
    while (value >= 999.5 && unit + 1 < kUnits.size()) {
        value /= 1000;
        ++unit;
    }
    std::array<char, 32> text{};
    std::snprintf(text.data(), text.size(), unit == 0 || value >= 99.5 ? "%.0f %s" : "%.1f %s", value,
                  kUnits[unit]);
    return text.data();
}

std::string csvField(std::string_view text)
{
    if (text.find_first_of(",\"\r\n") == std::string_view::npos)
        return std::string(text);
    std::string field = "\"";
    for (const char c : text) {
        if (c == '"')
            field += '"';
        field += c;
    }
    return field + '"';
}

std::string printable(std::string_view text)
{
    const bool utf8 = isUtf8(text);
    std::string shown;
    shown.reserve(text.size());
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte >= 0x20 && byte != 0x7F && (byte < 0x80 || utf8)) {
            shown += c;
            continue;
        }
        std::array<char, 8> escape{};
        std::snprintf(escape.data(), escape.size(), "\\x%02x", byte);
        shown += escape.data();
    }
    return shown;
}

} // namespace weir::cli
