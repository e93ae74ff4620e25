// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/cli/Cli.h"

#include <optional>

namespace CLI {
class App;
} // namespace CLI

namespace weir::cli {

// One file a subcommand: each adds itself to `app`, runs when it was chosen, and leaves its result in `exit`.
void addRecordCommand(CLI::App& app, std::optional<Exit>& exit);
void addQueryCommand(CLI::App& app, std::optional<Exit>& exit);
void addInfoCommand(CLI::App& app, std::optional<Exit>& exit);

} // namespace weir::cli
