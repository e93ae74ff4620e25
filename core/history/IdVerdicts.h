// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/envelope/Names.h"
#include "core/filter/FilterTree.h"

#include <cstdint>
#include <vector>

namespace weir {

/// Whether a term on a subject, PoP, Worker, identity or account matches what an id names: decided once an
/// id. One thread.
class IdVerdicts
{
public:
    /// Both outlive it.
    IdVerdicts(const FilterNode& term, const Names& names) : m_term(term), m_names(names) {}

    [[nodiscard]] bool matches(std::uint32_t id)
    {
        if (id < m_verdicts.size() && m_verdicts[id] != Verdict::Unknown)
            return m_verdicts[id] == Verdict::Yes;
        return decide(id);
    }

private:
    enum class Verdict : std::uint8_t { Unknown, Yes, No };
    [[nodiscard]] bool decide(std::uint32_t id);

    const FilterNode& m_term;
    const Names& m_names;
    std::vector<Verdict> m_verdicts; ///< by id
};

} // namespace weir
