// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/broker/BrokerLook.h"

#include <cstdint>
#include <vector>

namespace weir {

/// One server's connections as they were read last, in order of their cid; readings may be of all with their
/// subscriptions, of all without, or of one alone. Counts who came, to tell how many came and went unseen.
/// One thread.
class ConnectionBook
{
public:
    /// All connections with their subscriptions; `total` is how many the server has, also beyond these.
    void replace(std::vector<SeenConnection> all, std::uint64_t total);
    /// All connections without users and subscriptions: counters are taken over, who left is forgotten. False
    /// when there are new ones, which stay unknown until replace() or put().
    [[nodiscard]] bool refresh(std::vector<SeenConnection> all, std::uint64_t total);
    void put(SeenConnection one);
    /// False when it was not there.
    bool remove(std::uint64_t cid);

    [[nodiscard]] const std::vector<SeenConnection>& all() const { return m_all; }
    [[nodiscard]] std::uint64_t total() const { return m_total; }

    /// The server's count of connections that it ever accepted, read before the list that follows.
    void accepted(std::uint64_t ever);
    /// How many came and went between two readings, since the first. Never more than there were: one that
    /// came while it was read may be missed.
    [[nodiscard]] std::uint64_t visitors() const { return m_visitors; }

private:
    [[nodiscard]] std::vector<SeenConnection>::iterator find(std::uint64_t cid);
    void countVisitors();

    std::vector<SeenConnection> m_all;
    std::uint64_t m_total = 0;
    bool m_read = false;
    bool m_hasBase = false;
    std::uint64_t m_base = 0; ///< accepted before the second reading
    std::uint64_t m_accepted = 0;
    std::uint64_t m_arrivals = 0; ///< first seen after the base was set
    std::uint64_t m_visitors = 0;
    std::uint64_t m_visitorsBefore = 0; ///< the base was set
};

} // namespace weir
