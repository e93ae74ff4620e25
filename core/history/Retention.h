// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/history/BlockTable.h"
#include "core/history/Database.h"
#include "core/history/KeepLimits.h"

#include <chrono>
#include <optional>
#include <string>

namespace weir {

/// Removes the oldest blocks of a history that exceeds its limits, writes down what expired, and gives the
/// room back to the file system; all in small steps. The thread of the connection that writes.
class Retention
{
public:
    using Until = std::chrono::steady_clock::time_point;

    /// All of a history, whatever the subjects. `recording`: the one to whose gaps the expired stretch is
    /// added.
    Retention(Database& database, std::int64_t recording, KeepLimits keep);

    /// Works until nothing is left to do or `until` has passed, but at least one small transaction. True:
    /// there is more to do.
    [[nodiscard]] Result<bool> step(Timestamp now, Until until);
    /// Gives back what is free already, unless that takes long.
    [[nodiscard]] Result<void> end();

private:
    struct OldBlock
    {
        std::uint64_t firstSeq = 0;
        std::uint64_t lastSeq = 0;
        std::uint64_t messages = 0;
        std::int64_t timeMin = 0;
        std::int64_t timeMax = 0;
    };

    /// The oldest block, if it has to go.
    [[nodiscard]] Result<std::optional<OldBlock>> expired(Timestamp now);
    [[nodiscard]] Result<bool> isTooLarge();
    [[nodiscard]] Result<void> removeSome(Timestamp now);
    [[nodiscard]] Result<void> removeInside(Timestamp now);
    [[nodiscard]] Result<std::int64_t> freePages();
    [[nodiscard]] std::string inWords() const;

    Database& m_database;
    const std::int64_t m_recording;
    const KeepLimits m_keep;
    std::optional<BlockTable> m_blocks;
};

/// Gives `pages` free pages at the end of the file back to the file system.
[[nodiscard]] Result<void> vacuum(Database& database, std::int64_t pages);

} // namespace weir
