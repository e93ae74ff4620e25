// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/topology/SubjectPicture.h"

#include <algorithm>
#include <map>
#include <queue>
#include <utility>

namespace weir {
namespace {

constexpr std::size_t kMostChildren = 4096; // of one node

/// Takes the busiest nodes of a tree, whose parents come with them.
class Picker
{
public:
    Picker(const SubjectTree& tree, const SubjectPictureOf& of) : m_tree(tree), m_of(of) {}

    /// Of all that there is; false: something was left out.
    bool pick()
    {
        const SubjectNode root = m_tree.root();
        open(root);
        while (!m_next.empty() && m_taken < m_of.most) {
            const auto [count, node] = m_next.top();
            m_next.pop();
            ++m_taken;
            m_chosen[node->parent].push_back(*node);
            if (node->children > 0)
                open(*node);
        }
        list(root, 0);
        return m_next.empty();
    }
    [[nodiscard]] std::vector<SubjectPicture::Row> take() { return std::move(m_rows); }

private:
    using Waiting = std::pair<std::uint64_t, std::shared_ptr<const SubjectNode>>;
    struct Less
    {
        bool operator()(const Waiting& a, const Waiting& b) const { return a.first < b.first; }
    };

    void open(const SubjectNode& node)
    {
        for (SubjectNode& child : m_tree.children(node.id, m_of.sort, 0, kMostChildren).nodes) {
            m_order[child.id] = m_order.size();
            const std::uint64_t count = child.count;
            m_next.emplace(count, std::make_shared<const SubjectNode>(std::move(child)));
        }
    }

    /// In the order that the tree gave, not in that of the choice.
    void list(const SubjectNode& node, std::size_t depth)
    {
        std::vector<SubjectNode>& children = m_chosen[node.id];
        std::sort(children.begin(), children.end(), [this](const SubjectNode& a, const SubjectNode& b) {
            return m_order.at(a.id) < m_order.at(b.id);
        });
        for (const SubjectNode& child : children) {
            m_rows.push_back({child, depth, rateOf(child)});
            list(child, depth + 1);
        }
    }

    [[nodiscard]] double rateOf(const SubjectNode& node) const
    {
        if (m_of.live || m_of.from == kNoTime || m_of.to <= m_of.from)
            return node.rate;
        return static_cast<double>(node.count) / std::chrono::duration<double>(m_of.to - m_of.from).count();
    }

    const SubjectTree& m_tree;
    const SubjectPictureOf& m_of;
    std::priority_queue<Waiting, std::vector<Waiting>, Less> m_next;
    std::map<SubjectNodeId, std::vector<SubjectNode>> m_chosen; ///< by parent
    std::map<SubjectNodeId, std::size_t> m_order;
    std::vector<SubjectPicture::Row> m_rows;
    std::size_t m_taken = 0;
};

FlowNode nodeOf(const SubjectPicture::Row& row)
{
    const SubjectNode& of = row.node;
    FlowNode node{
        subjectRowId(of), FlowKind::SubjectGroup, of.path.empty() ? subjectRowName(of) : of.path, {}};
    if (of.kind == SubjectNode::Kind::Collapsed)
        node.figures.emplace_back("tokens_about", static_cast<double>(of.distinct));
    node.figures.emplace_back("rate", row.rate);
    node.figures.emplace_back("messages", static_cast<double>(of.count));
    node.figures.emplace_back("bytes", static_cast<double>(of.bytes));
    if (of.audience) {
        node.figures.emplace_back("clients", of.audience->clients);
        node.figures.emplace_back("queue_groups", of.audience->queueGroups);
        node.figures.emplace_back("streams", of.audience->streams);
        if (!of.audience->whole)
            node.facts.emplace_back("subscribers", "at least these: not all is known");
    }
    if (of.lastSeen != kNoTime)
        node.facts.emplace_back("last_seen", formatRfc3339(of.lastSeen));
    return node;
}

FlowGraph graphOf(const std::vector<SubjectPicture::Row>& rows)
{
    FlowAssembly assembly;
    std::vector<std::string> above; ///< ids, by depth
    for (const SubjectPicture::Row& row : rows) {
        FlowNode node = nodeOf(row);
        above.resize(row.depth);
        if (!above.empty()) {
            FlowEdge edge;
            edge.because = "subjects that begin so";
            edge.messages = row.node.count;
            edge.bytes = row.node.bytes;
            edge.rate = row.rate;
            edge.lastSeen = row.node.lastSeen;
            assembly.edge(above.back(), node.id, edge);
        }
        above.push_back(node.id);
        assembly.node(std::move(node));
    }
    return assembly.take();
}

} // namespace

std::string subjectRowId(const SubjectNode& node)
{
    switch (node.kind) {
    case SubjectNode::Kind::Root:
        return "subject:";
    case SubjectNode::Kind::System:
        return "subject:(system)";
    case SubjectNode::Kind::Inboxes:
        return "subject:(inboxes)";
    case SubjectNode::Kind::Token:
    case SubjectNode::Kind::Collapsed:
        break;
    }
    return "subject:" + node.path;
}

std::string subjectRowName(const SubjectNode& node)
{
    switch (node.kind) {
    case SubjectNode::Kind::Root:
        return "all subjects";
    case SubjectNode::Kind::System:
        return "System subjects ($…)";
    case SubjectNode::Kind::Inboxes:
        return "Inboxes (_INBOX.…)";
    case SubjectNode::Kind::Collapsed:
        return "* (about " + std::to_string(node.distinct) + " tokens)";
    case SubjectNode::Kind::Token:
        break;
    }
    return node.token.empty() ? "(empty token)" : node.token;
}

SubjectPicture subjectPicture(const SubjectTree& tree, SubjectPictureOf of)
{
    SubjectPicture picture;
    Picker picker(tree, of);
    const bool whole = picker.pick();
    picture.rows = picker.take();
    picture.means = !of.live;
    if (of.audience != nullptr && of.audience->isKnown()) {
        for (SubjectPicture::Row& row : picture.rows)
            countListeners(row.node, *of.audience);
    }
    picture.graph = graphOf(picture.rows);
    picture.graph.from = of.from;
    picture.graph.to = of.to;
    picture.graph.filter = std::move(of.filter);
    picture.graph.coverage = std::move(of.coverage);
    if (!whole)
        picture.graph.coverage.push_back("the busiest " + std::to_string(picture.rows.size()) + " of " +
                                         std::to_string(tree.nodeCount()) + " nodes of the tree");
    return picture;
}

} // namespace weir
