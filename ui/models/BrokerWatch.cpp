// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/BrokerWatch.h"

#include "core/broker/BrokerUser.h"
#include "core/broker/NatsMonitor.h"
#include "core/topology/FlowBroker.h"

#include <deque>
#include <pthread.h>
#include <utility>

namespace weir {
namespace {
constexpr std::size_t kKept = 6; ///< looks
} // namespace

BrokerWatch::BrokerWatch(std::chrono::milliseconds interval, QObject* parent)
    : QObject(parent), m_interval(interval)
{
}

BrokerWatch::~BrokerWatch()
{
    stop();
}

void BrokerWatch::start(const ConnectionProfile& profile, std::vector<std::string> observed)
{
    stop();
    m_known = {};
    m_known.observed = std::move(observed);
    if (!profile.monitorUrl.empty())
        m_thread = std::jthread([this, profile, generation = m_generation](const std::stop_token& token) {
            pthread_setname_np(pthread_self(), "monitor");
            watch(token, profile, generation);
        });
    emit looked();
}

void BrokerWatch::stop()
{
    ++m_generation;
    m_thread.request_stop();
    if (m_thread.joinable())
        m_thread.join();
}

void BrokerWatch::watch(const std::stop_token& stop, const ConnectionProfile& profile,
                        std::uint64_t generation)
{
    NatsMonitor::Options options;
    options.urls = monitorUrls(profile);
    const NatsMonitor monitor(std::move(options), m_clock);
    const std::string user = brokerUserOf(profile);
    Known known;
    std::deque<std::shared_ptr<const BrokerLook>> looks;
    while (!stop.stop_requested()) {
        const Nanoseconds began = m_clock.steady();
        auto look = monitor.look(stop);
        if (stop.stop_requested())
            return;
        if (look) {
            looks.push_back(*look);
            if (looks.size() > kKept)
                looks.pop_front();
            known.now = looks.back();
            known.before = looks.size() > 1 ? looks.front() : nullptr;
            known.account = accountOfUser(*known.now, user);
            known.problem.clear();
        } else {
            known.problem = look.error().line();
        }
        QMetaObject::invokeMethod(
            this, [this, known, generation] { take(known, generation); }, Qt::QueuedConnection);
        std::unique_lock lock(m_mutex);
        m_pause.wait_for(lock, stop, pauseAfterLook(m_interval, m_clock.steady() - began),
                         [] { return false; });
    }
}

void BrokerWatch::take(Known known, std::uint64_t generation)
{
    if (generation != m_generation)
        return;
    known.observed = std::move(m_known.observed);
    m_known = std::move(known);
    emit looked();
}

} // namespace weir
