// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/BrokerWatch.h"

#include "core/broker/NatsMonitor.h"

#include <algorithm>
#include <deque>
#include <utility>

namespace weir {
namespace {
constexpr std::size_t kKept = 7; ///< looks
constexpr int kApart = 5;        ///< intervals between the looks that are compared

using Look = NatsMonitor::Look;

/// When what moves was last read of it.
Timestamp lastTold(const BrokerLook& look)
{
    Timestamp last = kNoTime;
    for (const SeenStream& stream : look.streams)
        last = std::max(last, stream.told);
    for (const SeenConnection& connection : look.connections)
        last = std::max(last, connection.told);
    return last;
}

/// Streams that were told since are told by both, so that each has a rate.
bool isBefore(const BrokerLook& look, const BrokerLook& now, Nanoseconds apart)
{
    Timestamp last = kNoTime;
    Timestamp first = Timestamp::max();
    for (const SeenStream& stream : look.streams)
        last = std::max(last, stream.told);
    for (const SeenStream& stream : now.streams)
        first = std::min(first, stream.told);
    return look.time + apart <= now.time && last < first;
}

/// Adds a look. The one before it stays only where it tells something anew, and is not of the same moment as
/// the one before that: events may ask for many.
void keep(std::deque<Look>& looks, Look look, Nanoseconds interval)
{
    if (looks.size() > 1) {
        const BrokerLook& last = *looks.back();
        const BrokerLook& earlier = *looks[looks.size() - 2];
        if (last.time - earlier.time < interval || lastTold(last) == lastTold(earlier))
            looks.pop_back();
    }
    looks.push_back(std::move(look));
    if (looks.size() > kKept)
        looks.pop_front();
}

Look lookBefore(const std::deque<Look>& looks, Nanoseconds apart)
{
    for (auto it = looks.rbegin() + 1; it != looks.rend(); ++it) {
        if (isBefore(**it, *looks.back(), apart))
            return *it;
    }
    return looks.size() > 1 ? looks.front() : nullptr;
}

} // namespace

BrokerWatch::BrokerWatch(std::chrono::milliseconds interval, QObject* parent)
    : QObject(parent), m_interval(interval)
{
}

BrokerWatch::~BrokerWatch()
{
    stop();
    m_lookouts.clear(); // joins
}

void BrokerWatch::start(const ConnectionProfile& profile, std::vector<std::string> observed)
{
    stop();
    m_known = {};
    m_known.observed = std::move(observed);
    m_profile = profile;
    m_watching = saysHowToLook(profile);
    struct Memory
    {
        Known known;
        std::deque<Look> looks;
    };
    const auto tell = [this, generation = m_generation, interval = m_interval,
                       memory = std::make_shared<Memory>()](const BrokerLookout::Told& told) {
        Known& known = memory->known;
        if (told.look) {
            keep(memory->looks, told.look, interval);
            known.now = memory->looks.back();
            known.before = lookBefore(memory->looks, interval * kApart);
            known.account = told.account;
        }
        known.problem = told.problem;
        QMetaObject::invokeMethod(
            this, [this, known, generation] { take(known, generation); }, Qt::QueuedConnection);
    };
    m_lookouts.push_back(std::make_unique<BrokerLookout>(profile, m_interval, tell));
    emit looked();
}

void BrokerWatch::stop()
{
    m_profile.reset();
    ++m_generation;
    m_watching = false;
    for (const auto& each : m_lookouts)
        each->stop();
    std::erase_if(m_lookouts, [](const auto& each) { return each->hasEnded(); });
}

void BrokerWatch::take(Known known, std::uint64_t generation)
{
    if (generation != m_generation)
        return;
    known.observed = std::move(m_known.observed);
    m_watching = m_watching || known.now != nullptr;
    if (!m_watching)
        known.problem.clear(); // nobody asked for it: the user is none of the system account
    m_known = std::move(known);
    emit looked();
}

} // namespace weir
