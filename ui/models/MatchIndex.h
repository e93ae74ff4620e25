// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <vector>

namespace weir {

/// The seqs that a filter found, in order, with random access by rank: a search grows it at its front while
/// live traffic grows it at its end. Memory is bounded by the history, not by the matches: a segment of
/// 65,536 seqs is a sorted list while it is sparse and a bitmap of 8 KiB from then on (100 million messages
/// that all match: 12.5 MB). One thread.
class MatchIndex
{
public:
    /// Adds `seq`, which lies before everything or after everything that is in already (or is in: no effect).
    /// Returns whether it was new.
    bool add(std::uint64_t seq);
    void clear();
    /// Drops everything below `seq`; returns how many that were.
    std::size_t removeBelow(std::uint64_t seq);

    [[nodiscard]] std::size_t size() const { return m_size; }
    [[nodiscard]] bool isEmpty() const { return m_size == 0; }
    /// The seq at `rank` (0 = smallest); `rank` < size().
    [[nodiscard]] std::uint64_t at(std::size_t rank) const;
    /// How many seqs are smaller than `seq`.
    [[nodiscard]] std::size_t rankOf(std::uint64_t seq) const;
    [[nodiscard]] std::size_t footprint() const;

private:
    struct Segment
    {
        std::uint64_t number = 0; ///< seq / 65536
        std::size_t count = 0;
        std::vector<std::uint16_t> list;   ///< sorted; used while count is small
        std::vector<std::uint64_t> bitmap; ///< 1024 words, or empty

        bool add(std::uint16_t low);
        void toBitmap();
        [[nodiscard]] std::uint16_t at(std::size_t rank) const;
        [[nodiscard]] std::size_t rankOf(std::uint32_t low) const; ///< low may be 65536
    };
    const std::vector<std::size_t>& starts() const;
    Segment& segmentFor(std::uint64_t number);

    std::deque<Segment> m_segments;
    std::size_t m_size = 0;
    mutable std::vector<std::size_t> m_starts; ///< rank of each segment's first; rebuilt when stale
    mutable bool m_stale = true;
};

} // namespace weir
