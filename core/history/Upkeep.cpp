// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/history/Upkeep.h"

namespace weir {
namespace {

constexpr Nanoseconds kEvery = std::chrono::milliseconds(100);
constexpr Nanoseconds kAfterFailure = std::chrono::seconds(5);
constexpr std::chrono::milliseconds kAtOnce{10}; ///< of work

} // namespace

Upkeep::Upkeep(Database& database, std::int64_t recording, KeepLimits keep)
{
    if (keep.any())
        m_retention.emplace(database, recording, keep);
}

void Upkeep::tick(Timestamp now)
{
    // A clock that was set back is no reason to wait.
    if (m_next != kNoTime && now < m_next && now > m_next - kAfterFailure)
        return;
    const auto done = work(now);
    m_failure = done ? std::nullopt : std::optional(done.error());
    m_next = now + (done ? kEvery : kAfterFailure);
}

Result<void> Upkeep::work(Timestamp now)
{
    const auto until = std::chrono::steady_clock::now() + kAtOnce;
    if (m_retention) {
        if (const auto done = m_retention->step(now, until); !done)
            return done.error();
    }
    return {};
}

void Upkeep::end()
{
    if (!m_retention)
        return;
    if (const auto done = m_retention->end(); !done)
        m_failure = done.error();
}

} // namespace weir
