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
    [[nodiscard]] Result<void> learnStored(const ConsumerState& state);
    void tellDiscarded(const ConsumerState& state);
    void acknowledge(NatsLink& link);
    void acknowledgeLate();

    const Options& m_options;
    Clock& m_clock;
    MessageQueue& m_queue;
    SourceEvents& m_events;
    StreamLedger m_ledger;
    ConsumerWish m_wish;
    bool m_knowsStored = false;
    std::atomic<std::uint64_t> m_committed{0};
    std::unique_ptr<StreamFeed> m_feed;
    Nanoseconds m_nextLook{0};
    LinkKeeper m_keeper;
    std::mutex m_mutex;
    std::unique_ptr<NatsLink> m_lastLink; // guarded by m_mutex; after stop()
};

Result<void> JetStreamSource::Session::linkUp(NatsLink& link)
{
    m_wish.startAfter = std::max(m_options.startAfter, m_ledger.highest());
    const Result<ConsumerState> state = ensureConsumer(link.handle(), m_wish);
    if (!state)
        return state.error();
    if (Result<void> known = learnStored(*state); !known)
        return known;
    tellDiscarded(*state);
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

/// Only what is above the floor comes again. When the first message above it came, at most maxAckPending
/// others below were still to be stored: so what is stored of those above lies within that many more.
Result<void> JetStreamSource::Session::learnStored(const ConsumerState& state)
{
    if (m_knowsStored || state.created || !m_options.findStored || state.delivered <= state.ackFloor)
        return {};
    auto stored =
        m_options.findStored(state.ackFloor, state.delivered - state.ackFloor + state.maxAckPending);
    if (!stored)
        return stored.error();
    m_ledger.knowStored(*std::move(stored));
    m_knowsStored = true;
    return {};
}

/// The stream's limits may have discarded what this consumer had not been given yet.
void JetStreamSource::Session::tellDiscarded(const ConsumerState& state)
{
    if (state.created || state.streamFirst <= state.delivered + 1)
        return;
    const std::uint64_t count = state.streamFirst - state.delivered - 1;
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
        m_ledger.forget(state->ackFloor);
}

void JetStreamSource::Session::linkDown(NatsLink& link)
{
    if (m_feed)
        m_feed->stop();
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
