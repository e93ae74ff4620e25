// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/broker/JetStreamSource.h"

#include "core/broker/LinkKeeper.h"
#include "core/broker/NatsInbox.h"
#include "core/broker/StreamConsumer.h"
#include "core/broker/StreamFeed.h"
#include "core/broker/StreamLedger.h"

#include <algorithm>
#include <atomic>
#include <mutex>

namespace weir {
namespace {

constexpr Nanoseconds kLookEvery = std::chrono::seconds(5);
constexpr std::chrono::milliseconds kFlushPatience{1000};

} // namespace

class JetStreamSource::Session final : public LinkUser
{
public:
    Session(const Options& options, Clock& clock, MessageQueue& queue, SourceEvents& events)
        : m_options(options),
          m_clock(clock),
          m_queue(queue),
          m_events(events),
          m_wish{options.profile.jetstreamApi(), options.stream,  options.consumer,
                 options.filterSubject,          options.fromNow, options.startAfter,
                 options.maxAckPending,          options.ackWait},
          m_keeper({options.profile, options.reconnect, options.retryFirstConnect,
                    std::chrono::milliseconds(50), false},
                   clock, events, *this)
    {
    }

    Result<void> start() { return m_keeper.start(); }

    /// The link outlives the subscription: what is committed later is still acknowledged.
    void stop()
    {
        std::unique_ptr<NatsLink> link = m_keeper.stopAndKeepLink();
        const std::unique_lock lock(m_mutex);
        if (link)
            m_lastLink = std::move(link);
        acknowledgeLate();
    }

    void committed(std::uint64_t count)
    {
        m_committed.store(count, std::memory_order_release);
        m_keeper.wake();
        const std::unique_lock lock(m_mutex);
        acknowledgeLate();
    }

    Result<void> linkUp(NatsLink& link) override;
    void linkTick(NatsLink& link) override;
    void linkDown(NatsLink& link) override;
    Timestamp lastMessage() const override { return m_feed ? m_feed->lastMessage() : kNoTime; }

private:
    void meet(const StreamState& stream);
    [[nodiscard]] Result<void> learnStored(const ConsumerState& state);
    void tellDiscarded(const StreamState& stream, const ConsumerState& state);
    void acknowledge(NatsLink& link);
    void acknowledgeLate();

    const Options& m_options;
    Clock& m_clock;
    MessageQueue& m_queue;
    SourceEvents& m_events;
    StreamLedger m_ledger;
    ConsumerWish m_wish;
    std::string m_streamCreated; ///< of the stream that the ledger speaks of; empty before the first link
    bool m_knowsStored = false;
    std::atomic<std::uint64_t> m_committed{0};
    std::unique_ptr<StreamFeed> m_feed;
    Timestamp m_lastMessage = kNoTime; ///< of earlier links
    Nanoseconds m_nextLook{0};
    LinkKeeper m_keeper;
    std::mutex m_mutex;
    std::unique_ptr<NatsLink> m_lastLink; // guarded by m_mutex; after stop()
};

Result<void> JetStreamSource::Session::linkUp(NatsLink& link)
{
    const Result<StreamState> stream = findStream(link.handle(), m_wish);
    if (!stream)
        return stream.error();
    meet(*stream);
    const Result<ConsumerState> state = ensureConsumer(link.handle(), m_wish);
    if (!state)
        return state.error();
    if (Result<void> known = learnStored(*state); !known)
        return known;
    tellDiscarded(*stream, *state);
    m_ledger.settle(state->ackFloor);
    m_streamCreated = stream->created;
    const std::uint32_t batch = std::clamp(state->maxAckPending / 2, 1U, 2000U);
    Result<std::unique_ptr<StreamFeed>> feed =
        StreamFeed::subscribe(link.handle(),
                              {m_wish.api + ".CONSUMER.MSG.NEXT." + m_wish.stream + "." + m_wish.consumer,
                               natsInboxFor(m_options.profile), batch},
                              m_ledger, m_queue, m_clock);
    if (!feed)
        return feed.error();
    m_feed = *std::move(feed);
    m_keeper.setDetail("stream " + m_wish.stream + ", " + std::to_string(state->pending) +
                       " messages waiting");
    return {};
}

/// A consumer that has to be made again begins where the last one was acknowledged: what came above that and
/// what did not, the ledger knows. A stream that was made anew begins at its beginning.
void JetStreamSource::Session::meet(const StreamState& stream)
{
    const bool anew = !m_streamCreated.empty() && m_streamCreated != stream.created;
    if (!m_streamCreated.empty()) {
        m_wish.fromNow = false;
        m_wish.startAfter = std::max(m_wish.startAfter, m_ledger.floor());
    }
    if (!anew)
        return;
    m_streamCreated = stream.created;
    m_wish.startAfter = 0;
    m_ledger.beginAnew();
    m_knowsStored = false;
    const Timestamp now = m_clock.now();
    m_events.gapEnded(m_events.gapBegan(GapCause::SlowConsumer,
                                        m_lastMessage == kNoTime ? now : m_lastMessage,
                                        "the stream was deleted and made anew: what the old one still had "
                                        "for this recording is lost"),
                      now);
}

/// Whatever is above the floor may come, whichever consumer brought it before.
Result<void> JetStreamSource::Session::learnStored(const ConsumerState& state)
{
    if (m_knowsStored || !m_options.findStored)
        return {};
    auto stored = m_options.findStored(state.ackFloor);
    if (!stored)
        return stored.error();
    m_ledger.knowStored(*std::move(stored));
    m_knowsStored = true;
    return {};
}

/// The stream's limits may have discarded what this consumer had not been given yet.
void JetStreamSource::Session::tellDiscarded(const StreamState& stream, const ConsumerState& state)
{
    const std::uint64_t last = state.created ? m_ledger.highest() : state.delivered;
    if ((state.created && last == 0) || stream.first <= last + 1)
        return;
    const std::uint64_t count = stream.first - last - 1;
    const Timestamp now = m_clock.now();
    const std::uint64_t gap = m_events.gapBegan(GapCause::SlowConsumer, now,
                                                "the stream no longer holds " + std::to_string(count) +
                                                    " messages that were still to be captured");
    if (m_wish.filterSubject.empty())
        m_events.droppedByBroker(count);
    m_events.gapEnded(gap, now);
}

void JetStreamSource::Session::acknowledge(NatsLink& link)
{
    for (const std::string& reply : m_ledger.committed(m_committed.load(std::memory_order_acquire)))
        (void)natsConnection_Publish(link.handle(), reply.c_str(), "+ACK", 4);
}

void JetStreamSource::Session::acknowledgeLate()
{
    if (!m_lastLink || m_ledger.waiting() == 0)
        return;
    acknowledge(*m_lastLink);
    (void)m_lastLink->roundTrip(kFlushPatience);
}

void JetStreamSource::Session::linkTick(NatsLink& link)
{
    acknowledge(link);
    m_feed->tick();
    for (const Error& error : link.takeErrors())
        m_keeper.setDetail(error.why);
    if (const std::string trouble = m_feed->trouble(); !trouble.empty()) {
        m_keeper.setDetail(trouble);
        return m_keeper.relink();
    }
    if (m_clock.steady() < m_nextLook)
        return;
    m_nextLook = m_clock.steady() + kLookEvery;
    if (const Result<ConsumerState> state = consumerState(link.handle(), m_wish))
        m_ledger.settle(state->ackFloor);
}

void JetStreamSource::Session::linkDown(NatsLink& link)
{
    if (m_feed) {
        m_feed->stop();
        m_lastMessage = std::max(m_lastMessage, m_feed->lastMessage());
    }
    m_feed.reset();
    acknowledge(link);
}

JetStreamSource::JetStreamSource(Options options, Clock& clock)
    : m_options(std::move(options)), m_clock(clock)
{
}

JetStreamSource::~JetStreamSource()
{
    stop();
}

Result<void> JetStreamSource::start(MessageQueue& queue, SourceEvents& events)
{
    stop();
    m_session = std::make_unique<Session>(m_options, m_clock, queue, events);
    Result<void> started = m_session->start();
    if (!started)
        m_session.reset();
    return started;
}

void JetStreamSource::stop()
{
    if (m_session)
        m_session->stop();
}

void JetStreamSource::committed(std::uint64_t count)
{
    if (m_session)
        m_session->committed(count);
}

} // namespace weir
