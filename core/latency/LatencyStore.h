// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/latency/LatencySlot.h"
#include "core/latency/LatencyTracker.h"

#include <array>
#include <deque>
#include <limits>
#include <vector>

namespace weir {

/// Sealed slots in tiers that follow each other in time: six hours, hours, minutes, ten seconds, seconds.
/// Keeps itself within the options' ages and budget. No thread safety.
class LatencyStore
{
public:
    explicit LatencyStore(const LatencyTracker::Options& options) : m_options(options) {}

    /// Adds the figures of one second or minute, also of an earlier one.
    void add(LatencySlotPtr slot);
    /// Coarsens and lets go of what is too old at `newest`, or over the budget.
    void trim(std::int64_t newest);

    /// Slots that touch [from, to), oldest first.
    [[nodiscard]] std::vector<LatencySlotPtr> range(std::int64_t from, std::int64_t to) const;
    [[nodiscard]] std::size_t footprint() const { return m_footprint; }
    /// First second there is anything of; max() while empty.
    [[nodiscard]] std::int64_t oldest() const;
    /// What was before this second has been let go; min() while nothing was.
    [[nodiscard]] std::int64_t keptFrom() const { return m_keptFrom; }

private:
    using Tier = std::deque<LatencySlotPtr>;
    static constexpr std::array<std::int64_t, 5> kWidths{21'600, 3600, 60, 10, 1};

    void insert(std::size_t tier, const LatencySlotPtr& slot);
    void coarsenOldest(std::size_t tier);
    void drop(Tier& tier);
    void letGo(Tier& tier);
    void letGoOlderThan(std::int64_t second);
    void keepBudget();
    [[nodiscard]] bool coarsenForBudget();

    LatencyTracker::Options m_options;
    std::array<Tier, 5> m_tiers; ///< by kWidths
    std::size_t m_footprint = 0;
    std::int64_t m_keptFrom = std::numeric_limits<std::int64_t>::min();
};

} // namespace weir
