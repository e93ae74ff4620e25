// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/BrokerWatch.h"

#include "core/broker/RecentLooks.h"

#include <utility>

namespace weir {

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
        RecentLooks looks;
    };
    const auto memory = std::make_shared<Memory>(Memory{{}, RecentLooks(m_interval)});
    const auto tell = [this, generation = m_generation, memory](const BrokerLookout::Told& told) {
        Known& known = memory->known;
        if (told.look) {
            memory->looks.keep(told.look);
            known.now = memory->looks.now();
            known.before = memory->looks.before();
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
