// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/topology/FlowOfHistory.h"
#include "core/topology/LooksOfRange.h"
#include "core/topology/ServerGraph.h"
#include "core/topology/WorldGraph.h"

namespace weir::cli {

/// A range as its messages and the looks at the broker show it: what the flow and the world are drawn of.
class RangeFacts
{
public:
    [[nodiscard]] static Result<RangeFacts> read(HistoryReader& reader, Timestamp from, Timestamp to,
                                                 const Filter& filter);
    RangeFacts(FlowOfHistory messages, RangeLooks looks)
        : m_messages(std::move(messages)), m_looks(std::move(looks))
    {
    }

    [[nodiscard]] const FlowOfHistory& messages() const { return m_messages; }
    [[nodiscard]] FlowGraph flow(const std::vector<std::string>& alike = {}) const;
    [[nodiscard]] WorldGraph world() const;

private:
    FlowOfHistory m_messages;
    RangeLooks m_looks;
};

/// Of looks, of which there must be one.
[[nodiscard]] ServerGraph serversOf(const RangeLooks& looks);

} // namespace weir::cli
