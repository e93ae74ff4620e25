// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/broker/DeliveryCount.h"

#include <algorithm>

namespace weir {
namespace {

std::uint64_t without(std::uint64_t all, std::uint64_t some)
{
    return all - std::min(all, some);
}

} // namespace

void DeliveryCount::begin(std::uint64_t consumerSeq, std::uint64_t streamSeq)
{
    m_last = consumerSeq;
    m_known = streamSeq;
    m_away.clear();
}

void DeliveryCount::came(std::uint64_t consumerSeq, std::uint64_t streamSeq, std::uint64_t deliveries,
                         bool isNew)
{
    if (consumerSeq > m_last + 1)
        m_away.emplace_back(m_last + 1, consumerSeq - 1);
    m_last = std::max(m_last, consumerSeq);
    if (isNew && streamSeq > m_known)
        m_returned += deliveries - 1;
}

void DeliveryCount::settled(std::uint64_t consumerSeq)
{
    if (consumerSeq > m_last) {
        m_away.emplace_back(m_last + 1, consumerSeq);
        m_last = consumerSeq;
    }
    while (!m_away.empty() && m_away.front().first <= consumerSeq) {
        Run& run = m_away.front();
        const std::uint64_t end = std::min(run.second, consumerSeq);
        m_lost += end - run.first + 1;
        run.first = end + 1;
        if (run.first > run.second)
            m_away.pop_front();
    }
}

std::uint64_t DeliveryCount::lost() const
{
    return without(m_lost, m_returned);
}

std::uint64_t DeliveryCount::elsewhere() const
{
    std::uint64_t away = m_lost;
    for (const Run& run : m_away)
        away += run.second - run.first + 1;
    return without(away, m_returned);
}

} // namespace weir
