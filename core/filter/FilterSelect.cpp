// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/filter/FilterSelect.h"

#include "core/envelope/Names.h"
#include "core/filter/FilterFields.h"
#include "core/filter/FilterTerm.h"

#include <algorithm>
#include <array>
#include <iterator>

namespace weir {
namespace {

using Rows = std::vector<std::uint32_t>;

/// What was last decided for some ids: direct-mapped, so that neither many ids nor a new batch cost memory.
class Verdicts
{
public:
    template<typename Decide>
    bool of(std::uint32_t id, Decide&& decide)
    {
        Entry& entry = m_entries[id % m_entries.size()];
        if (entry.id != id || !entry.known)
            entry = {id, true, decide()};
        return entry.verdict;
    }

private:
    struct Entry
    {
        std::uint32_t id = 0;
        bool known = false;
        bool verdict = false;
    };
    std::array<Entry, 512> m_entries{};
};

template<typename Keep>
void keepIf(Rows& rows, Keep&& keep)
{
    rows.erase(std::remove_if(rows.begin(), rows.end(), [&](std::uint32_t row) { return !keep(row); }),
               rows.end());
}

/// Terms whose answer depends on nothing but a dictionary id.
template<typename IdOf>
void selectById(const FilterNode& term, const Selectable& from, Rows& rows, IdOf&& idOf)
{
    Verdicts verdicts;
    keepIf(rows, [&](std::uint32_t row) {
        const Message& message = from.messages[row];
        const auto decide = [&] { return termMatches(term, message, from.names); };
        const std::uint32_t id = idOf(message);
        return id == 0 ? decide() : verdicts.of(id, decide);
    });
}

void selectTerm(const FilterNode& term, const Selectable& from, Rows& rows)
{
    switch (term.field) {
    case FilterField::Subject:
        return selectById(term, from, rows, [](const Message& message) { return message.subject.value; });
    case FilterField::Pop:
        return selectById(term, from, rows, [](const Message& message) { return message.pop.value; });
    case FilterField::Worker:
        return selectById(term, from, rows, [](const Message& message) { return message.worker.value; });
    case FilterField::Identity:
    case FilterField::Account:
        return selectById(term, from, rows, [](const Message& message) { return message.identity.value; });
    default: // every other field differs from message to message
        keepIf(rows, [&](std::uint32_t row) { return termMatches(term, from.messages[row], from.names); });
    }
}

Rows without(const Rows& rows, const Rows& gone)
{
    Rows left;
    left.reserve(rows.size() - gone.size());
    std::set_difference(rows.begin(), rows.end(), gone.begin(), gone.end(), std::back_inserter(left));
    return left;
}

Result<void> selectOr(const FilterNode& node, const Selectable& from, Rows& rows)
{
    Rows open = rows;
    for (const FilterNode& child : node.children) {
        Rows taken = open;
        if (auto done = selectRows(child, from, taken); !done)
            return done;
        open = without(open, taken);
    }
    rows = without(rows, open);
    return {};
}

} // namespace

Result<void> selectRows(const FilterNode& node, const Selectable& from, Rows& rows)
{
    if (rows.empty())
        return {};
    switch (node.kind) {
    case FilterNode::Kind::And:
        for (const FilterNode& child : node.children) {
            if (auto done = selectRows(child, from, rows); !done)
                return done;
        }
        return {};
    case FilterNode::Kind::Or:
        return selectOr(node, from, rows);
    case FilterNode::Kind::Not: {
        Rows matching = rows;
        if (auto done = selectRows(node.children.front(), from, matching); !done)
            return done;
        rows = without(rows, matching);
        return {};
    }
    case FilterNode::Kind::Term:
        break;
    }
    if (auto done = from.need(filterFieldInfo(node.field).columns); !done)
        return done;
    selectTerm(node, from, rows);
    return {};
}

} // namespace weir
