// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/broker/JetStreamSource.h"

#include "core/broker/LinkKeeper.h"
#include "core/broker/NatsInbox.h"
#include "core/broker/StreamConsumer.h"
#include "core/broker/StreamFeed.h"
#include "core/broker/StreamLedger.h"
#include "core/broker/StreamLosses.h"

#include <algorithm>
#include <atomic>
#include <mutex>

namespace weir {
namespace {

constexpr Nanoseconds kLookEvery = std::chrono::seconds(5);
constexpr Nanoseconds kLookAgain = std::chrono::seconds(1); ///< while somebody else may be taking, too
constexpr std::chrono::milliseconds kFlushPatience{1000};

} // namespace

class JetStreamSource::Session final : public LinkUser
{
public:
    Session(const Options& options, Clock& clock, MessageQueue& queue, SourceEvents& events)
        : m_options(options),
          m_clock(clock),
          m_queue(queue),
          m_wish{options.profile.jetstreamApi(), options.stream,  options.consumer,
                 options.filterSubject,          options.fromNow, options.startAfter,
                 options.maxAckPending,          options.ackWait},
          m_losses(m_wish, m_ledger, clock, events),
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
        if (!m_stopped)
            tellEnd(link.get());
        m_stopped = true;
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
    void learnConsumer(NatsLink& link, const StreamState& stream, const ConsumerState& state);
    void tellDiscarded(const StreamState& stream, const ConsumerState& state);
    void look(NatsLink& link);
    void tellEnd(NatsLink* link);
    [[nodiscard]] bool mayShare() const;
    void acknowledge(NatsLink& link);
    void acknowledgeLate();

    const Options& m_options;
    Clock& m_clock;
    MessageQueue& m_queue;
    StreamLedger m_ledger;
    ConsumerWish m_wish;
    StreamLosses m_losses;
    std::string m_streamCreated; ///< of the stream that the ledger speaks of; empty before the first link
    bool m_knowsStored = false;
    bool m_stopped = false; ///< nothing is told any more
    StoredMessages m_stored;
    std::atomic<std::uint64_t> m_committed{0};
    std::unique_ptr<StreamFeed> m_feed;
    Timestamp m_lastMessage = kNoTime; ///< of earlier links
    Nanoseconds m_lastLook{0};
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
    learnConsumer(link, *stream, *state);
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

/// Where the consumer stands, and what that means for what came before.
void JetStreamSource::Session::learnConsumer(NatsLink& link, const StreamState& stream,
                                             const ConsumerState& state)
{
    const bool first = m_streamCreated.empty();
    if (first && m_stored.last > 0)
        m_losses.tellSinceStored(link.handle(), m_stored, stream, state);
    else
        tellDiscarded(stream, state);
    if (first || state.created)
        m_ledger.beginCounting(state.delivered, state.ackFloor);
    m_ledger.settle(state.ackFloor);
    if (const std::string warning = m_losses.warning(); !warning.empty())
        m_keeper.setWarning(warning);
    m_lastLook = m_clock.steady();
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
    m_losses.tellMadeAnew(m_lastMessage == kNoTime ? m_clock.now() : m_lastMessage);
}

/// Whatever is above the floor may come, whichever consumer brought it before.
Result<void> JetStreamSource::Session::learnStored(const ConsumerState& state)
{
    if (m_knowsStored || !m_options.findStored)
        return {};
    auto stored = m_options.findStored(state.ackFloor.streamSeq);
    if (!stored)
        return stored.error();
    m_ledger.knowStored(stored->holds);
    m_stored = *std::move(stored);
    m_knowsStored = true;
    return {};
}

/// The stream's limits may have discarded what this consumer had not been given yet.
void JetStreamSource::Session::tellDiscarded(const StreamState& stream, const ConsumerState& state)
{
    const std::uint64_t last = state.created ? m_ledger.highest() : state.delivered.streamSeq;
    if ((state.created && last == 0) || stream.first <= last + 1)
        return;
    m_losses.tellDiscarded(m_clock.now(), stream.first - last - 1);
}

/// How the consumer stands: what somebody else took through it, and what nobody need acknowledge again.
void JetStreamSource::Session::look(NatsLink& link)
{
    m_lastLook = m_clock.steady();
    if (const Result<ConsumerState> state = consumerState(link.handle(), m_wish))
        m_ledger.settle(state->ackFloor);
    m_losses.tellTakenElsewhere(false);
    m_keeper.setWarning(m_losses.warning());
}

void JetStreamSource::Session::tellEnd(NatsLink* link)
{
    if (link != nullptr)
        look(*link);
    m_losses.tellTakenElsewhere(true);
    m_keeper.setWarning(m_losses.warning());
}

bool JetStreamSource::Session::mayShare() const
{
    return m_ledger.takenElsewhere(!m_wish.filterSubject.empty(), true) > 0;
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
    if (m_clock.steady() - m_lastLook >= (mayShare() ? kLookAgain : kLookEvery))
        look(link);
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
    if (m_options.consumer.empty() && m_options.ownConsumer) {
        auto own = m_options.ownConsumer();
        if (!own)
            return own.error();
        m_options.consumer = *std::move(own);
    }
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
