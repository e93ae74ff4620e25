// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/history/BlockProbe.h"

#include "core/filter/FilterTree.h"

#include <algorithm>

namespace weir {

BlockProbe::BlockProbe(const Filter& filter, const Names& names)
{
    const FilterNode* const root = filter.root();
    if (root == nullptr)
        return;
    if (root->kind == FilterNode::Kind::Term)
        add(*root, names);
    if (root->kind != FilterNode::Kind::And)
        return;
    for (const FilterNode& child : root->children) {
        if (child.kind == FilterNode::Kind::Term)
            add(child, names);
    }
}

void BlockProbe::add(const FilterNode& term, const Names& names)
{
    switch (term.field) {
    case FilterField::Subject:
        m_idTerms.push_back({ColumnId::Subject, {term, names}});
        return;
    case FilterField::Pop:
        m_idTerms.push_back({ColumnId::Pop, {term, names}});
        return;
    case FilterField::Worker:
        m_idTerms.push_back({ColumnId::Worker, {term, names}});
        return;
    case FilterField::Payload:
        break;
    default:
        return;
    }
    const auto isEmpty = [](const FilterValue& value) { return value.text.empty(); };
    if (term.op != FilterOp::Equals || std::any_of(term.values.begin(), term.values.end(), isEmpty))
        return;
    TextTerm& texts = m_textTerms.emplace_back();
    for (const FilterValue& value : term.values)
        texts.emplace_back(value.text);
}

Result<void> BlockProbe::narrow(BlockDecoder& block, std::vector<std::uint32_t>& rows)
{
    for (IdTerm& term : m_idTerms) {
        if (rows.empty())
            return {};
        if (auto done = block.ids(term.column, m_ids); !done)
            return done;
        std::erase_if(rows, [&](std::uint32_t row) { return !term.verdicts.matches(m_ids[row]); });
    }
    for (const TextTerm& texts : m_textTerms) {
        if (rows.empty() || block.mayHaveLargePayloads())
            return {};
        const auto bytes = block.payloadBytes();
        if (!bytes)
            return bytes.error();
        if (std::none_of(texts.begin(), texts.end(),
                         [&](const ByteSearch& text) { return text.isIn(*bytes); }))
            rows.clear();
    }
    return {};
}

} // namespace weir
