// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace CLI {
class App;
} // namespace CLI

namespace weir::cli {

enum class Format { Text, Json, Ndjson, Csv };

/// Adds `--format` with `allowed` of text, json, ndjson and csv; `text` is the default.
void addFormatOption(CLI::App& app, Format& format, std::initializer_list<Format> allowed);

[[nodiscard]] bool stderrIsTerminal();

/// `1,234,567`.
[[nodiscard]] std::string grouped(std::uint64_t number);
/// `4.2 MB`, powers of 1000.
[[nodiscard]] std::string bytesForPeople(std::uint64_t bytes);
/// A CSV field (RFC 4180), quoted where it must be.
[[nodiscard]] std::string csvField(std::string_view text);
/// Text fit for a terminal: control characters and bytes that are not UTF-8 are shown as `\xNN`.
[[nodiscard]] std::string printable(std::string_view text);

} // namespace weir::cli
