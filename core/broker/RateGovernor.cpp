// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/broker/RateGovernor.h"

#include <algorithm>
#include <cmath>

namespace weir {
namespace {

constexpr double kMargin = 1.05; // what the rate may rise within a cycle before the budget is passed
constexpr std::uint32_t kMostOneIn = 1000;

double seconds(Nanoseconds time)
{
    return std::chrono::duration<double>(time).count();
}

} // namespace

RateGovernor::RateGovernor(ObservationBudget budget) : RateGovernor(budget, Options{}) {}

RateGovernor::RateGovernor(ObservationBudget budget, Options options) : m_budget(budget), m_options(options)
{
}

void RateGovernor::reset(Nanoseconds now)
{
    if (!m_on)
        m_leftOut += m_rate * seconds(now - m_wentOff);
    m_started = false;
    takeAll();
}

void RateGovernor::takeAll()
{
    m_on = true;
    m_oneIn = 1;
    m_calm = 0;
}

double RateGovernor::excess(std::uint64_t messages, std::uint64_t bytes, Nanoseconds time)
{
    const double span = std::max(seconds(time), 1e-9);
    m_rate = static_cast<double>(messages - m_messages) / span;
    const double byteRate = static_cast<double>(bytes - m_bytes) / span;
    const auto share = [](double rate, std::uint64_t most) {
        return most == 0 ? 0.0 : rate / static_cast<double>(most);
    };
    return std::max(share(m_rate, m_budget.maxMessagesPerSecond),
                    share(byteRate, m_budget.maxBytesPerSecond));
}

void RateGovernor::begin(Nanoseconds now, std::uint64_t messages, std::uint64_t bytes)
{
    m_started = true;
    m_since = now;
    m_messages = messages;
    m_bytes = bytes;
}

void RateGovernor::update(Nanoseconds now, std::uint64_t messages, std::uint64_t bytes)
{
    if (!m_started)
        return begin(now, messages, bytes);
    if (m_oneIn == 1)
        return watch(now, messages, bytes);
    if (m_on && now >= m_onUntil) {
        m_on = false;
        m_wentOff = now;
    } else if (!m_on && now >= m_cycleEnd) {
        endCycle(now, messages, bytes);
    }
}

void RateGovernor::watch(Nanoseconds now, std::uint64_t messages, std::uint64_t bytes)
{
    if (now - m_since < m_options.window)
        return;
    const double over = excess(messages, bytes, now - m_since);
    begin(now, messages, bytes);
    if (over <= 1.0)
        return;
    m_oneIn = static_cast<std::uint32_t>(std::clamp(std::ceil(over * kMargin), 2.0, double{kMostOneIn}));
    m_calm = 0;
    beginPart(now);
}

void RateGovernor::beginPart(Nanoseconds now)
{
    const Nanoseconds part = std::max(m_options.cycle / m_oneIn, m_options.shortest);
    m_on = true;
    m_onUntil = now + part;
    m_cycleEnd = now + part * m_oneIn;
}

void RateGovernor::endCycle(Nanoseconds now, std::uint64_t messages, std::uint64_t bytes)
{
    // What was on its way when we left came in while we were off: the whole cycle's count belongs to the
    // part.
    const double over = excess(messages, bytes, m_wentOff - m_since);
    m_leftOut += m_rate * seconds(now - m_wentOff);
    m_calm = over < m_options.calm ? m_calm + 1 : 0;
    if (m_calm >= m_options.calmCycles) {
        takeAll();
    } else {
        m_oneIn = static_cast<std::uint32_t>(std::clamp(std::ceil(over * kMargin), 2.0, double{kMostOneIn}));
        beginPart(now);
    }
    begin(now, messages, bytes);
}

std::uint64_t RateGovernor::takeLeftOut()
{
    const auto whole = static_cast<std::uint64_t>(m_leftOut);
    m_leftOut -= static_cast<double>(whole);
    return whole;
}

Nanoseconds RateGovernor::nextChange(Nanoseconds now) const
{
    if (m_oneIn == 1)
        return m_options.window;
    return std::max((m_on ? m_onUntil : m_cycleEnd) - now, Nanoseconds{0});
}

} // namespace weir
