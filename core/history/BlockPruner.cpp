// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/history/BlockPruner.h"

#include "core/envelope/Names.h"
#include "core/filter/FilterTree.h"
#include "core/history/Crc32c.h"
#include "core/history/IdVerdicts.h"
#include "core/history/NumberColumn.h"
#include "core/history/TraceFilter.h"

#include <algorithm>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

namespace weir {
namespace {

bool asksForTraces(const FilterNode& node)
{
    return node.field == FilterField::Trace ||
           std::any_of(node.children.begin(), node.children.end(), asksForTraces);
}

} // namespace

/// What a block's messages may do: some of them match, some of them do not.
struct BlockPruner::Possible
{
    bool yes = true;
    bool no = true;
};

/// The sets of one block, read when a term first asks.
class BlockPruner::Sets
{
public:
    Sets(Statement& row, TraceGroups& groups, const BlockRow& block)
        : m_row(row), m_groups(groups), m_block(block)
    {
    }
    ~Sets() { m_row.reset(); }
    Sets(const Sets&) = delete;
    Sets& operator=(const Sets&) = delete;

    /// Nothing: it is missing, cannot be read, is damaged or older than its check.
    std::optional<std::string_view> operator[](IndexSet set)
    {
        if (!m_asked) {
            m_asked = true;
            const auto found = m_row.bind(1, m_block.firstSeq).step();
            m_there = found && *found;
        }
        return m_there ? withoutCrc32c(m_row.bytes(static_cast<int>(set))) : std::nullopt;
    }
    [[nodiscard]] const BlockRow& block() const { return m_block; }
    [[nodiscard]] bool mayHoldTrace(std::uint64_t hash)
    {
        if (!m_groups.mayHold(m_block.firstSeq, m_block.lastSeq, hash))
            return false;
        const auto bytes = (*this)[IndexSet::Traces];
        return !bytes || weir::mayHoldTrace(*bytes, hash);
    }

private:
    Statement& m_row;
    TraceGroups& m_groups;
    const BlockRow& m_block;
    bool m_asked = false;
    bool m_there = false;
};

/// A node of the filter, ready to be asked about blocks.
struct BlockPruner::Node
{
    const FilterNode& filter;
    std::vector<Node> children;
    std::vector<std::uint64_t> traces; ///< hashes of what a term on the trace looks for
    IdVerdicts verdicts;
    std::vector<std::uint32_t> ids; ///< of the block asked about

    Node(const FilterNode& node, const Names& known) : filter(node), verdicts(node, known)
    {
        for (const FilterNode& child : node.children)
            children.emplace_back(child, known);
        if (node.kind == FilterNode::Kind::Term && node.field == FilterField::Trace &&
            node.op == FilterOp::Equals)
            for (const FilterValue& value : node.values)
                traces.push_back(value.text.empty() ? 0 : traceHash(value.text));
    }

    Possible ask(Sets& sets)
    {
        switch (filter.kind) {
        case FilterNode::Kind::And:
            return askAll(sets,
                          [](Possible& all, Possible one) {
                              all.yes = all.yes && one.yes;
                              all.no = all.no || one.no;
                          },
                          {true, false});
        case FilterNode::Kind::Or:
            return askAll(sets,
                          [](Possible& all, Possible one) {
                              all.yes = all.yes || one.yes;
                              all.no = all.no && one.no;
                          },
                          {false, true});
        case FilterNode::Kind::Not: {
            const Possible one = children.front().ask(sets);
            return {one.no, one.yes};
        }
        case FilterNode::Kind::Term:
            return askTerm(sets);
        }
        return {};
    }

private:
    template<typename Join>
    Possible askAll(Sets& sets, Join&& join, Possible all)
    {
        for (Node& child : children)
            join(all, child.ask(sets));
        return all;
    }

    Possible askTerm(Sets& sets)
    {
        const BlockRow& block = sets.block();
        switch (filter.field) {
        case FilterField::Subject:
            return askIds(sets, IndexSet::Subjects);
        case FilterField::Pop:
            return askIds(sets, IndexSet::Pops);
        case FilterField::Worker:
            return askIds(sets, IndexSet::Workers);
        case FilterField::Identity:
        case FilterField::Account:
            return askIds(sets, IndexSet::Identities);
        case FilterField::Trace:
            return {askTraces(sets), true};
        case FilterField::Size:
            return {
                askRange(static_cast<std::int64_t>(block.sizeMin), static_cast<std::int64_t>(block.sizeMax)),
                true};
        case FilterField::Latency:
            return {block.latencyMin && askRange(*block.latencyMin, *block.latencyMax), true};
        case FilterField::Time:
            return {askRange(block.timeMin, block.timeMax), true};
        case FilterField::Seq:
            return {
                askRange(static_cast<std::int64_t>(block.firstSeq), static_cast<std::int64_t>(block.lastSeq)),
                true};
        default: // a verdict on a token may change, and the others have no index
            return {};
        }
    }

    Possible askIds(Sets& sets, IndexSet set)
    {
        const auto bytes = sets[set];
        ids.clear();
        if (!bytes || !readIdSet(*bytes, ids))
            return {};
        Possible any{false, false};
        for (const std::uint32_t id : ids) {
            (verdicts.matches(id) ? any.yes : any.no) = true;
            if (any.yes && any.no)
                break;
        }
        return any;
    }

    bool askTraces(Sets& sets)
    {
        return traces.empty() || std::any_of(traces.begin(), traces.end(), [&](std::uint64_t hash) {
                   return hash == 0 || sets.mayHoldTrace(hash);
               });
    }

    /// Whether a number in [low, high] may satisfy the term.
    [[nodiscard]] bool askRange(std::int64_t low, std::int64_t high) const
    {
        const auto inside = [&](const FilterValue& value) {
            return value.number >= low && value.number <= high;
        };
        const std::int64_t first = filter.values.front().number;
        switch (filter.op) {
        case FilterOp::Less:
            return low < first;
        case FilterOp::LessOrEqual:
            return low <= first;
        case FilterOp::Greater:
            return high > first;
        case FilterOp::GreaterOrEqual:
            return high >= first;
        case FilterOp::Equals:
            return std::any_of(filter.values.begin(), filter.values.end(), inside);
        case FilterOp::NotEquals:
            return low != high || std::none_of(filter.values.begin(), filter.values.end(), inside);
        case FilterOp::Matches:
            break;
        }
        return true;
    }
};

Result<BlockPruner> BlockPruner::make(const Filter& filter, const Names& names, Database& database)
{
    auto index = database.prepare("SELECT * FROM block_index WHERE first_seq = ?");
    if (!index)
        return index.error();
    auto groups = filter.isEmpty() || !asksForTraces(*filter.root()) ? Result<TraceGroups>(TraceGroups())
                                                                     : TraceGroups::read(database);
    if (!groups)
        return groups.error();
    auto root = filter.isEmpty() ? nullptr : std::make_unique<Node>(*filter.root(), names);
    return BlockPruner(std::move(root), std::move(*index), std::move(*groups));
}

BlockPruner::BlockPruner(std::unique_ptr<Node> root, Statement index, TraceGroups groups)
    : m_root(std::move(root)), m_index(std::move(index)), m_groups(std::move(groups))
{
}

BlockPruner::~BlockPruner() = default;
BlockPruner::BlockPruner(BlockPruner&&) noexcept = default;
BlockPruner& BlockPruner::operator=(BlockPruner&&) noexcept = default;

bool BlockPruner::mayMatch(const BlockRow& row)
{
    if (!m_root)
        return true;
    Sets sets(m_index, m_groups, row);
    return m_root->ask(sets).yes;
}

} // namespace weir
