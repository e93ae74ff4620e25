// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/history/HistoryReader.h"
#include "core/topology/FlowGraph.h"

#include <map>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

namespace weir {

/// What was known of a broker over a range of the past.
struct RangeLooks
{
    /// The last look of the range, and what earlier ones of it had besides; null: none was kept.
    std::shared_ptr<const BrokerLook> now;
    std::shared_ptr<const BrokerLook> before; ///< the first look, where there are two
    std::string account;                      ///< whose subjects were observed: an id
    std::vector<std::string> observed;
    std::vector<std::string> remarks; ///< what the looks cannot say
};

/// Puts the looks that a history kept of a range together. Remembers those that it read: a range that moves
/// costs only what is new. One thread.
class LooksOfRange
{
public:
    /// Of a long range sixty looks at the most, evenly apart. `present`: a look of now, for a range that ends
    /// now. Cancelled between two looks when `stop` is asked.
    [[nodiscard]] Result<RangeLooks> of(HistoryReader& reader, Timestamp from, Timestamp to,
                                        const std::optional<ObservedLook>& present = std::nullopt,
                                        const std::stop_token& stop = {});

private:
    [[nodiscard]] Result<ObservedLook> read(HistoryReader& reader, Timestamp time);

    std::map<Timestamp, ObservedLook> m_read;
};

/// Adds to `last` what `earlier` has besides: connections, subscriptions, streams, consumers, servers.
void addEarlier(BrokerLook& last, const BrokerLook& earlier);

/// The graph that messages show of the range, and the broker's part of it.
[[nodiscard]] FlowGraph joinLooks(FlowGraph messages, const RangeLooks& looks);

} // namespace weir
