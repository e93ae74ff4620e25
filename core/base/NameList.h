// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <atomic>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <string_view>
#include <vector>

namespace weir {

/// Strings one behind the other in a few large blocks: append-only, numbered from 0, each keeps its address
/// for the list's life. Thread safety: any number of readers beside one appending thread, without a lock.
class NameList
{
public:
    /// Where the text of the new last one lies; textAt() gives it back.
    const char* append(std::string_view text)
    {
        const std::uint32_t at = m_size.load(std::memory_order_relaxed);
        const char* const kept = keep(text);
        const std::size_t page = pageOf(at);
        const char** entries = m_pages[page].load(std::memory_order_relaxed);
        if (entries == nullptr) {
            entries = m_owned.emplace_back(std::make_unique<const char*[]>(kFirstPage << page)).get();
            m_pages[page].store(entries, std::memory_order_relaxed);
        }
        entries[placeOf(at, page)] = kept;
        m_size.store(at + 1, std::memory_order_release);
        return kept;
    }

    [[nodiscard]] std::uint32_t size() const { return m_size.load(std::memory_order_acquire); }
    /// `at` is less than what size() gave this thread.
    [[nodiscard]] std::string_view operator[](std::uint32_t at) const
    {
        const std::size_t page = pageOf(at);
        return textAt(m_pages[page].load(std::memory_order_relaxed)[placeOf(at, page)]);
    }

    [[nodiscard]] static std::string_view textAt(const char* kept)
    {
        std::uint32_t length = 0;
        std::memcpy(&length, kept - sizeof length, sizeof length);
        return {kept, length};
    }

private:
    /// Page n has room for kFirstPage · 2ⁿ.
    static constexpr std::size_t kFirstPage = 64;
    static constexpr std::size_t kPages = 27; // for 2³² and more
    static constexpr std::size_t kBlock = std::size_t{64} << 10U;

    static std::size_t pageOf(std::uint32_t at)
    {
        return static_cast<std::size_t>(std::bit_width((at + std::uint64_t{kFirstPage}) / kFirstPage)) - 1;
    }
    static std::size_t placeOf(std::uint32_t at, std::size_t page)
    {
        return at + kFirstPage - (kFirstPage << page);
    }

    const char* keep(std::string_view text)
    {
        const auto length = static_cast<std::uint32_t>(text.size());
        const std::size_t needed = sizeof length + text.size();
        if (m_left < needed) {
            m_left = needed > kBlock / 4 ? needed : kBlock;
            m_next =
                m_blocks.emplace_back(new char[m_left]).get(); // not zeroed: it is written before it is read
        }
        std::memcpy(m_next, &length, sizeof length);
        char* const kept = m_next + sizeof length;
        std::memcpy(kept, text.data(), text.size());
        m_next += needed;
        m_left -= needed;
        return kept;
    }

    std::atomic<std::uint32_t> m_size{0};
    std::array<std::atomic<const char**>, kPages> m_pages{};
    std::vector<std::unique_ptr<const char*[]>> m_owned;
    std::vector<std::unique_ptr<char[]>> m_blocks;
    char* m_next = nullptr;
    std::size_t m_left = 0;
};

} // namespace weir
