// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/cli/Cli.h"

#include <chrono>
#include <cstdint>
#include <functional>

namespace CLI {
class App;
} // namespace CLI

namespace weir::cli {

// The subcommands of `weir history`, one file each.
void addHistoryVerify(CLI::App& history, std::function<Exit()>& chosen);
void addHistoryCompact(CLI::App& history, std::function<Exit()>& chosen);
void addHistoryRepair(CLI::App& history, std::function<Exit()>& chosen);
void addHistoryMerge(CLI::App& history, std::function<Exit()>& chosen);
void addHistoryImport(CLI::App& history, std::function<Exit()>& chosen);

/// A line on stderr that tells how far a long work is; only where stderr is a terminal.
class ProgressLine
{
public:
    explicit ProgressLine(const char* what);
    ~ProgressLine() { clear(); }
    ProgressLine(const ProgressLine&) = delete;
    ProgressLine& operator=(const ProgressLine&) = delete;

    void show(std::uint64_t done, std::uint64_t all);
    void clear();

private:
    const char* m_what;
    const bool m_terminal;
    bool m_shown = false;
    std::chrono::steady_clock::time_point m_last;
};

} // namespace weir::cli
