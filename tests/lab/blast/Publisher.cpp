// SPDX-License-Identifier: GPL-3.0-or-later
#include "Publisher.h"

#include <algorithm>
#include <chrono>
#include <limits>
#include <thread>

namespace weir::blast {
namespace {

constexpr auto kPause = std::chrono::microseconds(500);

std::uint64_t shareOf(const Options& options, unsigned index)
{
    if (options.count == 0)
        return std::numeric_limits<std::uint64_t>::max();
    return options.count / options.connections + (index < options.count % options.connections ? 1 : 0);
}

} // namespace

Publisher::Publisher(const Options& options, unsigned index)
    : m_options(options), m_index(index), m_share(shareOf(options, index)), m_ring(options)
{
}

/** How many messages should have been sent by now. */
std::uint64_t Publisher::due(double seconds) const
{
    if (m_options.rate == 0)
        return m_share;
    const double own = static_cast<double>(m_options.rate) / m_options.connections;
    return std::min(m_share, static_cast<std::uint64_t>(seconds * own) + 1);
}

Connection::Failure Publisher::sendSome(std::uint64_t wanted)
{
    std::size_t taken = 0;
    const std::uint64_t sequence = m_index + 1 + m_sent * m_options.connections;
    const auto bytes = m_ring.next(static_cast<std::size_t>(wanted), sequence, m_options.connections, taken);
    m_sent += taken;
    m_bytes += bytes.size();
    return m_connection.send(bytes);
}

void Publisher::run()
{
    using Clock = std::chrono::steady_clock;
    const auto start = Clock::now();
    const double limit = m_options.duration.count();
    while (m_sent < m_share && !m_failure) {
        const double elapsed = std::chrono::duration<double>(Clock::now() - start).count();
        if (limit > 0 && elapsed >= limit)
            break;
        if (const std::uint64_t target = due(elapsed); target > m_sent)
            m_failure = sendSome(target - m_sent);
        else
            std::this_thread::sleep_for(kPause);
    }
    if (!m_failure)
        m_failure = m_connection.flush();
}

} // namespace weir::blast
