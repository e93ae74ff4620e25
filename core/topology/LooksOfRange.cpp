// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/topology/LooksOfRange.h"

#include "core/topology/AccountWays.h"
#include "core/topology/EarlierServers.h"
#include "core/topology/FlowBroker.h"

#include <algorithm>
#include <utility>

namespace weir {
namespace {

constexpr std::size_t kMostLooks = 60;
/// While a history is written a look is kept at least once a minute: an older one says nothing of now.
constexpr std::chrono::seconds kStale{90};

/// At most kMostLooks of `times`, the first and the last among them.
std::vector<Timestamp> chosenOf(const std::vector<Timestamp>& times)
{
    if (times.size() <= kMostLooks)
        return times;
    std::vector<Timestamp> chosen;
    for (std::size_t i = 0; i < kMostLooks; ++i)
        chosen.push_back(times[i * (times.size() - 1) / (kMostLooks - 1)]);
    return chosen;
}

/// Adds those of `earlier` whose `keyOf` none of `last` has, and hands pairs of the same to `both`.
template<typename Each, typename KeyOf, typename Both>
void addMissing(std::vector<Each>& last, const std::vector<Each>& earlier, KeyOf&& keyOf, Both&& both)
{
    std::map<std::decay_t<decltype(keyOf(std::declval<const Each&>()))>, std::size_t> known;
    for (std::size_t i = 0; i < last.size(); ++i)
        known.emplace(keyOf(last[i]), i);
    for (const Each& each : earlier) {
        const auto found = known.find(keyOf(each));
        if (found == known.end())
            last.push_back(each);
        else
            both(last[found->second], each);
    }
}

constexpr auto kNothing = [](const auto& /*last*/, const auto& /*earlier*/) {};

} // namespace

void addEarlier(BrokerLook& last, const BrokerLook& earlier)
{
    const auto subscription = [](const SeenSubscription& of) { return std::pair(of.subject, of.queue); };
    const auto consumer = [](const SeenConsumer& of) { return of.name; };
    const std::size_t connections = last.connections.size();
    addMissing(
        last.connections, earlier.connections,
        [](const SeenConnection& of) { return std::pair(of.server, of.cid); },
        [&](SeenConnection& now, const SeenConnection& then) {
            addMissing(now.subscriptions, then.subscriptions, subscription, kNothing);
        });
    last.connectionsTotal += last.connections.size() - connections;
    for (std::size_t i = connections; i < last.connections.size(); ++i)
        last.connections[i].gone = std::max(earlier.time, last.connections[i].gone);
    addMissing(
        last.streams, earlier.streams, [](const SeenStream& of) { return std::pair(of.account, of.name); },
        [&](SeenStream& now, const SeenStream& then) {
            addMissing(now.consumers, then.consumers, consumer, kNothing);
        });
    addMissing(
        last.accounts, earlier.accounts, [](const SeenAccount& of) { return of.id; }, kNothing);
    addEarlierServers(last, earlier);
}

Result<ObservedLook> LooksOfRange::read(HistoryReader& reader, Timestamp time)
{
    const auto known = m_read.find(time);
    if (known != m_read.end())
        return known->second;
    auto look = reader.look(time);
    if (!look)
        return look.error();
    if (!*look)
        return Error{ErrorCode::NotFound,
                     "reading the look at the broker of " + formatRfc3339(time),
                     "it has expired meanwhile",
                     {}};
    m_read.emplace(time, **look);
    return **std::move(look);
}

Result<RangeLooks> LooksOfRange::of(HistoryReader& reader, Timestamp from, Timestamp to,
                                    const std::optional<ObservedLook>& present, const std::stop_token& stop)
{
    auto times = reader.lookTimes(from, to);
    if (!times)
        return times.error();
    // What was so before the range began was so when it did.
    const auto before = reader.look(from);
    if (!before)
        return before.error();
    if (*before && (*before)->look->time < from && from - (*before)->look->time <= kStale)
        times->insert(times->begin(), (*before)->look->time);
    if (present)
        std::erase_if(*times, [&](Timestamp time) { return time >= present->look->time; });
    const std::vector<Timestamp> chosen = chosenOf(*times);
    std::erase_if(m_read, [&](const auto& each) {
        return !std::binary_search(chosen.begin(), chosen.end(), each.first);
    });
    RangeLooks looks;
    auto all = std::make_shared<BrokerLook>();
    const auto take = [&](const ObservedLook& look) {
        if (looks.now) {
            addEarlier(*all, *look.look);
            looks.before = look.look;
            return;
        }
        *all = *look.look;
        looks.now = all;
        looks.account = look.account;
        looks.observed = look.observed;
    };
    if (present)
        take(*present);
    for (auto time = chosen.rbegin(); time != chosen.rend(); ++time) {
        if (stop.stop_requested())
            return Error{ErrorCode::Cancelled, "reading the looks at the broker", "it was stopped", {}};
        if (const auto look = read(reader, *time))
            take(*look);
        else
            looks.remarks.push_back(look.error().line());
    }
    const auto gone =
        std::count_if(all->connections.begin(), all->connections.end(),
                      [](const SeenConnection& each) { return each.gone != kNoTime && !isObserver(each); });
    if (gone > 0)
        looks.remarks.push_back(std::to_string(gone) + (gone == 1 ? " connection was" : " connections were") +
                                " there for a part of this range only");
    if (chosen.size() < times->size())
        looks.remarks.push_back(
            std::to_string(chosen.size()) + " of " + std::to_string(times->size()) +
            " looks at the broker were read: what came and went between two of them is not drawn");
    return looks;
}

FlowGraph joinLooks(FlowGraph messages, const RangeLooks& looks)
{
    FlowGraph graph = std::move(messages);
    if (!looks.now)
        graph.coverage.emplace_back("who consumed is not known: the broker was not looked at");
    else
        graph = FlowBroker({looks.account, looks.observed}, *looks.now, looks.before.get()).join(graph);
    graph.coverage.insert(graph.coverage.end(), looks.remarks.begin(), looks.remarks.end());
    return graph;
}

} // namespace weir
