// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <csignal>
#include <unistd.h>

namespace weir::cli {

/// SIGINT, SIGTERM and SIGHUP (not under nohup) as something to wait for: blocked for every thread that
/// starts after this.
class EndSignals
{
public:
    EndSignals();
    /// Whether one came within `patience`.
    [[nodiscard]] bool wait(std::chrono::milliseconds patience) const;
    static void wake() { (void)kill(getpid(), SIGUSR1); }

private:
    sigset_t m_set{};
};

} // namespace weir::cli
