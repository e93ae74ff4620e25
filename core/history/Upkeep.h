// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Error.h"
#include "core/history/Compaction.h"
#include "core/history/Retention.h"
#include "core/history/SubjectRetention.h"

#include <memory>
#include <optional>

namespace weir {

/// What the store does for its history between two transactions of messages: a few milliseconds at a time,
/// so that no message waits for it. The store's thread.
class Upkeep
{
public:
    /// `names`: of the history.
    Upkeep(Database& database, std::int64_t recording, const KeepLimits& keep,
           std::shared_ptr<const Names> names);

    /// `idle`: no message waits. A failure is tried again some seconds later.
    void tick(Timestamp now, bool idle);
    /// Before the recording ends.
    void end();
    /// Why the last try failed; while this lasts, the history exceeds its limits.
    [[nodiscard]] const std::optional<Error>& failure() const { return m_failure; }

private:
    [[nodiscard]] Result<void> expire(Timestamp now);
    [[nodiscard]] Result<void> compact(Timestamp now);

    std::optional<Retention> m_retention;
    std::optional<SubjectRetention> m_bySubject;
    bool m_behind = false; ///< with what has expired by subject
    Compaction m_compaction;
    Timestamp m_nextCompaction = kNoTime;
    std::optional<Error> m_failure;
    Timestamp m_next = kNoTime;
};

} // namespace weir
