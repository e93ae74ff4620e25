// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/envelope/TokenCache.h"

#include <cstring>
#include <openssl/crypto.h>
#include <random>
#include <utility>

namespace weir {
namespace {

constexpr std::uint64_t kMix1 = 0xa0761d6478bd642full;
constexpr std::uint64_t kMix2 = 0xe7037ed1a0b428dbull;

std::uint64_t fold(std::uint64_t a, std::uint64_t b)
{
    __extension__ using Wide = unsigned __int128;
    const Wide product = Wide{a} * b;
    return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64);
}

std::uint64_t load(const char* from, std::size_t size)
{
    std::uint64_t word = 0;
    std::memcpy(&word, from, size);
    return word;
}

std::uint64_t randomSeed()
{
    std::random_device device;
    return (std::uint64_t{device()} << 32) | device();
}

} // namespace

CachedValue::~CachedValue()
{
    if (!value.empty())
        OPENSSL_cleanse(value.data(), value.size());
}

/// Multiply-and-fold over 16 bytes a step, seeded so that nobody outside can make values collide.
std::size_t TokenCache::Hash::operator()(std::string_view text) const noexcept
{
    std::uint64_t hash = seed ^ text.size();
    const char* at = text.data();
    std::size_t left = text.size();
    for (; left >= 16; at += 16, left -= 16)
        hash = fold(load(at, 8) ^ kMix1 ^ seed, load(at + 8, 8) ^ hash);
    if (left > 0) {
        const std::size_t first = left < 8 ? left : 8;
        hash = fold(load(at, first) ^ kMix2 ^ seed, load(at + first, left - first) ^ hash);
    }
    return fold(hash ^ kMix1, kMix2 ^ seed);
}

TokenCache::TokenCache(std::size_t entries, std::size_t bytes)
    : m_maxEntries(entries),
      m_maxBytes(bytes),
      m_young(0, Hash{randomSeed()}),
      m_old(0, Hash{m_young.hash_function().seed})
{
}

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

void TokenCache::settle()
{
    if (m_young.size() < m_maxEntries && m_bytes < m_maxBytes)
        return;
    m_old = std::move(m_young);
    m_young = Map(0, Hash{m_old.hash_function().seed});
    m_bytes = 0;
}

} // namespace weir
