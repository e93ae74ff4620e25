// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/topology/SubjectAudience.h"

#include "core/topology/SubjectTree.h"

#include <algorithm>

namespace weir {
namespace {

/// Takes the first token off `pattern`; `more`: there is another one behind it.
std::string_view takeToken(std::string_view& pattern, bool& more)
{
    const std::size_t dot = pattern.find('.');
    const std::string_view token = pattern.substr(0, dot);
    more = dot != std::string_view::npos;
    pattern = more ? pattern.substr(dot + 1) : std::string_view{};
    return token;
}

void append(std::vector<std::uint32_t>& to, const std::vector<std::uint32_t>& from)
{
    to.insert(to.end(), from.begin(), from.end());
}

} // namespace

SubjectAudience::SubjectAudience(const BrokerLook& look, const std::string& account)
    : m_known(!account.empty()), m_whole(isWholeLook(look)), m_account(account), m_wayTree(1)
{
    if (!m_known)
        return;
    const AccountWays ways(look, account);
    m_ways = ways.ways();
    for (std::uint32_t i = 0; i < m_ways.size(); ++i)
        add(m_wayTree, m_ways[i].from, i);
    addConnections(look, ways);
    for (const SeenStream& stream : look.streams) {
        const std::uint32_t id = idOf({Kind::Stream, ways.nameOf(stream.account), stream.name});
        for (const std::string& subject : stream.subjects)
            add(m_trees.try_emplace(stream.account, 1).first->second, subject, id);
    }
    m_ids.clear();
}

void SubjectAudience::addConnections(const BrokerLook& look, const AccountWays& ways)
{
    std::map<std::string, std::string> names;
    for (const SeenConnection& connection : look.connections) {
        if (isObserver(connection) || connection.gone != kNoTime || connection.subscriptions.empty())
            continue;
        const auto [name, isNew] = names.try_emplace(connection.account);
        if (isNew)
            name->second = ways.nameOf(connection.account);
        Tree& tree = m_trees.try_emplace(connection.account, 1).first->second;
        for (const SeenSubscription& subscription : connection.subscriptions) {
            const bool alone = subscription.queue.empty();
            add(tree, subscription.subject,
                idOf({alone ? Kind::Client : Kind::QueueGroup, name->second,
                      alone ? clientOf(connection) : subscription.queue}));
        }
    }
}

std::uint32_t SubjectAudience::idOf(Listener listener)
{
    const auto [found, isNew] =
        m_ids.try_emplace(std::move(listener), static_cast<std::uint32_t>(m_listeners.size()));
    if (isNew)
        m_listeners.push_back(found->first);
    return found->second;
}

void SubjectAudience::add(Tree& tree, std::string_view pattern, std::uint32_t id)
{
    std::uint32_t at = 0;
    for (bool more = true; more;) {
        const std::string_view token = takeToken(pattern, more);
        if (token == ">") {
            tree[at].rest.push_back(id);
            return;
        }
        const auto found = tree[at].children.find(token);
        if (found != tree[at].children.end()) {
            at = found->second;
            continue;
        }
        const auto next = static_cast<std::uint32_t>(tree.size());
        tree[at].children.emplace(token, next);
        tree.emplace_back();
        at = next;
    }
    tree[at].ends.push_back(id);
}

void SubjectAudience::takeAll(const Tree& tree, std::uint32_t at, Ids& found)
{
    append(found, tree[at].rest);
    for (const auto& [token, child] : tree[at].children) {
        append(found, tree[child].ends);
        takeAll(tree, child, found);
    }
}

void SubjectAudience::find(const Tree& tree, std::uint32_t at, std::string_view pattern, bool more,
                           Ids& found)
{
    if (!more)
        return append(found, tree[at].ends);
    append(found, tree[at].rest);
    const std::string_view token = takeToken(pattern, more);
    if (token == ">") {
        for (const auto& [each, child] : tree[at].children) {
            append(found, tree[child].ends);
            takeAll(tree, child, found);
        }
        return;
    }
    if (token == "*") {
        for (const auto& [each, child] : tree[at].children)
            find(tree, child, pattern, more, found);
        return;
    }
    for (const std::string_view each : {token, std::string_view("*")}) {
        if (const auto child = tree[at].children.find(each); child != tree[at].children.end())
            find(tree, child->second, pattern, more, found);
    }
}

SubjectAudience::Ids SubjectAudience::idsOf(const std::vector<std::string>& patterns, bool& followed) const
{
    Ids ids;
    Ids ways;
    for (const std::string& pattern : patterns) {
        if (const auto home = m_trees.find(m_account); home != m_trees.end())
            find(home->second, 0, pattern, true, ids);
        find(m_wayTree, 0, pattern, true, ways);
    }
    std::sort(ways.begin(), ways.end());
    ways.erase(std::unique(ways.begin(), ways.end()), ways.end());
    std::vector<std::string> notes;
    for (const std::uint32_t way : ways) {
        std::vector<SubjectPlace> places;
        for (const std::string& pattern : patterns)
            AccountWays::follow(m_ways[way], pattern, places, notes);
        for (const SubjectPlace& place : places) {
            if (const auto there = m_trees.find(place.account); there != m_trees.end())
                find(there->second, 0, place.subject, true, ids);
        }
    }
    followed = notes.empty();
    std::sort(ids.begin(), ids.end());
    ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
    return ids;
}

AudienceCount SubjectAudience::count(const std::vector<std::string>& patterns) const
{
    AudienceCount count;
    bool followed = true;
    for (const std::uint32_t id : idsOf(patterns, followed)) {
        switch (m_listeners[id].kind) {
        case Kind::Client:
            ++count.clients;
            break;
        case Kind::QueueGroup:
            ++count.queueGroups;
            break;
        case Kind::Stream:
            ++count.streams;
            break;
        }
    }
    count.whole = m_whole && followed;
    return count;
}

std::vector<SubjectAudience::Listener> SubjectAudience::who(const std::vector<std::string>& patterns) const
{
    std::vector<Listener> who;
    bool followed = true;
    for (const std::uint32_t id : idsOf(patterns, followed))
        who.push_back(m_listeners[id]);
    std::sort(who.begin(), who.end());
    return who;
}

void countListeners(SubjectNode& node, const SubjectAudience& audience)
{
    if (!node.path.empty() && !node.path.starts_with('$'))
        node.audience = audience.count(patternsOf(node));
}

} // namespace weir
