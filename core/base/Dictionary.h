// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Id.h"
#include "core/base/StringHash.h"

#include <atomic>
#include <deque>
#include <mutex>
#include <optional>
#include <shared_mutex>
#include <string>
#include <string_view>
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
        // The one interning thread is the only one that writes the index, so it may read it without the lock.
        const std::size_t hash = m_hash(name);
        if (const Slot& slot = m_slots[place(name, hash)]; slot.id != 0)
            return {slot.id};
        const std::unique_lock lock(m_mutex);
        if ((m_names.size() + 1) * 2 > m_slots.size())
            grow();
        const std::string_view kept = m_names.emplace_back(name);
        const auto id = static_cast<std::uint32_t>(m_names.size());
        m_slots[place(kept, hash)] = {kept, static_cast<std::uint32_t>(hash >> 32), id};
        m_size.store(id, std::memory_order_relaxed);
        return {id};
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
        const Slot& slot = m_slots[place(name, m_hash(name))];
        if (slot.id == 0)
            return std::nullopt;
        return IdType{slot.id};
    }

    [[nodiscard]] std::uint32_t size() const { return m_size.load(std::memory_order_relaxed); }

private:
    /// One place of the open-addressed index: a lookup touches it and the name's bytes, nothing else.
    struct Slot
    {
        std::string_view name;
        std::uint32_t hash = 0; ///< the upper half; the lower half chose the place
        std::uint32_t id = 0;   ///< 0: empty
    };

    /// Where `name` stands, or the empty slot where it would. There always is an empty one.
    [[nodiscard]] std::size_t place(std::string_view name, std::size_t hash) const
    {
        const std::size_t mask = m_slots.size() - 1;
        const auto upper = static_cast<std::uint32_t>(hash >> 32);
        std::size_t at = hash & mask;
        while (m_slots[at].id != 0 && (m_slots[at].hash != upper || m_slots[at].name != name))
            at = (at + 1) & mask;
        return at;
    }

    void grow()
    {
        m_slots.assign(m_slots.size() * 2, {});
        std::uint32_t id = 0;
        for (const std::string& name : m_names) {
            const std::size_t hash = m_hash(name);
            m_slots[place(name, hash)] = {name, static_cast<std::uint32_t>(hash >> 32), ++id};
        }
    }

    static constexpr std::size_t kFirstSlots = 16; // a power of two, as every size after it

    const StringHash m_hash;
    std::atomic<std::uint32_t> m_size{0};
    mutable std::shared_mutex m_mutex;
    std::deque<std::string> m_names;                                    // guarded by m_mutex
    std::vector<Slot> m_slots = std::vector<Slot>(kFirstSlots, Slot{}); // guarded by m_mutex; see intern()
};

} // namespace weir
