// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Id.h"
#include "core/base/Time.h"
#include "core/capture/ForgettingSink.h"
#include "core/topology/AudienceCount.h"

#include <compare>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace weir {

/// Names a node of a SubjectTree for that tree's life; a node that was merged away is simply not found.
struct SubjectNodeId
{
    std::uint64_t value = 0;
    constexpr auto operator<=>(const SubjectNodeId&) const = default;
};

/// One node as it was when asked for. Counts, bytes, rate and sparkline include all that lies below it.
struct SubjectNode
{
    enum class Kind : std::uint8_t {
        Root,      ///< everything
        System,    ///< the group of subjects that begin with `$`
        Inboxes,   ///< the group of `_INBOX.…`
        Token,     ///< one token
        Collapsed, ///< `*`: many tokens in one place, about `distinct` of them
    };

    SubjectNodeId id;
    SubjectNodeId parent; ///< the root's is its own
    Kind kind = Kind::Token;
    std::string token;   ///< as in the subject; "*" for Collapsed, empty for Root and the groups
    std::string path;    ///< "orders.*.created": the tokens down to here, a NATS pattern; empty for Root
    bool pinned = false; ///< as the SubjectShape says, and below
    bool split = false;
    bool folded = false;
    std::uint32_t children = 0;
    std::uint64_t distinct = 0; ///< Collapsed: how many tokens it stands for, an estimate (±4 %)
    std::uint64_t own = 0;      ///< messages whose subject ends here
    std::uint64_t count = 0;
    std::uint64_t bytes = 0; ///< headers and payloads
    Timestamp lastSeen = kNoTime;
    std::optional<AudienceCount> audience; ///< of all at and below it, where somebody who knows put it in
    double rate = 0;                       ///< messages a second over the last five whole seconds
    /// Messages in each of the last 60 whole seconds, oldest first; empty where none are kept (quiet for a
    /// minute, or beyond the budget for them).
    std::vector<std::uint32_t> sparkline;
};

/// How a reader wants a tree: paths of nodes, as SubjectNode has them. What is not there yet is awaited.
struct SubjectShape
{
    std::vector<std::string> pinned; ///< keep a node of their own, whatever is collapsed around them
    std::vector<std::string> split;  ///< their tokens stand one by one, up to Options::maxSplitChildren
    std::vector<std::string> folded; ///< their tokens stand in one `*`, but for those that are pinned
    bool operator==(const SubjectShape&) const = default;
};

/// The patterns of all subjects at and below a node; none of the root and of the system's group.
[[nodiscard]] std::vector<std::string> patternsOf(const SubjectNode& node);

enum class SubjectSort : std::uint8_t { Name, Rate, Count, Bytes, LastSeen };

/// A part of a node's children; `total` is how many there are.
struct SubjectPage
{
    std::vector<SubjectNode> nodes;
    std::size_t total = 0;
};

/// The subjects that pass by as a tree of their tokens, in bounded memory: where a node gets more children
/// than its limit, those that carry less than a twentieth of it are merged into one `*`
/// (`orders.48213.created` → `orders.*.created`). Time is message time, moved on by tick().
/// What forget() leaves without a message is listed no more.
/// consume(), forget() and tick() on one thread, everything else on any; readers hold the lock for one page
/// only.
class SubjectTree final : public ForgettingSink
{
public:
    struct Options
    {
        std::uint32_t maxChildren = 256;       ///< of one node, before it collapses
        std::uint32_t maxRootChildren = 1024;  ///< the same for the first token
        std::uint32_t maxSplitChildren = 4096; ///< the same where the shape splits it
        std::uint32_t maxNodes =
            1'000'000; ///< of the tree; at this bound every new token collapses its place
        std::uint32_t maxSparklines = 40'000; ///< 244 bytes each
        std::uint32_t maxDepth = 32;          ///< tokens beyond it stay together as one
        SubjectShape shape;
    };

    SubjectTree();
    explicit SubjectTree(const Options& options);
    ~SubjectTree() override;

    void consume(const std::shared_ptr<const Batch>& batch) override;
    void forget(const std::shared_ptr<const Batch>& batch) override;
    void tick(Timestamp now) override;

    /// Other pins than those of the options' shape; any thread.
    void setPinned(const std::vector<std::string>& paths);

    [[nodiscard]] SubjectNode root() const;
    [[nodiscard]] std::optional<SubjectNode> node(SubjectNodeId id) const;
    /// The node with this path, also one that nothing was counted in.
    [[nodiscard]] std::optional<SubjectNode> at(const std::string& path) const;
    /// Children of `id` in the order of `sort` (names ascending, all else descending; groups last), from
    /// number `offset`, at most `limit`; empty where `id` is no more.
    [[nodiscard]] SubjectPage children(SubjectNodeId id, SubjectSort sort, std::size_t offset,
                                       std::size_t limit) const;

    /// Grows whenever a count or the time changed: a view that has seen this revision need not ask again.
    [[nodiscard]] std::uint64_t revision() const;
    /// Grows only when nodes come or go.
    [[nodiscard]] std::uint64_t structureRevision() const;
    /// Nodes there are, and the bytes that they and their indexes take.
    [[nodiscard]] std::size_t nodeCount() const;
    [[nodiscard]] std::size_t memory() const;

private:
    struct State;
    std::unique_ptr<State> m_state;
};

} // namespace weir
