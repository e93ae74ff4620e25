// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/topology/SubjectNodes.h"

#include <algorithm>
#include <functional>

namespace weir {
namespace {

constexpr std::uint32_t kErased = UINT32_MAX;
constexpr std::size_t kTokenInPlace = 15; ///< longer ones take memory of their own

std::size_t hashOf(std::uint32_t parent, std::string_view token)
{
    std::uint64_t hash = std::hash<std::string_view>()(token) ^ (parent * 0x9E3779B97F4A7C15U);
    hash ^= hash >> 32U;
    return hash * 0xD6E8FEB86659FD93U >> 16U;
}

} // namespace

SubjectNodes::SubjectNodes()
{
    rebuildIndex(1024);
    create(0, {}, SubjectNode::Kind::Root);
    create(kRoot, {}, SubjectNode::Kind::System);
    create(kRoot, {}, SubjectNode::Kind::Inboxes);
}

std::size_t SubjectNodes::slotOf(Index parent, std::string_view token) const
{
    const std::size_t mask = m_index.size() - 1;
    std::size_t slot = hashOf(parent, token) & mask;
    for (; m_index[slot] != 0; slot = (slot + 1) & mask) {
        if (m_index[slot] == kErased)
            continue;
        const SubjectLinks& have = links(m_index[slot]);
        if (have.parent == parent && have.token == token)
            break;
    }
    return slot;
}

SubjectNodes::Index SubjectNodes::find(Index parent, std::string_view token) const
{
    return m_index[slotOf(parent, token)];
}

void SubjectNodes::insertIndex(Index node)
{
    if ((m_indexUsed + 1) * 10 > m_index.size() * 6)
        rebuildIndex(size() * 10 > m_index.size() * 3 ? m_index.size() * 2 : m_index.size());
    const SubjectLinks& added = links(node);
    m_index[slotOf(added.parent, added.token)] = node;
    ++m_indexUsed;
}

void SubjectNodes::eraseIndex(Index node)
{
    const std::size_t slot = slotOf(links(node).parent, links(node).token);
    if (m_index[slot] == node)
        m_index[slot] = kErased;
}

void SubjectNodes::rebuildIndex(std::size_t slots)
{
    std::vector<Index> old(slots, 0);
    old.swap(m_index);
    m_indexUsed = 0;
    for (const Index node : old) {
        if (node == 0 || node == kErased)
            continue;
        m_index[slotOf(links(node).parent, links(node).token)] = node;
        ++m_indexUsed;
    }
}

SubjectNodes::Index SubjectNodes::create(Index parent, std::string_view token, SubjectNode::Kind kind)
{
    Index node = m_next;
    if (m_free.empty()) {
        if (++m_next > m_chunks.size() * kChunk)
            m_chunks.push_back(std::make_unique<Chunk>());
    } else {
        node = m_free.back();
        m_free.pop_back();
    }
    SubjectLinks& made = links(node);
    made.token = token;
    made.kind = kind;
    m_longTokens += token.size() > kTokenInPlace ? token.size() + 1 : 0;
    if (parent != 0)
        attach(node, parent);
    return node;
}

void SubjectNodes::attach(Index node, Index parent)
{
    SubjectLinks& child = links(node);
    SubjectLinks& above = links(parent);
    child.parent = parent;
    child.nextSibling = above.firstChild;
    above.firstChild = node;
    ++above.children;
    ++m_changes;
    // The groups are found by their index alone: a token may be empty too.
    if (child.kind == SubjectNode::Kind::Token || child.kind == SubjectNode::Kind::Collapsed)
        insertIndex(node);
}

void SubjectNodes::detach(Index node)
{
    eraseIndex(node);
    SubjectLinks& above = links(links(node).parent);
    Index* link = &above.firstChild;
    while (*link != node)
        link = &links(*link).nextSibling;
    *link = links(node).nextSibling;
    --above.children;
    ++m_changes;
    links(node).nextSibling = 0;
}

void SubjectNodes::bury(Index node, Index into)
{
    SubjectLinks& gone = links(node);
    m_longTokens -= gone.token.size() > kTokenInPlace ? gone.token.size() + 1 : 0;
    const std::uint32_t generation = gone.generation + 1;
    gone = {};
    gone.generation = generation;
    gone.dead = true;
    gone.nextSibling = into;
    m_dead.push_back(node);
}

SubjectNodes::Index SubjectNodes::living(Index node) const
{
    while (links(node).dead)
        node = links(node).nextSibling;
    return node;
}

void SubjectNodes::reuseDead()
{
    for (const Index node : m_dead) {
        links(node).dead = false;
        links(node).nextSibling = 0;
        counts(node) = {};
    }
    m_free.insert(m_free.end(), m_dead.begin(), m_dead.end());
    m_dead.clear();
}

std::size_t SubjectNodes::footprint() const
{
    std::size_t counters = 0;
    for (Index node = kRoot; node < m_next; ++node) {
        if (const auto& distinct = links(node).distinct)
            counters += sizeof(DistinctCounter) + distinct->footprint();
    }
    return m_chunks.size() * sizeof(Chunk) +
           (m_index.capacity() + m_free.capacity() + m_dead.capacity()) * sizeof(Index) + m_longTokens +
           counters;
}

SubjectNodeId SubjectNodes::idOf(Index node) const
{
    return {(std::uint64_t{links(node).generation} << 32U) | node};
}

SubjectNodes::Index SubjectNodes::indexOf(SubjectNodeId id) const
{
    const auto node = static_cast<Index>(id.value);
    if (node == 0 || node >= m_next || idOf(node) != id || links(node).dead ||
        (node != kRoot && links(node).parent == 0))
        return 0;
    return node;
}

std::string SubjectNodes::pathOf(Index node) const
{
    std::vector<std::string_view> tokens;
    for (; links(node).kind == SubjectNode::Kind::Token || links(node).kind == SubjectNode::Kind::Collapsed;
         node = links(node).parent)
        tokens.push_back(links(node).token);
    std::string path = node == kInboxes ? "_INBOX" : "";
    for (auto token = tokens.rbegin(); token != tokens.rend(); ++token) {
        if (token != tokens.rbegin() || node == kInboxes)
            path += '.';
        path += *token;
    }
    return path;
}

} // namespace weir
