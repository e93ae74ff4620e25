// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/cli/Cli.h"

#include <functional>

namespace CLI {
class App;
} // namespace CLI

namespace weir::cli {

// One file a subcommand: each adds itself to `app`, and leaves what is to be run in `chosen` when it is
// meant.
void addRecordCommand(CLI::App& app, std::function<Exit()>& chosen);
void addQueryCommand(CLI::App& app, std::function<Exit()>& chosen);
void addLatencyCommand(CLI::App& app, std::function<Exit()>& chosen);
void addInfoCommand(CLI::App& app, std::function<Exit()>& chosen);
void addHistoryCommand(CLI::App& app, std::function<Exit()>& chosen);
void addCredentialsCommand(CLI::App& app, std::function<Exit()>& chosen);
void addTopologyCommand(CLI::App& app, std::function<Exit()>& chosen);
void addSqlCommand(CLI::App& app, std::function<Exit()>& chosen);

} // namespace weir::cli
