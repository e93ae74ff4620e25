// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Time.h"
#include "core/broker/ConnectionProfile.h"

#include <cstdint>

namespace weir {

/// Holds the observation budget: decides when a source is subscribed and when not, so that it takes no more
/// than the budget on average, by duty cycle (about one in n of each second). Knows no clock: it is told the
/// time. One thread.
class RateGovernor
{
public:
    struct Options
    {
        Nanoseconds window = std::chrono::milliseconds(250); ///< over which an excess must last
        Nanoseconds cycle = std::chrono::seconds(1);         ///< one subscribed part and one left-out part
        Nanoseconds shortest =
            std::chrono::milliseconds(20); ///< a subscribed part is no shorter; the cycle grows
        double calm = 0.8;                 ///< back to everything below this share of the budget
        int calmCycles = 3;                ///< for so many cycles in a row
    };

    explicit RateGovernor(ObservationBudget budget);
    RateGovernor(ObservationBudget budget, Options options);

    /// `messages` and `bytes` taken so far, ever growing; `now` steady. Call it often, and at nextChange().
    void update(Nanoseconds now, std::uint64_t messages, std::uint64_t bytes);
    /// The connection ends, the next one begins with everything again. What is left out so far stays counted.
    void reset(Nanoseconds now);

    /// Whether the source should be subscribed now.
    [[nodiscard]] bool subscribed() const { return m_on; }
    /// 1: everything is taken.
    [[nodiscard]] std::uint32_t oneIn() const { return m_oneIn; }
    /// How many messages were left out since the last call, estimated from the rate while subscribed.
    [[nodiscard]] std::uint64_t takeLeftOut();
    /// The rate that was last measured, messages a second.
    [[nodiscard]] double messageRate() const { return m_rate; }
    /// How long until update() should be called.
    [[nodiscard]] Nanoseconds nextChange(Nanoseconds now) const;

private:
    [[nodiscard]] double excess(std::uint64_t messages, std::uint64_t bytes, Nanoseconds time);
    void watch(Nanoseconds now, std::uint64_t messages, std::uint64_t bytes);
    void endCycle(Nanoseconds now, std::uint64_t messages, std::uint64_t bytes);
    void beginPart(Nanoseconds now);
    void takeAll();
    void begin(Nanoseconds now, std::uint64_t messages, std::uint64_t bytes);

    const ObservationBudget m_budget;
    const Options m_options;
    bool m_started = false;
    bool m_on = true;
    std::uint32_t m_oneIn = 1;
    int m_calm = 0;
    double m_rate = 0;
    double m_leftOut = 0;
    Nanoseconds m_since{0};   // of the window or the cycle
    Nanoseconds m_onUntil{0}; // within a cycle
    Nanoseconds m_wentOff{0}; // within a cycle; 0: not yet
    Nanoseconds m_cycleEnd{0};
    std::uint64_t m_messages = 0; // at m_since
    std::uint64_t m_bytes = 0;
};

} // namespace weir
