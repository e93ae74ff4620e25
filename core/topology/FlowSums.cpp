// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/topology/FlowSums.h"

#include "core/latency/Histogram.h"
#include "core/topology/GroupFold.h"

#include <algorithm>
#include <memory>
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

std::vector<FlowNode> FlowSums::wayOf(const RollupKey& key, const Names& names, const std::string& group)
{
    std::vector<FlowNode> way;
    if (!key.pop.isNone())
        way.push_back(nodeOf(FlowKind::Pop, names.pops.name(key.pop)));
    if (!key.worker.isNone())
        way.push_back(nodeOf(FlowKind::Worker, names.workers.name(key.worker)));
    if (!key.identity.isNone()) {
        const Identity identity = names.identities.at(key.identity);
        way.push_back(nodeOf(FlowKind::Identity, identity.name));
        way.back().facts.emplace_back("evidence", evidenceName(identity.evidence));
        if (!identity.issuer.empty())
            way.back().facts.emplace_back("issuer", identity.issuer);
    } else if (way.empty()) {
        way.push_back(nodeOf(FlowKind::Identity, {}));
        way.back().facts.emplace_back("evidence", evidenceName(Evidence::Unknown));
    }
    way.push_back(nodeOf(FlowKind::SubjectGroup, group));
    return way;
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
    std::vector<std::string> subjects;
    for (const RollupCell& cell : sum.cells)
        subjects.emplace_back(groups.name(cell.key.group));
    std::vector<std::string> together = subjects;
    together.insert(together.end(), alike.begin(), alike.end());
    const auto folded = foldGroups(together, kMostAlike);
    std::vector<Piece> pieces;
    std::uint64_t leftOut = 0;
    for (std::size_t at = 0; at < sum.cells.size(); ++at) {
        const RollupCell& cell = sum.cells[at];
        if (isSystemSubject(subjects[at])) {
            leftOut += cell.count;
            continue;
        }
        const auto fold = folded.find(subjects[at]);
        std::vector<FlowNode> way =
            wayOf(cell.key, names, fold == folded.end() ? subjects[at] : fold->second);
        for (std::size_t i = 0; i < way.size(); ++i) {
            if (i > 0)
                pieces.push_back({way[i - 1].id, way[i].id, &cell});
            into.node(way[i]);
        }
    }
    const auto ends = [](const Piece& piece) { return std::tie(piece.from, piece.to); };
    std::sort(pieces.begin(), pieces.end(),
              [&](const Piece& a, const Piece& b) { return ends(a) < ends(b); });
    for (auto begin = pieces.cbegin(); begin != pieces.cend();) {
        const auto end = std::find_if(begin, pieces.cend(),
                                      [&](const Piece& piece) { return ends(piece) != ends(*begin); });
        into.edge(begin->from, begin->to, edgeOf(sum, begin, end, recorded));
        begin = end;
    }
    m_seen.clear();
    return leftOut;
}

} // namespace weir
