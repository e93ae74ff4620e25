// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Error.h"

#include <string_view>

namespace weir::cli {

/// What the process ends with (design: "Command line").
enum class Exit : int {
    Done = 0,
    Failed = 1,
    Usage = 2,
    Incomplete = 3, ///< done, but with a gap or a drop, or not verified
};

/// Whether the arguments ask for a subcommand (or help, or the version) rather than for the console.
[[nodiscard]] bool wantsCommandLine(int argc, char** argv);

/// Runs the subcommand. Data goes to stdout, everything else to stderr. Needs a QCoreApplication.
[[nodiscard]] int run(int argc, char** argv);

/// Prints `weir: WHAT failed: WHY (WHAT TO DO)` on stderr and returns what to exit with.
[[nodiscard]] Exit complain(const Error& error);
/// Prints `weir: TEXT` on stderr: something the user should know that is not a failure.
void remark(std::string_view text);

} // namespace weir::cli
