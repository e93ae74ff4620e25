// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/topology/DistinctCounter.h"
#include "core/topology/SubjectActivity.h"
#include "core/topology/SubjectTree.h"

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace weir {

/// What a node is, beside its counts. Links are indices; 0 is none.
struct SubjectLinks
{
    // What counting a message touches stands together.
    std::uint64_t own = 0;
    std::uint32_t parent = 0;
    std::uint32_t children = 0;
    SubjectNode::Kind kind = SubjectNode::Kind::Token;
    bool dead = false;
    bool kept = false; ///< the shape names it or one below it: it is never merged away
    bool pinned = false;
    bool split = false;
    bool folded = false;

    std::uint32_t firstChild = 0;
    std::uint32_t nextSibling = 0; ///< of a dead node: the node that it was merged into
    std::uint32_t collapsed = 0;   ///< its child that stands for all further tokens
    std::uint32_t generation = 0;  ///< of this index: told apart from earlier users of it
    std::string token;
    std::unique_ptr<DistinctCounter> distinct; ///< of a Collapsed node
};

/// The nodes of a SubjectTree in chunks that never move, with an index from (parent, token) to the child.
/// No thread safety.
class SubjectNodes
{
public:
    using Index = std::uint32_t;
    static constexpr Index kRoot = 1;
    static constexpr Index kSystem = 2;
    static constexpr Index kInboxes = 3;

    SubjectNodes();

    [[nodiscard]] SubjectCounts& counts(Index node) { return m_chunks[node / kChunk]->counts[node % kChunk]; }
    [[nodiscard]] const SubjectCounts& counts(Index node) const
    {
        return m_chunks[node / kChunk]->counts[node % kChunk];
    }
    [[nodiscard]] SubjectLinks& links(Index node) { return m_chunks[node / kChunk]->links[node % kChunk]; }
    [[nodiscard]] const SubjectLinks& links(Index node) const
    {
        return m_chunks[node / kChunk]->links[node % kChunk];
    }

    [[nodiscard]] Index find(Index parent, std::string_view token) const;
    Index create(Index parent, std::string_view token, SubjectNode::Kind kind);
    /// Takes `node` out from under its parent; it keeps its own children.
    void detach(Index node);
    void attach(Index node, Index parent);
    /// A detached node without children ends; who still knows it is sent on to `into`.
    void bury(Index node, Index into);
    /// Where a node that may be dead went.
    [[nodiscard]] Index living(Index node) const;
    /// Dead nodes are used again from now on. Nobody may know them any more.
    void reuseDead();

    [[nodiscard]] std::size_t size() const { return m_next - 1 - m_dead.size() - m_free.size(); }
    /// Grows whenever a node comes, goes or is moved.
    [[nodiscard]] std::uint64_t changes() const { return m_changes; }
    [[nodiscard]] std::size_t deadCount() const { return m_dead.size(); }
    [[nodiscard]] std::size_t footprint() const;

    [[nodiscard]] SubjectNodeId idOf(Index node) const;
    /// 0 where the id names no living node.
    [[nodiscard]] Index indexOf(SubjectNodeId id) const;
    [[nodiscard]] std::string pathOf(Index node) const;

private:
    static constexpr std::size_t kChunk = 4096;
    struct Chunk
    {
        std::array<SubjectCounts, kChunk> counts;
        std::array<SubjectLinks, kChunk> links;
    };

    [[nodiscard]] std::size_t slotOf(Index parent, std::string_view token) const;
    void insertIndex(Index node);
    void eraseIndex(Index node);
    void rebuildIndex(std::size_t slots);

    std::vector<std::unique_ptr<Chunk>> m_chunks;
    Index m_next = 1;
    std::vector<Index> m_free;
    std::vector<Index> m_dead;
    std::vector<Index> m_index;  ///< open addressing, linear probing; a power of two; 0 empty, kErased erased
    std::size_t m_indexUsed = 0; ///< slots that are not empty
    std::uint64_t m_changes = 0;
    std::size_t m_longTokens = 0; ///< bytes of tokens outside their strings
};

} // namespace weir
