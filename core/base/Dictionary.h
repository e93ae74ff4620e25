// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Id.h"

#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <shared_mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace weir {

/// Numbers for repeated strings: append-only, ids from 1 without gaps, names that keep their address for
/// the dictionary's life (so a view into it may be handed on freely).
/// Thread safety: any number of readers beside one interning thread.
template<typename IdType>
class Dictionary
{
public:
    /// The id of `name`, given now if it is new. The empty name is id 0 ("none").
    IdType intern(std::string_view name)
    {
        if (name.empty())
            return {};
        {
            // The one interning thread is the only one that writes the index, so it may read it without the
            // lock.
            const auto found = m_index.find(name);
            if (found != m_index.end())
                return found->second;
        }
        const std::unique_lock lock(m_mutex);
        const std::string_view kept = m_names.emplace_back(name);
        const IdType id{static_cast<std::uint32_t>(m_names.size())};
        m_index.emplace(kept, id);
        return id;
    }

    /// The name of `id`; empty for none and for ids that this dictionary never gave.
    [[nodiscard]] std::string_view name(IdType id) const
    {
        const std::shared_lock lock(m_mutex);
        if (id.isNone() || id.value > m_names.size())
            return {};
        return m_names[id.value - 1];
    }

    [[nodiscard]] std::optional<IdType> find(std::string_view name) const
    {
        const std::shared_lock lock(m_mutex);
        const auto found = m_index.find(name);
        if (found == m_index.end())
            return std::nullopt;
        return found->second;
    }

    [[nodiscard]] std::uint32_t size() const
    {
        const std::shared_lock lock(m_mutex);
        return static_cast<std::uint32_t>(m_names.size());
    }

private:
    mutable std::shared_mutex m_mutex;
    std::deque<std::string> m_names;                      // guarded by m_mutex
    std::unordered_map<std::string_view, IdType> m_index; // guarded by m_mutex; see intern()
};

} // namespace weir
