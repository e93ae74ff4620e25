// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/ConsoleOptions.h"

#include <CLI/CLI.hpp>

namespace weir::cli {

void ConsoleOptions::addTo(CLI::App& app)
{
    broker.addTo(app);
    app.add_option("--subject", subjects, "Observe this subject at once; may be repeated")
        ->type_name("S")
        ->allow_extra_args(false);
    app.add_option("--stream", stream, "Observe a JetStream stream instead")->type_name("NAME");
    app.add_option("--history", history, "Where the recording goes; alone: the recording to open")
        ->type_name("FILE");
    keep.addTo(app);
    tokens.addTo(app);
}

} // namespace weir::cli
