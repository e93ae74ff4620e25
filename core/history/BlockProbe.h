// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/filter/ByteSearch.h"
#include "core/filter/Filter.h"
#include "core/history/BlockDecoder.h"
#include "core/history/IdVerdicts.h"

#include <cstdint>
#include <vector>

namespace weir {

/// Leaves out rows that cannot match, on the columns as they lie in a block, before a single message is made
/// of them: most blocks that a selective filter must open have no row for it. Knows the terms that every
/// match must satisfy on subject, PoP and Worker, and on text in the payload. One thread.
class BlockProbe
{
public:
    /// Both outlive it.
    BlockProbe(const Filter& filter, const Names& names);

    /// Takes out of `rows` (ascending) what cannot match. `block` is open.
    [[nodiscard]] Result<void> narrow(BlockDecoder& block, std::vector<std::uint32_t>& rows);

private:
    struct IdTerm
    {
        ColumnId column;
        IdVerdicts verdicts;
    };
    /// One of these texts must be in the payload.
    using TextTerm = std::vector<ByteSearch>;

    void add(const FilterNode& term, const Names& names);

    std::vector<IdTerm> m_idTerms;
    std::vector<TextTerm> m_textTerms;
    std::vector<std::uint32_t> m_ids;
};

} // namespace weir
