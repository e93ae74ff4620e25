// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Id.h"
#include "core/base/StringHash.h"
#include "core/base/Time.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>

namespace weir {

/// What the reader remembers of one header value (a token, a Nats-Request-Info, an edge identity), so that it
/// is worked out once and not a message.
struct CachedValue
{
    CachedValue() = default;
    CachedValue(CachedValue&&) = default;
    CachedValue& operator=(CachedValue&&) = default;
    ~CachedValue();

    std::string value;       ///< compared in full: a hash alone could be made to collide with another's token
    std::string replacement; ///< `<redacted sha256:…>`; only for tokens
    IdentityId identity;
    bool identified = false; ///< identity was worked out (it may be none)
    bool handedOver = false; ///< the checker has taken the token
    Timestamp offerAgain = kNoTime;
};

/// A bounded map of header values in two generations: when the younger is full the older is forgotten, and
/// what is still in use moves over. Lookup allocates nothing. One thread.
class TokenCache
{
public:
    /// `entries` and `bytes` bound one generation, of two.
    TokenCache(std::size_t entries, std::size_t bytes);

    /// The entry of `value`, made if it is new. Stays valid until settle().
    CachedValue& at(std::string_view value, bool& isNew);
    /// Between messages: forgets the older generation when the younger is full.
    void settle()
    {
        if (m_young.size() >= m_maxEntries || m_bytes >= m_maxBytes)
            turnOver();
    }
    [[nodiscard]] std::size_t size() const { return m_young.size() + m_old.size(); }

private:
    using Map = std::unordered_map<std::string_view, std::unique_ptr<CachedValue>, StringHash>;

    void turnOver();

    std::size_t m_maxEntries;
    std::size_t m_maxBytes;
    std::size_t m_bytes = 0; ///< of the younger generation
    Map m_young;
    Map m_old;
};

} // namespace weir
