// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <algorithm>
#include <cstddef>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace weir {

/// Subjects or patterns by their first token, each with what it is of: those that a pattern can meet at all
/// are found without comparing it with every one.
template<typename Value>
class PatternIndex
{
public:
    void add(std::string_view pattern, Value value)
    {
        m_byFirst[std::string(firstOf(pattern))].push_back(m_values.size());
        m_values.push_back(std::move(value));
    }

    /// In the order in which they were added: all whose pattern meets this one, and others.
    [[nodiscard]] std::vector<Value> near(std::string_view pattern) const
    {
        const std::string_view first = firstOf(pattern);
        if (isWild(first))
            return m_values;
        std::vector<std::size_t> found;
        for (const std::string_view each : {first, std::string_view("*"), std::string_view(">")}) {
            if (const auto same = m_byFirst.find(each); same != m_byFirst.end())
                found.insert(found.end(), same->second.begin(), same->second.end());
        }
        std::sort(found.begin(), found.end());
        std::vector<Value> values;
        for (const std::size_t index : found)
            values.push_back(m_values[index]);
        return values;
    }

private:
    [[nodiscard]] static std::string_view firstOf(std::string_view pattern)
    {
        return pattern.substr(0, pattern.find('.'));
    }
    [[nodiscard]] static bool isWild(std::string_view token) { return token == "*" || token == ">"; }

    std::vector<Value> m_values;
    std::map<std::string, std::vector<std::size_t>, std::less<>> m_byFirst;
};

} // namespace weir
