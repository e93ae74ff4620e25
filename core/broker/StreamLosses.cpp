// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/broker/StreamLosses.h"

#include <algorithm>

namespace weir {

StreamLosses::StreamLosses(const ConsumerWish& wish, const StreamLedger& ledger, Clock& clock,
                           SourceEvents& events)
    : m_wish(wish), m_ledger(ledger), m_clock(clock), m_events(events), m_lastGood(clock.now())
{
}

void StreamLosses::tellSinceStored(natsConnection* connection, const StoredMessages& stored,
                                   const StreamState& stream, const ConsumerState& consumer)
{
    if (stored.last == 0)
        return;
    const auto created = parseRfc3339(stream.created);
    if (created && *created > stored.lastStored)
        return tellMadeAnew(stored.lastReceived);
    if (stream.first > stored.last + 1)
        tellDiscarded(stored.lastReceived, stream.first - stored.last - 1);
    const std::uint64_t after = std::max(stored.last, std::max<std::uint64_t>(stream.first, 1) - 1);
    if (consumer.created || consumer.ackFloor.streamSeq <= after)
        return;
    // What the stream deleted and what the filter leaves out never comes: only what is there was taken.
    const Result<std::uint64_t> next = nextInStream(connection, m_wish, after);
    const std::uint64_t first = next ? *next : after + 1;
    if (first == 0 || first > consumer.ackFloor.streamSeq)
        return;
    m_shared = true;
    tell(GapCause::TakenElsewhere, stored.lastReceived, takenWords(), consumer.ackFloor.streamSeq - first + 1,
         !isFiltered());
}

void StreamLosses::tellDiscarded(Timestamp from, std::uint64_t count)
{
    tell(GapCause::SlowConsumer, from,
         "the stream no longer holds " + std::to_string(count) + " messages that were still to be captured",
         count, !isFiltered());
}

void StreamLosses::tellMadeAnew(Timestamp from)
{
    tell(GapCause::SlowConsumer, from,
         "the stream was deleted and made anew: what the old one still had for this recording is lost", 0,
         false);
}

void StreamLosses::tell(GapCause cause, Timestamp from, const std::string& detail, std::uint64_t count,
                        bool counted)
{
    const Timestamp now = m_clock.now();
    const std::uint64_t gap = m_events.gapBegan(cause, std::min(from, now), detail);
    if (counted) {
        m_events.gapGrew(gap, count, false);
        m_events.droppedByBroker(count);
    }
    m_events.gapEnded(gap, now);
}

bool StreamLosses::tellTakenElsewhere(bool atEnd)
{
    const std::uint64_t taken = m_ledger.takenElsewhere(isFiltered(), atEnd);
    const Timestamp now = m_clock.now();
    const bool more = taken > m_told;
    if (more) {
        m_shared = true;
        if (!m_gap)
            m_gap = m_events.gapBegan(GapCause::TakenElsewhere, m_lastGood, takenWords());
        m_events.gapGrew(*m_gap, taken - m_told, isFiltered() || atEnd);
        m_events.droppedByBroker(taken - m_told);
        m_told = taken;
    }
    if (m_gap && (!more || atEnd)) {
        m_events.gapEnded(*m_gap, now);
        m_gap.reset();
    }
    m_lastGood = now;
    return more;
}

std::string StreamLosses::takenWords() const
{
    return "another recorder took them through the same consumer " + m_wish.consumer;
}

std::string StreamLosses::warning() const
{
    if (!m_shared)
        return {};
    return "another recorder takes messages through the same consumer " + m_wish.consumer +
           ": what it takes is missing here; give each recorder a consumer of its own (--consumer NAME)";
}

} // namespace weir
