// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Id.h"
#include "core/base/NameList.h"
#include "core/base/StringHash.h"

#include <mutex>
#include <optional>
#include <shared_mutex>
#include <string_view>
#include <utility>
#include <vector>

namespace weir {

/// Numbers for repeated strings: append-only, ids from 1 without gaps, names that keep their address for
/// the dictionary's life (so a view into it may be handed on freely).
/// Thread safety: any number of readers beside one interning thread; name() and size() take no lock.
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
        const std::uint32_t hash = hashOf(name);
        std::size_t at = place(name, hash);
        if (m_slots[at].id != 0)
            return {m_slots[at].id};
        const std::unique_lock lock(m_mutex);
        if ((std::size_t{size()} + 1) * 2 > m_slots.size()) {
            grow();
            at = place(name, hash);
        }
        const char* const kept = m_names.append(name);
        m_slots[at] = {kept, hash, size()};
        return {size()};
    }

    /// The interning thread will intern `name` soon: what that looks at first is fetched meanwhile. A million
    /// names do not fit into the caches.
    void expect(std::string_view name) const
    {
        __builtin_prefetch(&m_slots[hashOf(name) & (m_slots.size() - 1)]);
    }

    /// The name of `id`; empty for none and for ids that this dictionary never gave.
    [[nodiscard]] std::string_view name(IdType id) const
    {
        return id.isNone() || id.value > size() ? std::string_view() : m_names[id.value - 1];
    }

    [[nodiscard]] std::optional<IdType> find(std::string_view name) const
    {
        const std::shared_lock lock(m_mutex);
        const Slot& slot = m_slots[place(name, hashOf(name))];
        if (slot.id == 0)
            return std::nullopt;
        return IdType{slot.id};
    }

    [[nodiscard]] std::uint32_t size() const { return m_names.size(); }

private:
    /// One place of the open-addressed index: a lookup touches it and the name's bytes, nothing else.
    struct Slot
    {
        const char* name = nullptr; ///< in m_names
        std::uint32_t hash = 0;
        std::uint32_t id = 0; ///< 0: empty
    };

    [[nodiscard]] std::uint32_t hashOf(std::string_view name) const
    {
        return static_cast<std::uint32_t>(m_hash(name) >> 32U);
    }

    /// Where `name` stands, or the empty slot where it would. There always is an empty one.
    [[nodiscard]] std::size_t place(std::string_view name, std::uint32_t hash) const
    {
        const std::size_t mask = m_slots.size() - 1;
        std::size_t at = hash & mask;
        while (m_slots[at].id != 0 &&
               (m_slots[at].hash != hash || NameList::textAt(m_slots[at].name) != name))
            at = (at + 1) & mask;
        return at;
    }

    void grow()
    {
        std::vector<Slot> larger(m_slots.size() * 2);
        const std::size_t mask = larger.size() - 1;
        for (const Slot& slot : m_slots) {
            if (slot.id == 0)
                continue;
            std::size_t at = slot.hash & mask;
            while (larger[at].id != 0)
                at = (at + 1) & mask;
            larger[at] = slot;
        }
        m_slots = std::move(larger);
    }

    static constexpr std::size_t kFirstSlots = 16; // a power of two, as every size after it

    const StringHash m_hash;
    mutable std::shared_mutex m_mutex;
    NameList m_names;
    std::vector<Slot> m_slots = std::vector<Slot>(kFirstSlots, Slot{}); // guarded by m_mutex; see intern()
};

} // namespace weir
