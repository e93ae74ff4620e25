// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/filter/Filter.h"

#include "core/envelope/Names.h"
#include "core/filter/FilterFields.h"
#include "core/filter/FilterParser.h"
#include "core/filter/FilterSelect.h"
#include "core/filter/FilterTerm.h"

#include <algorithm>
#include <numeric>

namespace weir {

struct Filter::Compiled
{
    std::string text;
    std::optional<FilterNode> root;
    ColumnSet columns = 0;
};

namespace {

ColumnSet columnsOf(const FilterNode& node)
{
    if (node.kind == FilterNode::Kind::Term)
        return filterFieldInfo(node.field).columns;
    return std::accumulate(node.children.begin(), node.children.end(), ColumnSet{0},
                           [](ColumnSet set, const FilterNode& child) { return set | columnsOf(child); });
}

int costOf(const FilterNode& node)
{
    if (node.kind == FilterNode::Kind::Term)
        return filterFieldInfo(node.field).cost + (node.op == FilterOp::Matches ? 5 : 0);
    return std::accumulate(node.children.begin(), node.children.end(), 0,
                           [](int sum, const FilterNode& child) { return sum + costOf(child); });
}

/// Puts cheap terms first, so that dear ones see only what these let through.
void orderByCost(FilterNode& node)
{
    for (FilterNode& child : node.children)
        orderByCost(child);
    std::stable_sort(node.children.begin(), node.children.end(),
                     [](const FilterNode& a, const FilterNode& b) { return costOf(a) < costOf(b); });
}

bool nodeMatches(const FilterNode& node, const Message& message, const Names& names)
{
    const auto childMatches = [&](const FilterNode& child) { return nodeMatches(child, message, names); };
    switch (node.kind) {
    case FilterNode::Kind::And:
        return std::all_of(node.children.begin(), node.children.end(), childMatches);
    case FilterNode::Kind::Or:
        return std::any_of(node.children.begin(), node.children.end(), childMatches);
    case FilterNode::Kind::Not:
        return !childMatches(node.children.front());
    case FilterNode::Kind::Term:
        break;
    }
    return termMatches(node, message, names);
}

Timestamp wallClock()
{
    return std::chrono::time_point_cast<Nanoseconds>(std::chrono::system_clock::now());
}

} // namespace

Filter::Filter() : m_compiled(std::make_shared<const Compiled>()) {}
Filter::~Filter() = default;
Filter::Filter(const Filter&) = default;
Filter& Filter::operator=(const Filter&) = default;

Filter::Filter(std::string_view text, std::optional<FilterNode> root)
{
    auto compiled = std::make_shared<Compiled>();
    compiled->text = text;
    if (root) {
        orderByCost(*root);
        compiled->columns |= columnsOf(*root);
    }
    compiled->root = std::move(root);
    m_compiled = std::move(compiled);
}

Result<Filter> Filter::parse(std::string_view text, Timestamp now)
{
    FilterParser parser(text, now == kNoTime ? wallClock() : now);
    std::optional<FilterNode> root = parser.parse();
    if (const auto error = parser.takeError())
        return error->error;
    return Filter(text, std::move(root));
}

Filter Filter::both(const Filter& filter, std::vector<FilterNode> terms)
{
    FilterNode all;
    all.kind = FilterNode::Kind::And;
    all.children = std::move(terms);
    if (filter.root() != nullptr)
        all.children.push_back(*filter.root());
    if (all.children.empty())
        return filter;
    return Filter(filter.text(),
                  all.children.size() == 1 ? FilterNode(all.children.front()) : std::move(all));
}

std::unique_ptr<FilterError> Filter::check(std::string_view text)
{
    FilterParser parser(text, wallClock());
    (void)parser.parse();
    return parser.takeError();
}

bool Filter::isEmpty() const
{
    return !m_compiled->root;
}

const std::string& Filter::text() const
{
    return m_compiled->text;
}

ColumnSet Filter::columns() const
{
    return m_compiled->columns;
}

const FilterNode* Filter::root() const
{
    return m_compiled->root ? &*m_compiled->root : nullptr;
}

bool Filter::matches(const Message& message, const Names& names) const
{
    return !m_compiled->root || nodeMatches(*m_compiled->root, message, names);
}

Result<void> Filter::select(std::span<const Message> messages, const Names& names,
                            std::vector<std::uint32_t>& rows, const Need& need) const
{
    return m_compiled->root ? selectRows(*m_compiled->root, {messages, names, need}, rows) : Result<void>();
}

} // namespace weir
