// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/EndSignals.h"

#include <ctime>

namespace weir::cli {
namespace {

bool isIgnored(int signal)
{
    struct sigaction now = {};
    return sigaction(signal, nullptr, &now) == 0 && now.sa_handler == SIG_IGN;
}

} // namespace

EndSignals::EndSignals()
{
    sigemptyset(&m_set);
    sigaddset(&m_set, SIGINT);
    sigaddset(&m_set, SIGTERM);
    if (!isIgnored(SIGHUP))
        sigaddset(&m_set, SIGHUP);
    sigaddset(&m_set, SIGUSR1); // ours, to wake the wait
    pthread_sigmask(SIG_BLOCK, &m_set, nullptr);
}

bool EndSignals::wait(std::chrono::milliseconds patience) const
{
    const timespec time{patience.count() / 1000, (patience.count() % 1000) * 1'000'000};
    const int got = sigtimedwait(&m_set, nullptr, &time);
    return got > 0 && got != SIGUSR1;
}

} // namespace weir::cli
