// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/history/Database.h"
#include "core/history/TraceGroup.h"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace weir {

/// Asks the groups of a history (FORMAT.md, "Trace groups") for traces. Never wrong about a trace that is
/// there: what no sound group covers counts as holding any. Quick where questions come by rising or falling
/// seqs. One thread, one connection.
class TraceGroups
{
public:
    /// Of a file made before there were groups: none.
    [[nodiscard]] static Result<TraceGroups> read(Database& database);

    /// Whether one of the messages `first` to `last` may have a trace of this hash.
    [[nodiscard]] bool mayHold(std::uint64_t first, std::uint64_t last, std::uint64_t hash);
    [[nodiscard]] bool covers(std::uint64_t first, std::uint64_t last) { return find(first, last); }

private:
    struct Part
    {
        bool asked = false;
        std::optional<std::string> bytes;
    };
    [[nodiscard]] bool find(std::uint64_t first, std::uint64_t last);
    [[nodiscard]] const std::optional<std::string>& part(std::uint64_t number);

    std::vector<TraceGroupRow> m_groups; ///< by firstSeq
    Statement m_select;
    std::size_t m_at = 0;      ///< the group that was asked last
    std::vector<Part> m_parts; ///< of that one
};

/// Hands what is wrong with the groups themselves to `tell`.
[[nodiscard]] Result<void> checkTraceGroups(Database& database, const std::function<void(std::string)>& tell);

} // namespace weir
