// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/envelope/Names.h"
#include "core/filter/Filter.h"
#include "core/history/Database.h"

#include <cstdint>
#include <map>
#include <string_view>
#include <vector>

namespace weir {

/// A history's names by id, so that naming a row costs no lock. Any number of threads may name() while none
/// is in follow().
class NameViews
{
public:
    /// Takes in what `names`, which outlives it, learnt since, and what streams new recordings read from.
    [[nodiscard]] Result<void> follow(Names& names, Database& database);

    /// Puts the names behind the ids that `columns` filled, and the evidence that holds by now.
    void name(ColumnSet columns, std::vector<Message>& messages) const;
    /// The stream that `recording` read from.
    [[nodiscard]] StreamId stream(std::int64_t recording) const;

private:
    [[nodiscard]] Result<void> followStreams(Names& names, Database& database);

    // [0] is "none".
    std::vector<std::string_view> m_subjects{{}};
    std::vector<std::string_view> m_pops{{}};
    std::vector<std::string_view> m_workers{{}};
    std::vector<Identity> m_identities{{}}; ///< without the long texts
    std::uint64_t m_identityRevision = 0;
    std::map<std::int64_t, StreamId> m_streams; ///< by recording
};

} // namespace weir
