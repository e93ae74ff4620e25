// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/broker/BrokerLook.h"

#include <deque>
#include <map>
#include <memory>
#include <string>
#include <utility>

namespace weir {

/// The latest looks at a broker, and with which of them the last one is compared: far enough apart that
/// bursts are no trend, and older than what was told since of each part, for a part that was told but once
/// has no growth. Keeps a few looks only. One thread.
class RecentLooks
{
public:
    using Look = std::shared_ptr<const BrokerLook>;

    /// `interval`: between two looks, as a rule; events may ask for more.
    explicit RecentLooks(Nanoseconds interval) : m_interval(interval) {}

    void keep(Look look);
    /// The last one; null: none was kept.
    [[nodiscard]] Look now() const { return m_kept.empty() ? nullptr : m_kept.back().look; }
    /// What it is compared with; null: it is the first.
    [[nodiscard]] Look before() const;

private:
    /// When each part was told: a server's counters, links and connections, and each stream.
    using Tellings = std::map<std::pair<char, std::string>, Timestamp>;
    struct Kept
    {
        Look look;
        Tellings told;
    };
    [[nodiscard]] static Tellings tellingsOf(const BrokerLook& look);
    [[nodiscard]] static bool hasGrown(const Tellings& then, const Tellings::value_type& now);
    [[nodiscard]] std::deque<Kept>::const_iterator chosen() const;

    const Nanoseconds m_interval;
    std::deque<Kept> m_kept; ///< the oldest first
};

} // namespace weir
