// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/filter/Filter.h"
#include "core/history/Rollup.h"
#include "core/history/SubjectGroup.h"

#include <memory>

namespace weir {

/// Tells what part of a sum's messages a filter matches: by their PoP, Worker, identity, account, evidence
/// and group of subjects. One thread.
class SumFilter
{
public:
    SumFilter(const Filter& filter, std::shared_ptr<const Names> names);
    ~SumFilter();
    SumFilter(const SumFilter&) = delete;
    SumFilter& operator=(const SumFilter&) = delete;

    /// `filter` asks for nothing but what messages are summed up by.
    [[nodiscard]] static bool knows(const Filter& filter);
    /// Of the messages of `key` that were received in [start, start + width), in seconds.
    [[nodiscard]] Share ask(const RollupKey& key, std::int64_t start, std::int64_t width);

private:
    class Node;
    const Filter m_filter;
    const std::shared_ptr<const Names> m_names;
    std::unique_ptr<Node> m_root; ///< null: everything matches
};

} // namespace weir
