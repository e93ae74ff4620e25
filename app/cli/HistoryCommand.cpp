// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/Commands.h"
#include "app/cli/HistoryTools.h"
#include "app/cli/Output.h"

#include <CLI/CLI.hpp>
#include <cstdio>

namespace weir::cli {

ProgressLine::ProgressLine(const char* what) : m_what(what), m_terminal(stderrIsTerminal()) {}

void ProgressLine::show(std::uint64_t done, std::uint64_t all)
{
    const auto now = std::chrono::steady_clock::now();
    if (!m_terminal || (m_shown && now - m_last < std::chrono::milliseconds(100)))
        return;
    m_last = now;
    m_shown = true;
    std::fprintf(stderr, "\r\033[K%s: %llu %%", m_what,
                 static_cast<unsigned long long>(all == 0 ? 100 : 100 * done / all));
    std::fflush(stderr);
}

void ProgressLine::clear()
{
    if (m_shown)
        std::fputs("\r\033[K", stderr);
    m_shown = false;
}

void addHistoryCommand(CLI::App& app, std::function<Exit()>& chosen)
{
    CLI::App* command =
        app.add_subcommand("history", "Look after history files: verify, compact, repair, merge, import");
    command->require_subcommand(1);
    command->footer("weir history COMMAND --help tells a subcommand's options.");
    addHistoryVerify(*command, chosen);
    addHistoryCompact(*command, chosen);
    addHistoryRepair(*command, chosen);
    addHistoryMerge(*command, chosen);
    addHistoryImport(*command, chosen);
}

} // namespace weir::cli
