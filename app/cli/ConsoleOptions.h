// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/cli/BrokerOptions.h"
#include "app/cli/KeepOptions.h"
#include "app/cli/TokenOptions.h"

#include <string>
#include <vector>

namespace weir::cli {

/// What `weir` without a subcommand takes.
struct ConsoleOptions
{
    BrokerOptions broker;
    TokenOptions tokens;
    KeepOptions keep;
    std::vector<std::string> subjects;
    std::string stream;
    std::string history;

    void addTo(CLI::App& app);
};

} // namespace weir::cli
