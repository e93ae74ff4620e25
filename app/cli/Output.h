// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace weir::cli {

enum class Exit : int;
enum class Format { Text, Json, Ndjson, Csv };

[[nodiscard]] bool stderrIsTerminal();

/// Writes out what waits for stdout; returns what to exit with. A reader that closed its end (`| head`) is no
/// failure, a full disk is. `problem`: the errno of a write that failed before; 0: none did.
[[nodiscard]] Exit finishOutput(Exit exit, int problem = 0);

/// `1,234,567`.
[[nodiscard]] std::string grouped(std::uint64_t number);
/// `1 gap`, `2,345 gaps`.
[[nodiscard]] std::string counted(std::uint64_t number, const std::string& noun);
/// A CSV field (RFC 4180), quoted where it must be.
[[nodiscard]] std::string csvField(std::string_view text);
/// Text fit for a terminal: control characters (those of C1 and those that turn the direction of writing,
/// too) and bytes that are not UTF-8 are shown as `\xNN`.
[[nodiscard]] std::string printable(std::string_view text);
/// The longest front of `text` of at most `bytes` that ends between two characters.
[[nodiscard]] std::string_view shortened(std::string_view text, std::size_t bytes);

} // namespace weir::cli
