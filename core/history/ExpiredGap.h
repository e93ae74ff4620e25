// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/history/Database.h"

#include <cstdint>
#include <string>

namespace weir {

/// Messages that were removed on purpose.
struct ExpiredStretch
{
    std::uint64_t lastSeq = 0;
    std::uint64_t messages = 0;
    std::int64_t timeMin = 0;
    std::int64_t timeMax = 0;

    void add(std::uint64_t last, std::uint64_t count, std::int64_t from, std::int64_t to);
};

/// Adds `removed` to the gap whose detail begins with `subject`'s words (empty: of the whole history), or
/// begins one in `recording`; `kept`: what stays, in words. Inside the caller's transaction.
[[nodiscard]] Result<void> writeExpired(Database& database, std::int64_t recording,
                                        const ExpiredStretch& removed, const std::string& subject,
                                        const std::string& kept);

} // namespace weir
