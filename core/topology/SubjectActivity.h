// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace weir {

/// The counts of one node: one cache line, the only one that a message touches.
struct alignas(64) SubjectCounts
{
    static constexpr std::uint32_t kRecent = 6; ///< the second being counted and the five before it

    std::uint64_t count = 0;
    std::uint64_t bytes = 0;
    std::int64_t lastSeen = INT64_MIN;           ///< ns since 1970
    std::array<std::uint32_t, kRecent> recent{}; ///< by second % kRecent, of the seconds up to `second`
    std::uint32_t second = 0;                    ///< since 1970 (until 2106): the last with a message
    std::uint32_t sparkline = 0;                 ///< in SubjectSparklines; 0: none
    std::uint32_t pendingCount = 0;              ///< not yet added up the tree
    std::uint32_t pendingBytes = 0;
};
static_assert(sizeof(SubjectCounts) == 64);

/// Messages that nodes counted in each of the last 60 whole seconds (and in the one being counted), for as
/// many nodes as the budget allows; nodes that were quiet for a minute give theirs back. No thread safety.
class SubjectSparklines
{
public:
    static constexpr std::uint32_t kSeconds = 60;
    using Ring = std::array<std::uint32_t, kSeconds + 1>; ///< by second % (kSeconds + 1)

    explicit SubjectSparklines(std::uint32_t limit) : m_limit(limit) {}

    /// A zeroed ring for `node`, or 0 when there is none to be had. Inner nodes may take the last eighth.
    [[nodiscard]] std::uint32_t take(std::uint32_t node, bool inner);
    void giveBack(std::uint32_t ring);
    [[nodiscard]] Ring& at(std::uint32_t ring) { return m_rings[ring - 1]; }
    [[nodiscard]] const Ring& at(std::uint32_t ring) const { return m_rings[ring - 1]; }
    void prefetch(std::uint32_t ring, std::uint32_t second) const
    {
        if (ring != 0)
            __builtin_prefetch(&m_rings[ring - 1][second % (kSeconds + 1)], 1);
    }
    [[nodiscard]] bool isShort() const { return m_used + m_limit / 4 >= m_limit; }
    /// Calls `quiet(node)` for each owner; where it says true its ring is taken back.
    template<typename Quiet>
    void reclaim(Quiet&& quiet)
    {
        for (std::uint32_t i = 0; i < m_owners.size(); ++i) {
            if (m_owners[i] != 0 && quiet(m_owners[i]))
                giveBack(i + 1);
        }
    }
    [[nodiscard]] std::size_t footprint() const
    {
        return m_rings.capacity() * sizeof(Ring) + (m_owners.capacity() + m_free.capacity()) * 4;
    }

private:
    std::uint32_t m_limit;
    std::uint32_t m_used = 0;
    std::vector<Ring> m_rings;
    std::vector<std::uint32_t> m_owners; ///< by ring; 0: free
    std::vector<std::uint32_t> m_free;
};

/// Adds `messages` of `second` to the window of `counts` (and to its ring, if it has one). Seconds that lie
/// before the window are left out of it.
void noteActivity(SubjectCounts& counts, SubjectSparklines& sparklines, std::uint32_t second,
                  std::uint32_t messages);

/// Adds what `from` counted to `into`, windows second by second.
void mergeActivity(const SubjectCounts& from, SubjectCounts& into, SubjectSparklines& sparklines);

/// Messages a second over the five whole seconds before `now`.
[[nodiscard]] double recentRate(const SubjectCounts& counts, std::uint32_t now);

/// The 60 whole seconds before `now`, oldest first; empty where no ring is kept.
[[nodiscard]] std::vector<std::uint32_t> sparklineOf(const SubjectCounts& counts,
                                                     const SubjectSparklines& sparklines, std::uint32_t now);

} // namespace weir
