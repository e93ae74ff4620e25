// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Gap.h"
#include "core/history/Database.h"

#include <string>
#include <vector>

namespace weir {

/// The gap at the end of a recording that nobody closed: from what was settled last, as long as a flush may
/// be away.
[[nodiscard]] Gap uncleanEnd(Timestamp lastCommit, Nanoseconds flushEvery);

/// Gaps of `recording` that were still open end at `at`: what comes after has a gap of its own, or an end.
[[nodiscard]] Result<void> endOpenGaps(Database& database, std::int64_t recording, Timestamp at);

/// What a recording is of: the broker in words, and the JetStream stream, empty for live subjects.
struct RecordedFrom
{
    std::string source;
    std::string stream;
};

/// Inside the transaction that begins a new recording at `now`: writes down how the one before ended and
/// that nothing was recorded since. A stream keeps for us what we have not acknowledged, so where one is
/// recorded on, its source knows and says what is lost.
[[nodiscard]] Result<void> settleEarlierRecordings(Database& database, const RecordedFrom& next,
                                                   Timestamp now);

/// The gaps that lie at least partly in [from, to), by their beginning. `held`: a writer is at work, so that
/// what is open lasts; otherwise what it left open ends with it, and its unclean end is added.
[[nodiscard]] Result<std::vector<Gap>> readGaps(Database& database, Timestamp from, Timestamp to, bool held);

} // namespace weir
