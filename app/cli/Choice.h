// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <CLI/CLI.hpp>
#include <algorithm>
#include <string>
#include <utility>
#include <vector>

namespace weir::cli {

template<typename T>
using Choices = std::vector<std::pair<std::string, T>>;

/// An option whose value is one of a few words; the first is the default.
template<typename T>
void addChoice(CLI::App& app, const std::string& name, T& into, const Choices<T>& choices,
               const std::string& help)
{
    std::string words;
    for (const auto& [word, value] : choices)
        words += (words.empty() ? "" : "|") + word;
    app.add_option_function<std::string>(
           name,
           [name, words, choices, &into](const std::string& given) {
               const auto found = std::find_if(choices.begin(), choices.end(),
                                               [&](const auto& choice) { return choice.first == given; });
               if (found == choices.end())
                   throw CLI::ValidationError(name + " takes " + words + ", not '" + given + "'");
               into = found->second;
           },
           help + "; default " + choices.front().first)
        ->type_name(words);
}

} // namespace weir::cli
