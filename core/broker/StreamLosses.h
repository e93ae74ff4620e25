// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Clock.h"
#include "core/broker/MessageSource.h"
#include "core/broker/StreamConsumer.h"
#include "core/broker/StreamLedger.h"

#include <cstdint>
#include <optional>
#include <string>

namespace weir {

/// Tells what of a stream this recording will never be given: what the stream's limits discarded, what
/// somebody else took through the same consumer, what went with a stream that was deleted. One thread at a
/// time.
class StreamLosses
{
public:
    StreamLosses(const ConsumerWish& wish, const StreamLedger& ledger, Clock& clock, SourceEvents& events);

    /// On the first link: between what the history holds of the stream and where the consumer goes on.
    void tellSinceStored(natsConnection* connection, const StoredMessages& stored, const StreamState& stream,
                         const ConsumerState& consumer);
    /// The stream's limits discarded `count` sequences that were still to come, since `from`.
    void tellDiscarded(Timestamp from, std::uint64_t count);
    void tellMadeAnew(Timestamp from);
    /// What somebody else took, as far as it was not told yet. Whether there was any.
    bool tellTakenElsewhere(bool atEnd);
    /// What to do about it; empty while nobody else takes anything.
    [[nodiscard]] std::string warning() const;

private:
    [[nodiscard]] bool isFiltered() const { return !m_wish.filterSubject.empty(); }
    [[nodiscard]] std::string takenWords() const;
    void tell(GapCause cause, Timestamp from, const std::string& detail, std::uint64_t count, bool counted);

    const ConsumerWish& m_wish;
    const StreamLedger& m_ledger;
    Clock& m_clock;
    SourceEvents& m_events;
    Timestamp m_lastGood;
    std::uint64_t m_told = 0;
    std::optional<std::uint64_t> m_gap; ///< while somebody else takes
    bool m_shared = false;
};

} // namespace weir
