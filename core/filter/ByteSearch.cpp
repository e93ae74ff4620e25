// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/filter/ByteSearch.h"

#include <algorithm>
#include <cstring>
#include <utility>

namespace weir {
namespace {

/// Bytes of JSON and English, frequent ones first; what is not here is rarer than all.
constexpr std::string_view kFrequent =
    " \"e,:0123456789taoinsrdlcumphgfby-_.{}[]wvTAISEORCPMDNLkFBGHUxWVYjqKJzXQZ/";
constexpr std::size_t kHitEvery = 64; ///< bytes; where the seldom byte comes more often, memmem() is faster

} // namespace

ByteSearch::ByteSearch(std::string wanted) : m_wanted(std::move(wanted))
{
    const auto rarity = [](char c) { return std::min(kFrequent.find(c), kFrequent.size()); };
    const auto rarest = std::max_element(m_wanted.begin(), m_wanted.end(),
                                         [&](char a, char b) { return rarity(a) < rarity(b); });
    m_rare = static_cast<std::size_t>(rarest - m_wanted.begin());
    m_other = m_rare == 0 ? m_wanted.size() - 1 : 0;
    for (std::size_t at = 0; at < m_wanted.size(); ++at) {
        if (m_wanted[at] != m_wanted[m_rare] && rarity(m_wanted[at]) > rarity(m_wanted[m_other]))
            m_other = at;
    }
}

bool ByteSearch::isIn(std::string_view bytes) const
{
    if (bytes.size() < m_wanted.size())
        return false;
    // The seldom byte of an occurrence lies in [first, last).
    const char* const first = bytes.data() + m_rare;
    const char* const last = bytes.data() + bytes.size() - (m_wanted.size() - m_rare - 1);
    const auto toOther = static_cast<std::ptrdiff_t>(m_other) - static_cast<std::ptrdiff_t>(m_rare);
    const char other = m_wanted[m_other];
    std::size_t hits = 0;
    for (const char* at = first; at < last; ++at) {
        at = static_cast<const char*>(std::memchr(at, m_wanted[m_rare], static_cast<std::size_t>(last - at)));
        if (at == nullptr)
            return false;
        if (at[toOther] == other && std::memcmp(at - m_rare, m_wanted.data(), m_wanted.size()) == 0)
            return true;
        if (++hits * kHitEvery > static_cast<std::size_t>(at - first) + 4096) {
            const char* const rest = at - m_rare + 1;
            return ::memmem(rest, static_cast<std::size_t>(bytes.data() + bytes.size() - rest),
                            m_wanted.data(), m_wanted.size()) != nullptr;
        }
    }
    return false;
}

} // namespace weir
