// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <deque>
#include <utility>

namespace weir {

/// How many of a durable consumer's deliveries went to somebody else. The server counts each delivery in the
/// consumer sequence; what it skips here went elsewhere, and what was delivered elsewhere and not
/// acknowledged there comes here in the end, with its count of deliveries. Not thread-safe.
class DeliveryCount
{
public:
    /// The consumer stood at these sequences when we came to it.
    void begin(std::uint64_t consumerSeq, std::uint64_t streamSeq);
    /// One came here, for the `deliveries`-th time; `isNew`: we have not had it before.
    void came(std::uint64_t consumerSeq, std::uint64_t streamSeq, std::uint64_t deliveries, bool isNew);
    /// Everything up to this consumer sequence is acknowledged.
    void settled(std::uint64_t consumerSeq);
    /// Deliveries that went elsewhere for good: they were acknowledged there.
    [[nodiscard]] std::uint64_t lost() const;
    /// Those, and what is still with somebody else.
    [[nodiscard]] std::uint64_t elsewhere() const;

private:
    using Run = std::pair<std::uint64_t, std::uint64_t>; // first and last

    std::uint64_t m_last = 0;
    std::uint64_t m_known = 0; ///< stream sequences up to this one may have been delivered before we came
    std::uint64_t m_lost = 0;
    std::uint64_t m_returned = 0; ///< deliveries elsewhere of what came here in the end
    std::deque<Run> m_away;       ///< skipped, not yet acknowledged as far as was said
};

} // namespace weir
