// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/topology/SubjectGrowth.h"

#include <algorithm>
#include <utility>
#include <vector>

namespace weir {
namespace {

/// A child with at least this part of its parent's messages keeps its name when the parent collapses.
constexpr std::uint64_t kNamedShare = 20;

/// Takes the first token off `rest`; the last one leaves it null.
std::string_view takeToken(std::string_view& rest)
{
    const std::size_t dot = rest.find('.');
    const std::string_view token = rest.substr(0, dot);
    rest = dot == std::string_view::npos ? std::string_view{} : rest.substr(dot + 1);
    return token;
}

} // namespace

SubjectGrowth::Index SubjectGrowth::begin(std::string_view& subject, bool& more)
{
    more = !subject.empty();
    if (subject.starts_with('$'))
        return SubjectNodes::kSystem;
    if (subject != "_INBOX" && !subject.starts_with("_INBOX."))
        return SubjectNodes::kRoot;
    more = subject.size() > 6;
    subject.remove_prefix(more ? 7 : 6);
    return SubjectNodes::kInboxes;
}

template<typename Step>
SubjectGrowth::Index SubjectGrowth::walk(std::string_view subject, const Step& step) const
{
    bool more = true;
    Index node = begin(subject, more);
    for (std::uint32_t depth = 1; more && node != 0; ++depth) {
        if (depth >= m_options.maxDepth)
            return step(node, subject);
        more = subject.find('.') != std::string_view::npos;
        node = step(node, takeToken(subject));
    }
    return node;
}

SubjectGrowth::Index SubjectGrowth::place(std::string_view subject)
{
    return walk(subject, [this](Index node, std::string_view token) { return childFor(node, token); });
}

SubjectGrowth::Index SubjectGrowth::keep(std::string_view path)
{
    return walk(path, [this](Index node, std::string_view token) {
        const Index known = m_nodes.find(node, token);
        const Index child = known != 0 ? known : m_nodes.create(node, token, SubjectNode::Kind::Token);
        m_nodes.links(child).kept = true;
        return child;
    });
}

SubjectGrowth::Index SubjectGrowth::find(std::string_view path) const
{
    return walk(path, [this](Index node, std::string_view token) { return m_nodes.find(node, token); });
}

std::uint32_t SubjectGrowth::limitOf(Index node) const
{
    if (m_nodes.links(node).split)
        return std::max(m_options.maxSplitChildren, m_options.maxChildren);
    return node == SubjectNodes::kRoot ? m_options.maxRootChildren : m_options.maxChildren;
}

SubjectGrowth::Index SubjectGrowth::childFor(Index parent, std::string_view token)
{
    if (const Index known = m_nodes.find(parent, token); known != 0)
        return known;
    const bool full =
        m_nodes.links(parent).children >= limitOf(parent) || m_nodes.size() >= m_options.maxNodes;
    if (m_nodes.links(parent).collapsed == 0 && full)
        collapse(parent);
    if (m_nodes.links(parent).collapsed != 0)
        return counted(parent, token);
    return m_nodes.create(parent, token, SubjectNode::Kind::Token);
}

SubjectGrowth::Index SubjectGrowth::counted(Index parent, std::string_view token)
{
    const Index star = m_nodes.links(parent).collapsed;
    m_nodes.links(star).distinct->add(token);
    return star;
}

void SubjectGrowth::collapse(Index node)
{
    const std::uint64_t enough = m_nodes.counts(node).count / kNamedShare + 1;
    std::vector<Index> gone;
    for (Index child = m_nodes.links(node).firstChild; child != 0; child = m_nodes.links(child).nextSibling) {
        const SubjectLinks& links = m_nodes.links(child);
        if (links.kind == SubjectNode::Kind::Token && !links.kept && m_nodes.counts(child).count < enough)
            gone.push_back(child);
    }
    const Index star = makeStar(node);
    for (const Index child : gone) {
        if (child == star)
            continue;
        m_nodes.links(star).distinct->add(m_nodes.links(child).token);
        merge(child, star);
    }
}

SubjectGrowth::Index SubjectGrowth::makeStar(Index node)
{
    // A broken publisher may have sent a literal `*`: it is one of those that the new node stands for.
    Index star = m_nodes.find(node, "*");
    if (star == 0)
        star = m_nodes.create(node, "*", SubjectNode::Kind::Collapsed);
    m_nodes.links(star).kind = SubjectNode::Kind::Collapsed;
    m_nodes.links(star).distinct = std::make_unique<DistinctCounter>();
    m_nodes.links(node).collapsed = star;
    return star;
}

void SubjectGrowth::fold(Index node)
{
    m_nodes.links(node).folded = true;
    if (m_nodes.links(node).collapsed == 0)
        (void)makeStar(node);
}

void SubjectGrowth::merge(Index from, Index into)
{
    m_nodes.detach(from);
    SubjectCounts& counts = m_nodes.counts(from);
    SubjectCounts& sum = m_nodes.counts(into);
    if (sum.sparkline == 0)
        sum.sparkline = m_sparklines.take(into, true);
    mergeActivity(counts, sum, m_sparklines);
    if (counts.sparkline != 0)
        m_sparklines.giveBack(std::exchange(counts.sparkline, 0));
    m_nodes.links(into).own += m_nodes.links(from).own;
    if (m_nodes.links(from).collapsed != 0 && m_nodes.links(into).collapsed == 0)
        collapse(into);
    while (m_nodes.links(from).firstChild != 0)
        adopt(m_nodes.links(from).firstChild, into);
    m_nodes.bury(from, into);
}

void SubjectGrowth::adopt(Index child, Index parent)
{
    const SubjectLinks& links = m_nodes.links(child);
    if (links.kind == SubjectNode::Kind::Collapsed) {
        const Index star = m_nodes.links(parent).collapsed;
        m_nodes.links(star).distinct->merge(*links.distinct);
        return merge(child, star);
    }
    if (const Index same = m_nodes.find(parent, links.token); same != 0)
        return merge(child, same);
    if (m_nodes.links(parent).collapsed == 0 && m_nodes.links(parent).children >= limitOf(parent))
        collapse(parent);
    if (m_nodes.links(parent).collapsed != 0)
        return merge(child, counted(parent, links.token));
    m_nodes.detach(child);
    m_nodes.attach(child, parent);
}

} // namespace weir
