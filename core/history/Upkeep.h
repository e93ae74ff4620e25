// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Error.h"
#include "core/history/Retention.h"

#include <optional>

namespace weir {

/// What the store does for its history between two transactions of messages: a few milliseconds at a time,
/// so that no message waits for it. The store's thread.
class Upkeep
{
public:
    Upkeep(Database& database, std::int64_t recording, KeepLimits keep);

    /// A failure is tried again some seconds later.
    void tick(Timestamp now);
    /// Before the recording ends.
    void end();
    /// Why the last try failed; while this lasts, the history exceeds its limits.
    [[nodiscard]] const std::optional<Error>& failure() const { return m_failure; }

private:
    [[nodiscard]] Result<void> work(Timestamp now);

    std::optional<Retention> m_retention;
    std::optional<Error> m_failure;
    Timestamp m_next = kNoTime;
};

} // namespace weir
