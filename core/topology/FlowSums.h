// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/envelope/Names.h"
#include "core/history/RollupSum.h"
#include "core/topology/FlowGraph.h"

#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

namespace weir {

/// The part of the flow that messages show: PoP → Worker → identity → subjects, out of a history's sums. A
/// fact that a message does not tell is passed over; where none tells who published, the subjects hang on
/// the nameless identity. Reply subjects and the system's own are left out; subjects that differ
/// in one token are drawn together where they are many (see foldGroups()). One thread.
class FlowSums
{
public:
    FlowSums() : m_sum(kWhole) {}

    void add(const RollupSlot& slot);
    /// Nodes and edges of what was added. `recorded`: how long was recorded in that range, for the rates.
    /// `groups`: whose ids the slots' groups are. `alike`: further groups that decide what is drawn together.
    /// Returns how many messages were left out.
    [[nodiscard]] std::uint64_t assemble(const Names& names, const Dictionary<GroupId>& groups,
                                         Nanoseconds recorded, FlowAssembly& into,
                                         const std::vector<std::string>& alike = {});

private:
    static constexpr std::int64_t kWhole = std::int64_t{1} << 40; ///< seconds: one slot for all of time
    struct Seen
    {
        std::int64_t first = 0; ///< seconds since 1970
        std::int64_t last = 0;  ///< exclusive
    };
    struct Piece
    {
        std::uint32_t from; ///< node
        std::uint32_t to;
        const RollupCell* cell;
    };
    [[nodiscard]] FlowEdge edgeOf(const RollupSlot& sum, std::vector<Piece>::const_iterator begin,
                                  std::vector<Piece>::const_iterator end, Nanoseconds recorded) const;

    RollupSum m_sum;
    std::unordered_map<RollupKey, Seen, RollupKeyHash> m_seen;
};

/// What assemble() left out, in words.
[[nodiscard]] std::string repliesLeftOut(std::uint64_t messages);

} // namespace weir
