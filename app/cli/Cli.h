// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/cli/ConsoleOptions.h"
#include "core/base/Error.h"

#include <functional>
#include <memory>
#include <optional>
#include <string_view>

namespace weir::cli {

/// What the process ends with (design: "Command line").
enum class Exit : int {
    Done = 0,
    Failed = 1,
    Usage = 2,
    Incomplete = 3, ///< done, but with a gap or a drop, or not verified
};

/// What the arguments ask for.
struct CommandLine
{
    std::optional<Exit> exit;      ///< help, version or wrong usage: everything is said
    std::function<Exit()> command; ///< the subcommand, needs a QCoreApplication; empty: the console
    ConsoleOptions console;

    [[nodiscard]] static std::unique_ptr<const CommandLine> read(int argc, char** argv);
};

/// What was asked for is itself wrong.
[[nodiscard]] Error usage(const std::string& why, const std::string& hint);
/// Prints `weir: WHAT failed: WHY (WHAT TO DO)` on stderr, in one line, and returns what to exit with.
[[nodiscard]] Exit complain(const Error& error);
/// Prints `weir: TEXT` on stderr: something the user should know that is not a failure.
void remark(std::string_view text);

} // namespace weir::cli
