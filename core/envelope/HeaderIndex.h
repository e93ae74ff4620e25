// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/envelope/EnvelopeRules.h"

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace weir {

inline constexpr std::size_t kMaxHeaderName = 63;

/// A set of header names, one bit each in the order of HeaderIndex.
using HeaderMask = std::uint64_t;

/// Finds whether a header's name is one that the rules want, without regard to case, in a few nanoseconds:
/// names of one length form a chain. Immutable after construction.
class HeaderIndex
{
public:
    static constexpr std::size_t kMaxNames = 64;
    static constexpr int kNone = -1;

    explicit HeaderIndex(const EnvelopeRules& rules);

    /// The slot of `name`, or kNone.
    [[nodiscard]] int find(std::string_view name) const
    {
        if (name.size() > kMaxHeaderName)
            return kNone;
        for (int slot = m_first[name.size()]; slot != kNone;
             slot = m_names[static_cast<std::size_t>(slot)].next) {
            if (matches(m_names[static_cast<std::size_t>(slot)].lower, name))
                return slot;
        }
        return kNone;
    }
    /// Headers whose values are secrets: the rules' `redact` list and every header that a JWT is taken from.
    [[nodiscard]] HeaderMask secrets() const { return m_secrets; }
    /// Headers that an identity's JWT is taken from.
    [[nodiscard]] HeaderMask tokens() const { return m_tokens; }
    [[nodiscard]] std::size_t size() const { return m_names.size(); }
    /// More than kMaxNames names were wanted.
    [[nodiscard]] bool overflowed() const { return m_overflowed; }

private:
    struct Name
    {
        std::string lower;
        int next;
    };
    [[nodiscard]] static bool matches(std::string_view lower, std::string_view name);
    HeaderMask add(std::string_view name);

    std::array<std::int8_t, kMaxHeaderName + 1> m_first;
    std::vector<Name> m_names;
    HeaderMask m_secrets = 0;
    HeaderMask m_tokens = 0;
    bool m_overflowed = false;
};

} // namespace weir
