// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/history/Upkeep.h"

#include <utility>

namespace weir {
namespace {

constexpr Nanoseconds kEvery = std::chrono::milliseconds(100);
constexpr Nanoseconds kAfterFailure = std::chrono::seconds(5);
constexpr std::chrono::milliseconds kAtOnce{10};            ///< of work
constexpr std::chrono::milliseconds kAtOnceBehind{40};      ///< while more expires than that allows
constexpr Nanoseconds kSettled = std::chrono::seconds(5);   ///< younger blocks are not merged yet
constexpr Nanoseconds kLookEvery = std::chrono::seconds(1); ///< for blocks to merge, where there were none

/// A clock that was set back is no reason to wait.
bool isDue(Timestamp next, Timestamp now)
{
    return next == kNoTime || now >= next || now < next - kAfterFailure;
}

} // namespace

Upkeep::Upkeep(Database& database, std::int64_t recording, const KeepLimits& keep,
               std::shared_ptr<const Names> names)
    : m_compaction(database, Compaction::Pace::Beside)
{
    if (!keep.any())
        return;
    KeepLimits whole = keep;
    if (!keep.subjects.empty()) {
        whole.age = Nanoseconds(0);
        m_bySubject.emplace(database, recording, keep, std::move(names));
    }
    m_retention.emplace(database, recording, std::move(whole));
}

void Upkeep::tick(Timestamp now, bool idle)
{
    if (!isDue(m_next, now))
        return;
    auto done = expire(now);
    if (done && idle && isDue(m_nextCompaction, now))
        done = compact(now);
    m_failure = done ? std::nullopt : std::optional(done.error());
    m_next = now + (done ? kEvery : kAfterFailure);
}

Result<void> Upkeep::expire(Timestamp now)
{
    if (!m_retention)
        return {};
    if (m_bySubject) {
        const auto until = std::chrono::steady_clock::now() + (m_behind ? kAtOnceBehind : kAtOnce);
        const auto more = m_bySubject->step(now, until);
        if (!more)
            return more.error();
        m_behind = *more;
        if (const auto rewritten = m_bySubject->takeRewritten())
            m_compaction.lookAgain(*rewritten);
    }
    const auto done = m_retention->step(now, std::chrono::steady_clock::now() + kAtOnce);
    return done ? Result<void>() : done.error();
}

Result<void> Upkeep::compact(Timestamp now)
{
    const auto more = m_compaction.step(now - kSettled);
    m_nextCompaction = now + (more && *more ? kEvery : more ? kLookEvery : kAfterFailure);
    if (more)
        return {};
    // It left everything as it was. That the disk refuses is told by what must be written.
    const ErrorCode code = more.error().code;
    const bool told = code == ErrorCode::DiskFull || code == ErrorCode::Io || code == ErrorCode::Busy;
    return told ? Result<void>() : more.error();
}

void Upkeep::end()
{
    if (!m_retention)
        return;
    if (const auto done = m_retention->end(); !done)
        m_failure = done.error();
}

} // namespace weir
