// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/Options.h"

#include "app/cli/Choice.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <charconv>
#include <utility>
#include <vector>

namespace weir::cli {
void addFormatOption(CLI::App& app, Format& format, std::initializer_list<Format> allowed)
{
    Choices<Format> choices;
    for (const auto& [word, value] : Choices<Format>{{"text", Format::Text},
                                                     {"json", Format::Json},
                                                     {"ndjson", Format::Ndjson},
                                                     {"csv", Format::Csv}}) {
        if (std::find(allowed.begin(), allowed.end(), value) != allowed.end())
            choices.emplace_back(word, value);
    }
    addChoice(app, "--format", format, choices, "How to print");
}

std::string inOneLine(const std::vector<std::string>& words)
{
    std::string line;
    for (const std::string& word : words)
        line += (line.empty() ? "" : " ") + word;
    return line;
}

void addOrderOption(CLI::App& app, Order& order)
{
    addChoice<Order>(app, "--order", order, {{"oldest", Order::OldestFirst}, {"newest", Order::NewestFirst}},
                     "Which first");
}

CLI::Option* addNumberOption(CLI::App& app, const std::string& name, std::uint64_t& number,
                             std::uint64_t least, const std::string& help)
{
    return app
        .add_option_function<std::string>(
            name,
            [name, least, &number](const std::string& given) {
                const char* const end = given.data() + given.size();
                const auto [stop, error] = std::from_chars(given.data(), end, number);
                if (given.empty() || error != std::errc() || stop != end || number < least)
                    throw CLI::ValidationError(name + " takes a whole number" + ", " + std::to_string(least) +
                                               " or more" + ", not '" + given + "'");
            },
            help)
        ->type_name("N");
}

} // namespace weir::cli
