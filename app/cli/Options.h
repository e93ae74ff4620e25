// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/cli/Output.h"
#include "core/history/HistoryReader.h"

#include <cstdint>
#include <initializer_list>
#include <string>
#include <vector>

namespace CLI {
class App;
class Option;
} // namespace CLI

namespace weir::cli {

/// Adds `--format` with `allowed` of text, json, ndjson and csv; text is the default.
void addFormatOption(CLI::App& app, Format& format, std::initializer_list<Format> allowed);
/// A filter that was written as several words.
[[nodiscard]] std::string inOneLine(const std::vector<std::string>& words);
/// Adds `--order oldest|newest`.
void addOrderOption(CLI::App& app, Order& order);
/// Adds an option that takes a whole number, `least` or more.
CLI::Option* addNumberOption(CLI::App& app, const std::string& name, std::uint64_t& number,
                             std::uint64_t least, const std::string& help);

} // namespace weir::cli
