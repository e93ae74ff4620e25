// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/broker/NatsSource.h"

#include "core/broker/LinkKeeper.h"
#include "core/broker/LossEpisode.h"
#include "core/broker/NatsFeed.h"
#include "core/broker/RateGovernor.h"
#include "core/broker/SubjectPattern.h"

#include <algorithm>
#include <limits>
#include <map>
#include <optional>

namespace weir {
namespace {

constexpr std::chrono::milliseconds kDrainPatience{1000};
constexpr Nanoseconds kShortestWait = std::chrono::milliseconds(1);

std::string quoted(const std::string& subject)
{
    return '"' + subject + '"';
}

/// An equal share of the pending budget for each subscription. nats.c counts payload and headers only; 256
/// bytes a message stand for what it allocates beside them.
NatsFeed::Limits shareOf(std::size_t bytes, std::size_t feeds)
{
    const std::size_t share = bytes / std::max<std::size_t>(feeds, 1);
    const auto most = static_cast<std::size_t>(std::numeric_limits<int>::max());
    return {static_cast<int>(std::clamp<std::size_t>(share / 256, 1024, most)),
            static_cast<int>(std::clamp<std::size_t>(share, 1 << 20, most))};
}

} // namespace

class NatsSource::Session final : public LinkUser
{
public:
    Session(const Options& options, std::vector<std::string> subjects, Clock& clock, MessageQueue& queue,
            SourceEvents& events)
        : m_options(options),
          m_subjects(std::move(subjects)),
          m_clock(clock),
          m_queue(queue),
          m_events(events),
          m_governor(options.profile.budget),
          m_slow(GapCause::SlowConsumer, events),
          m_full(GapCause::QueueFull, events),
          m_keeper({options.profile, options.reconnect, options.retryFirstConnect, options.pollInterval},
                   clock, events, *this)
    {
    }

    Result<void> start() { return m_keeper.start(); }

    void stop()
    {
        m_keeper.stop();
        m_slow.end(m_clock.now());
        m_full.end(m_clock.now());
        for (const auto& [subject, gap] : std::exchange(m_refused, {}))
            m_events.gapEnded(gap, m_clock.now());
    }

    Result<void> linkUp(NatsLink& link) override;
    void linkTick(NatsLink& link) override;
    void linkDown(NatsLink& link) override;
    Timestamp lastMessage() const override { return m_lastMessage; }
    Nanoseconds nextTick() const override
    {
        return std::max(m_governor.nextChange(m_clock.steady()), kShortestWait);
    }

private:
    Result<void> open(NatsLink& link, const std::string& subject);
    Result<void> subscribe(NatsLink& link, const std::string& subject, bool& refused);
    void drain();
    void settleDrained(bool wait);
    void hold(NatsLink& link);
    void tellSample();
    void refuse(const std::string& subject, const std::string& reason);
    void allow(const std::string& subject);
    void count(std::uint64_t alsoDropped = 0);

    const Options& m_options;
    const std::vector<std::string> m_subjects;
    Clock& m_clock;
    MessageQueue& m_queue;
    SourceEvents& m_events;
    RateGovernor m_governor;
    std::uint32_t m_oneIn = 1; // as told
    std::optional<std::uint64_t> m_sampleGap;
    LossEpisode m_slow;
    LossEpisode m_full;
    std::vector<std::unique_ptr<NatsFeed>> m_feeds;
    std::vector<std::unique_ptr<NatsFeed>> m_drained; // told to end, still delivering
    FeedCounts m_past;                                // of feeds that ended
    FeedCounts m_told;                                // what the events know
    FeedCounts m_atLinkUp;                            // when this link began
    Timestamp m_lastMessage = kNoTime;
    std::map<std::string, std::uint64_t> m_refused; // subject → its gap
    LinkKeeper m_keeper;
};

Result<void> NatsSource::Session::open(NatsLink& link, const std::string& subject)
{
    const NatsFeed::Limits limits = shareOf(m_options.pendingBytes, m_subjects.size());
    Result<std::unique_ptr<NatsFeed>> feed =
        NatsFeed::subscribe(link.handle(), subject, limits, m_queue, m_clock);
    if (!feed)
        return feed.error();
    m_feeds.push_back(*std::move(feed));
    return {};
}

Result<void> NatsSource::Session::subscribe(NatsLink& link, const std::string& subject, bool& refused)
{
    if (Result<void> opened = open(link, subject); !opened)
        return opened;
    // A refusal arrives before the PONG, so one round trip tells.
    if (const Result<Nanoseconds> answer = link.roundTrip(m_options.profile.connectTimeout); !answer)
        return answer.error();
    const std::string reason = link.refusedPermission();
    refused = reason.find(quoted(subject)) != std::string::npos;
    if (refused)
        refuse(subject, reason);
    else
        allow(subject);
    return {};
}

Result<void> NatsSource::Session::linkUp(NatsLink& link)
{
    m_atLinkUp = m_past;
    std::size_t refusedCount = 0;
    for (const std::string& subject : m_subjects) {
        bool refused = false;
        if (Result<void> done = subscribe(link, subject, refused); !done)
            return done;
        refusedCount += refused ? 1 : 0;
    }
    if (refusedCount == m_subjects.size())
        return natsError("subscribing to " + m_subjects.front(), NATS_NOT_PERMITTED,
                         link.refusedPermission());
    return {};
}

void NatsSource::Session::refuse(const std::string& subject, const std::string& reason)
{
    if (m_refused.contains(subject))
        return;
    m_refused[subject] = m_events.gapBegan(GapCause::Permission, m_clock.now(), reason);
    m_keeper.setDetail("refused: " + reason);
}

void NatsSource::Session::allow(const std::string& subject)
{
    const auto refused = m_refused.find(subject);
    if (refused == m_refused.end())
        return;
    m_events.gapEnded(refused->second, m_clock.now());
    m_refused.erase(refused);
}

void NatsSource::Session::linkTick(NatsLink& link)
{
    settleDrained(false);
    count();
    hold(link);
    for (const Error& error : link.takeErrors()) {
        if (error.code != ErrorCode::Permission) {
            m_keeper.setDetail(error.why);
            continue;
        }
        for (const std::string& subject : m_subjects) {
            if (error.why.find(quoted(subject)) != std::string::npos)
                refuse(subject, error.why);
        }
    }
}

void NatsSource::Session::linkDown(NatsLink& link)
{
    drain();
    settleDrained(true);
    // Whatever the link received and did not hand over was dropped: slowly taken, or pending when it closed.
    const std::uint64_t handled = m_past.handled - m_atLinkUp.handled;
    const std::uint64_t known = m_past.dropped - m_atLinkUp.dropped;
    const std::uint64_t received = link.received();
    count(received > handled + known ? received - handled - known : 0);
    m_governor.reset(m_clock.steady());
    tellSample();
}

void NatsSource::Session::drain()
{
    for (auto& feed : m_feeds) {
        feed->drain(kDrainPatience);
        m_drained.push_back(std::move(feed));
    }
    m_feeds.clear();
}

void NatsSource::Session::settleDrained(bool wait)
{
    std::erase_if(m_drained, [this, wait](const std::unique_ptr<NatsFeed>& feed) {
        if (wait)
            feed->waitUntilEnded();
        if (!feed->ended())
            return false;
        m_past += feed->counts();
        return true;
    });
}

/// Subscribes and leaves as the observation budget wants it.
void NatsSource::Session::hold(NatsLink& link)
{
    m_governor.update(m_clock.steady(), m_told.handled, m_told.bytes);
    if (!m_governor.subscribed()) {
        drain();
    } else if (m_feeds.empty()) {
        for (const std::string& subject : m_subjects) {
            if (!m_refused.contains(subject) && !open(link, subject))
                return m_keeper.relink(); // only a closing link refuses here
        }
    }
    tellSample();
}

void NatsSource::Session::tellSample()
{
    const std::uint32_t oneIn = m_governor.oneIn();
    const std::string words = "the observation budget takes about one message in " + std::to_string(oneIn);
    if (oneIn > 1 && !m_sampleGap)
        m_sampleGap = m_events.gapBegan(GapCause::Sampled, m_clock.now(), words);
    if (const std::uint64_t leftOut = m_governor.takeLeftOut(); leftOut > 0)
        m_events.sampledOut(leftOut, true);
    if (oneIn == 1 && m_sampleGap) {
        m_events.gapEnded(*m_sampleGap, m_clock.now());
        m_sampleGap.reset();
    }
    if (std::exchange(m_oneIn, oneIn) != oneIn)
        m_keeper.setSample(oneIn, oneIn > 1 ? words : "");
}

void NatsSource::Session::count(std::uint64_t alsoDropped)
{
    m_past.dropped += alsoDropped;
    FeedCounts total = m_past;
    for (const auto& feed : m_feeds)
        total += feed->counts();
    for (const auto& feed : m_drained)
        total += feed->counts();
    const Timestamp now = m_clock.now();
    m_slow.update(total.dropped - m_told.dropped, now,
                  "the broker's client library dropped: taken too slowly");
    m_full.update(total.refused - m_told.refused, now, "the queue was full");
    m_told = total;
    if (total.lastAt != 0)
        m_lastMessage = fromUnixNanos(total.lastAt);
}

NatsSource::NatsSource(Options options, Clock& clock) : m_options(std::move(options)), m_clock(clock)
{
    if (m_options.subjects.empty())
        m_options.subjects = m_options.profile.subjects;
}

NatsSource::~NatsSource()
{
    stop();
}

Result<void> NatsSource::start(MessageQueue& queue, SourceEvents& events)
{
    stop();
    if (m_options.subjects.empty())
        return Error{ErrorCode::Usage, "subscribing", "no subject is chosen",
                     "name at least one, such as orders.>"};
    Result<std::vector<std::string>> subjects = withoutCovered(m_options.subjects);
    if (!subjects)
        return subjects.error();
    m_session = std::make_unique<Session>(m_options, *std::move(subjects), m_clock, queue, events);
    Result<void> started = m_session->start();
    if (!started)
        stop();
    return started;
}

void NatsSource::stop()
{
    if (m_session)
        m_session->stop();
    m_session.reset();
}

} // namespace weir
