// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/models/MatchIndex.h"
#include "ui/models/MessageRow.h"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace weir {

/// Which row shows what. Unfiltered, a message's row is arithmetic on its seq; filtered, it is its rank among
/// the matches. Gaps stand between as rows of their own. Everything is O(log gaps) or better. One thread.
class RowMap
{
public:
    struct Place
    {
        std::uint64_t seq = 0;       ///< of a message; for a gap the seq that it stands before
        const GapRow* gap = nullptr; ///< set for a gap's row
    };

    /// Unfiltered: the seqs [first, last]; none while last < first.
    void setDense(std::uint64_t first, std::uint64_t last);
    void setFiltered();
    [[nodiscard]] bool isFiltered() const { return m_filtered; }

    [[nodiscard]] std::uint64_t first() const { return m_first; }
    [[nodiscard]] std::uint64_t last() const { return m_last; }
    MatchIndex& matches() { return m_matches; }
    [[nodiscard]] const MatchIndex& matches() const { return m_matches; }

    /// Gaps, sorted by beforeSeq.
    [[nodiscard]] const std::vector<GapRow>& gaps() const { return m_gaps; }
    void insertGap(std::size_t at, GapRow gap);
    void replaceGap(std::size_t at, GapRow gap) { m_gaps[at] = std::move(gap); }
    void removeGap(std::size_t at);
    void clearGaps() { m_gaps.clear(); }
    [[nodiscard]] std::size_t rowOfGap(std::size_t at) const;

    [[nodiscard]] std::size_t messages() const;
    [[nodiscard]] std::size_t rows() const { return messages() + m_gaps.size(); }
    [[nodiscard]] Place at(std::size_t row) const;
    /// The row of the first message at or after `seq`; rows() when there is none.
    [[nodiscard]] std::size_t rowOf(std::uint64_t seq) const;

    /// Messages of the table with a smaller seq.
    [[nodiscard]] std::size_t messagesBefore(std::uint64_t seq) const;
    /// Gaps that stand at or before `seq`.
    [[nodiscard]] std::size_t gapsUpTo(std::uint64_t seq) const;

private:
    bool m_filtered = false;
    std::uint64_t m_first = 1;
    std::uint64_t m_last = 0;
    MatchIndex m_matches;
    std::vector<GapRow> m_gaps;
};

} // namespace weir
