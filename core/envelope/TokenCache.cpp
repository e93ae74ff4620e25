// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/envelope/TokenCache.h"

#include <openssl/crypto.h>
#include <utility>

namespace weir {
CachedValue::~CachedValue()
{
    if (!value.empty())
        OPENSSL_cleanse(value.data(), value.size());
}

TokenCache::TokenCache(std::size_t entries, std::size_t bytes) : m_maxEntries(entries), m_maxBytes(bytes) {}

CachedValue& TokenCache::at(std::string_view value, bool& isNew)
{
    isNew = false;
    if (const auto young = m_young.find(value); young != m_young.end())
        return *young->second;
    std::unique_ptr<CachedValue> entry;
    if (const auto old = m_old.find(value); old != m_old.end()) {
        entry = std::move(old->second);
        m_old.erase(old);
    } else {
        entry = std::make_unique<CachedValue>();
        entry->value = value;
        isNew = true;
    }
    m_bytes += entry->value.size() + sizeof(CachedValue) + 128;
    const std::string_view key = entry->value;
    return *m_young.emplace(key, std::move(entry)).first->second;
}

void TokenCache::turnOver()
{
    m_old = std::move(m_young);
    m_young = Map();
    m_bytes = 0;
}

} // namespace weir
