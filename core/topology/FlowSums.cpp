// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/topology/FlowSums.h"

#include "core/latency/Histogram.h"
#include "core/topology/GroupFold.h"

#include <algorithm>
#include <memory>
#include <optional>
#include <tuple>

namespace weir {
namespace {

constexpr std::size_t kMostAlike = 12; ///< tokens behind one front; see foldGroups()

FlowNode nodeOf(FlowKind kind, std::string_view name)
{
    FlowNode node;
    node.kind = kind;
    node.name = name;
    node.id = std::string(flowKindName(kind)) + ":" + node.name;
    return node;
}

/// The nodes that sums tell of. What many keys name is made once; a node may have several names: groups that
/// are drawn together, credentials of one user.
class Nodes
{
public:
    Nodes(const Names& names, FlowAssembly& into) : m_names(names), m_into(into) {}

    [[nodiscard]] const std::string& idOf(std::uint32_t node) const { return *m_ids[node]; }

    void addGroups(const RollupSlot& sum, const Dictionary<GroupId>& groups,
                   const std::vector<std::string>& alike)
    {
        std::unordered_map<std::uint32_t, std::string> subjects;
        for (const RollupCell& cell : sum.cells) {
            if (const auto [place, fresh] = subjects.try_emplace(cell.key.group.value); fresh)
                place->second = groups.name(cell.key.group);
        }
        std::vector<std::string> together = alike;
        for (const auto& [group, name] : subjects)
            together.push_back(name);
        const auto folded = foldGroups(together, kMostAlike);
        for (const auto& [group, name] : subjects) {
            if (isSystemSubject(name))
                continue;
            const auto fold = folded.find(name);
            m_groups.emplace(group,
                             add(nodeOf(FlowKind::SubjectGroup, fold == folded.end() ? name : fold->second)));
        }
    }

    /// Nothing: one that is not drawn.
    [[nodiscard]] std::optional<std::uint32_t> ofGroup(GroupId group) const
    {
        const auto found = m_groups.find(group.value);
        return found == m_groups.end() ? std::nullopt : std::optional(found->second);
    }

    /// From the PoP to who published, as far as that is told.
    [[nodiscard]] std::vector<std::uint32_t> publishing(const RollupKey& key)
    {
        std::vector<std::uint32_t> way;
        if (!key.pop.isNone())
            way.push_back(once(m_pops, key.pop.value,
                               [&] { return nodeOf(FlowKind::Pop, m_names.pops.name(key.pop)); }));
        if (!key.worker.isNone())
            way.push_back(once(m_workers, key.worker.value,
                               [&] { return nodeOf(FlowKind::Worker, m_names.workers.name(key.worker)); }));
        if (!key.identity.isNone() || way.empty())
            way.push_back(once(m_identities, key.identity.value, [&] { return identityOf(key.identity); }));
        return way;
    }

private:
    using Known = std::unordered_map<std::uint32_t, std::uint32_t>; ///< nodes, by what keys call them

    [[nodiscard]] FlowNode identityOf(IdentityId id) const
    {
        const Identity identity = id.isNone() ? Identity{} : m_names.identities.at(id);
        FlowNode node = nodeOf(FlowKind::Identity, identity.name);
        node.facts.emplace_back("evidence", evidenceName(identity.evidence));
        if (!identity.issuer.empty())
            node.facts.emplace_back("issuer", identity.issuer);
        return node;
    }

    template<typename Make>
    [[nodiscard]] std::uint32_t once(Known& known, std::uint32_t value, Make make)
    {
        const auto found = known.find(value);
        return found != known.end() ? found->second : known.emplace(value, add(make())).first->second;
    }

    [[nodiscard]] std::uint32_t add(FlowNode node)
    {
        const auto [place, fresh] = m_byId.try_emplace(node.id, static_cast<std::uint32_t>(m_ids.size()));
        if (fresh)
            m_ids.push_back(&place->first);
        m_into.node(std::move(node));
        return place->second;
    }

    const Names& m_names;
    FlowAssembly& m_into;
    std::unordered_map<std::string, std::uint32_t> m_byId;
    std::vector<const std::string*> m_ids; ///< by node
    Known m_pops;
    Known m_workers;
    Known m_identities;
    Known m_groups;
};

} // namespace

std::string repliesLeftOut(std::uint64_t messages)
{
    return std::to_string(messages) + " messages on reply and system subjects (_INBOX, $…) are not drawn";
}

void FlowSums::add(const RollupSlot& slot)
{
    m_sum.add(slot);
    for (const RollupCell& cell : slot.cells) {
        const auto [place, fresh] = m_seen.try_emplace(cell.key, Seen{slot.start, slot.start + slot.width});
        if (fresh)
            continue;
        place->second.first = std::min(place->second.first, slot.start);
        place->second.last = std::max(place->second.last, slot.start + slot.width);
    }
}

FlowEdge FlowSums::edgeOf(const RollupSlot& sum, std::vector<Piece>::const_iterator begin,
                          std::vector<Piece>::const_iterator end, Nanoseconds recorded) const
{
    FlowEdge edge;
    edge.because = "messages that say so of themselves";
    edge.messages = 0;
    const auto latencies = std::make_unique<Histogram>();
    for (auto piece = begin; piece != end; ++piece) {
        const RollupCell& cell = *piece->cell;
        *edge.messages += cell.count;
        edge.bytes += cell.bytes;
        edge.errors += cell.errors;
        for (std::uint32_t i = cell.begin; i < cell.end; ++i)
            latencies->add(sum.buckets[i].index, sum.buckets[i].count);
        latencies->noteMax(cell.longest);
        const auto seen = m_seen.find(cell.key);
        if (seen == m_seen.end())
            continue;
        const auto first = Timestamp(std::chrono::seconds(seen->second.first));
        const auto last = Timestamp(std::chrono::seconds(seen->second.last));
        edge.firstSeen = edge.firstSeen == kNoTime ? first : std::min(edge.firstSeen, first);
        edge.lastSeen = std::max(edge.lastSeen, last);
    }
    edge.p50 = latencies->percentile(50);
    edge.p99 = latencies->percentile(99);
    if (recorded > Nanoseconds{0}) {
        const double seconds = std::chrono::duration<double>(recorded).count();
        edge.rate = static_cast<double>(*edge.messages) / seconds;
        edge.bytesRate = static_cast<double>(edge.bytes) / seconds;
    }
    return edge;
}

std::uint64_t FlowSums::assemble(const Names& names, const Dictionary<GroupId>& groups, Nanoseconds recorded,
                                 FlowAssembly& into, const std::vector<std::string>& alike)
{
    const RollupSlot sum = m_sum.take();
    Nodes nodes(names, into);
    nodes.addGroups(sum, groups, alike);
    std::vector<Piece> pieces;
    std::uint64_t leftOut = 0;
    for (const RollupCell& cell : sum.cells) {
        const std::optional<std::uint32_t> subjects = nodes.ofGroup(cell.key.group);
        if (!subjects) {
            leftOut += cell.count;
            continue;
        }
        std::vector<std::uint32_t> way = nodes.publishing(cell.key);
        way.push_back(*subjects);
        for (std::size_t i = 1; i < way.size(); ++i)
            pieces.push_back({way[i - 1], way[i], &cell});
    }
    const auto ends = [](const Piece& piece) { return std::tie(piece.from, piece.to); };
    std::sort(pieces.begin(), pieces.end(),
              [&](const Piece& a, const Piece& b) { return ends(a) < ends(b); });
    for (auto begin = pieces.cbegin(); begin != pieces.cend();) {
        const auto end = std::find_if(begin, pieces.cend(),
                                      [&](const Piece& piece) { return ends(piece) != ends(*begin); });
        into.edge(nodes.idOf(begin->from), nodes.idOf(begin->to), edgeOf(sum, begin, end, recorded));
        begin = end;
    }
    m_seen.clear();
    return leftOut;
}

} // namespace weir
