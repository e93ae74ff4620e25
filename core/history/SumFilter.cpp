// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/history/SumFilter.h"

#include "core/envelope/Names.h"
#include "core/filter/FilterTerm.h"
#include "core/history/IdVerdicts.h"

#include <algorithm>
#include <optional>
#include <unordered_map>
#include <vector>

namespace weir {
namespace {

Share inverse(Share share)
{
    return share == Share::None ? Share::All : share == Share::All ? Share::None : Share::Some;
}

Share shareIf(bool all)
{
    return all ? Share::All : Share::None;
}

bool nodeIsKnown(const FilterNode& node)
{
    if (node.kind != FilterNode::Kind::Term)
        return std::all_of(node.children.begin(), node.children.end(), nodeIsKnown);
    switch (node.field) {
    case FilterField::Subject:
    case FilterField::Pop:
    case FilterField::Worker:
    case FilterField::Identity:
    case FilterField::Account:
    case FilterField::Evidence:
        return true;
    default:
        return false;
    }
}

} // namespace

class SumFilter::Node
{
public:
    Node(const FilterNode& node, const Names& names) : m_node(node), m_names(names), m_verdicts(node, names)
    {
        for (const FilterNode& child : node.children)
            m_children.push_back(std::make_unique<Node>(child, names));
    }

    Share ask(const RollupKey& key, Timestamp from, Timestamp to)
    {
        switch (m_node.kind) {
        case FilterNode::Kind::And: {
            Share least = Share::All;
            for (const auto& child : m_children)
                least = std::min(least, child->ask(key, from, to));
            return least;
        }
        case FilterNode::Kind::Or: {
            Share most = Share::None;
            for (const auto& child : m_children)
                most = std::max(most, child->ask(key, from, to));
            return most;
        }
        case FilterNode::Kind::Not:
            return inverse(m_children.front()->ask(key, from, to));
        case FilterNode::Kind::Term:
            break;
        }
        switch (m_node.field) {
        case FilterField::Subject:
            return ofGroup(key.group);
        case FilterField::Pop:
            return shareIf(m_verdicts.matches(key.pop.value));
        case FilterField::Worker:
            return shareIf(m_verdicts.matches(key.worker.value));
        case FilterField::Identity:
        case FilterField::Account:
            return shareIf(m_verdicts.matches(key.identity.value));
        case FilterField::Evidence:
            return ofSender(key.identity, from, to);
        default:
            return Share::Some;
        }
    }

private:
    Share ofGroup(GroupId id)
    {
        if (id.isNone()) // a subject of which nobody summed up anything
            return Share::Some;
        const auto [found, isNew] = m_groups.try_emplace(id.value, Share::Some);
        if (isNew)
            found->second = decideGroup(m_names.groups.name(id));
        return found->second;
    }

    [[nodiscard]] Share decideGroup(std::string_view group) const
    {
        if (isOneSubject(group)) {
            Message message;
            message.subjectName = group;
            return shareIf(termMatches(m_node, message, m_names));
        }
        if (m_node.op == FilterOp::Matches)
            return Share::Some;
        Share most = Share::None;
        for (const FilterValue& value : m_node.values)
            most = std::max(most, shareOf(*value.pattern, group));
        return m_node.op == FilterOp::NotEquals ? inverse(most) : most;
    }

    /// What a token proves ends at a moment that may lie within the slot.
    Share ofSender(IdentityId id, Timestamp from, Timestamp to)
    {
        auto& identity = m_identities[id.value];
        if (!identity)
            identity = m_names.identities.at(id);
        for (const Timestamp moment : {identity->notBefore, identity->expires}) {
            if (moment > from && moment < to)
                return Share::Some;
        }
        Message message;
        message.identity = id;
        message.time = from;
        return shareIf(senderTermMatches(m_node, message, *identity));
    }

    const FilterNode& m_node;
    const Names& m_names;
    std::vector<std::unique_ptr<Node>> m_children;
    IdVerdicts m_verdicts;
    std::unordered_map<std::uint32_t, Share> m_groups;
    std::unordered_map<std::uint32_t, std::optional<Identity>> m_identities;
};

SumFilter::SumFilter(const Filter& filter, std::shared_ptr<const Names> names)
    : m_filter(filter),
      m_names(std::move(names)),
      m_root(filter.isEmpty() ? nullptr : std::make_unique<Node>(*m_filter.root(), *m_names))
{
}

SumFilter::~SumFilter() = default;

bool SumFilter::knows(const Filter& filter)
{
    return filter.isEmpty() || nodeIsKnown(*filter.root());
}

Share SumFilter::ask(const RollupKey& key, std::int64_t start, std::int64_t width)
{
    if (key == RollupKey{}) // the rest of a slot with too many
        return Share::Some;
    if (!m_root)
        return Share::All;
    const Timestamp from{std::chrono::seconds(start)};
    return m_root->ask(key, from, from + std::chrono::seconds(width));
}

} // namespace weir
