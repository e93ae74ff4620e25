// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/broker/ReconnectPolicy.h"

#include <algorithm>
#include <random>

namespace weir {

ReconnectPolicy::ReconnectPolicy() : ReconnectPolicy(Options{}) {}

ReconnectPolicy::ReconnectPolicy(Options options)
    : m_options(options), m_state(options.seed != 0 ? options.seed : std::random_device{}())
{
}

Nanoseconds ReconnectPolicy::next()
{
    // 2^20 times any sensible `first` is beyond any sensible cap; shifting further would overflow.
    const std::uint32_t doublings = std::min<std::uint32_t>(m_failures, 20);
    ++m_failures;
    const Nanoseconds whole = std::min(m_options.cap, m_options.first * (std::int64_t{1} << doublings));
    std::mt19937_64 random(m_state++);
    const double share = std::uniform_real_distribution<double>(0.0, m_options.jitter)(random);
    return whole - Nanoseconds(static_cast<std::int64_t>(static_cast<double>(whole.count()) * share));
}

} // namespace weir
