// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/identity/IdentityTable.h"

namespace weir {
namespace {

std::string keyOf(const Identity& identity)
{
    if (!identity.tokenSha256.empty())
        return "t" + identity.tokenSha256;
    std::string key = "n";
    key += static_cast<char>('0' + static_cast<int>(identity.evidence));
    key += identity.name;
    key += '\0';
    key += identity.issuer;
    return key;
}

} // namespace

IdentityId IdentityTable::intern(const Identity& identity)
{
    const std::string key = keyOf(identity);
    const std::unique_lock lock(m_mutex);
    const auto found = m_index.find(key);
    if (found != m_index.end())
        return found->second;
    m_entries.push_back({identity, ++m_revision});
    const IdentityId id{static_cast<std::uint32_t>(m_entries.size())};
    m_index.emplace(key, id);
    return id;
}

IdentityId IdentityTable::append(const Identity& identity)
{
    const std::unique_lock lock(m_mutex);
    m_entries.push_back({identity, ++m_revision});
    const IdentityId id{static_cast<std::uint32_t>(m_entries.size())};
    m_index.emplace(keyOf(identity), id);
    return id;
}

Identity IdentityTable::at(IdentityId id) const
{
    const std::shared_lock lock(m_mutex);
    if (id.isNone() || id.value > m_entries.size())
        return {};
    return m_entries[id.value - 1].identity;
}

std::uint32_t IdentityTable::size() const
{
    const std::shared_lock lock(m_mutex);
    return static_cast<std::uint32_t>(m_entries.size());
}

Evidence IdentityTable::evidenceAt(IdentityId id, Timestamp when) const
{
    const std::shared_lock lock(m_mutex);
    if (id.isNone() || id.value > m_entries.size())
        return Evidence::Unknown;
    return weir::evidenceAt(m_entries[id.value - 1].identity, when);
}

void IdentityTable::giveVerdict(IdentityId id, Evidence evidence, std::string proof)
{
    const std::unique_lock lock(m_mutex);
    if (id.isNone() || id.value > m_entries.size())
        return;
    Entry& entry = m_entries[id.value - 1];
    entry.identity.evidence = evidence;
    entry.identity.proof = std::move(proof);
    entry.revision = ++m_revision;
}

std::vector<IdentityId> IdentityTable::changedSince(std::uint64_t& since) const
{
    const std::shared_lock lock(m_mutex);
    std::vector<IdentityId> changed;
    if (since == m_revision)
        return changed;
    for (std::size_t i = 0; i < m_entries.size(); ++i) {
        if (m_entries[i].revision > since)
            changed.push_back({static_cast<std::uint32_t>(i + 1)});
    }
    since = m_revision;
    return changed;
}

Evidence evidenceAt(const Identity& identity, Timestamp when)
{
    if (identity.evidence != Evidence::Verified)
        return identity.evidence;
    const bool early = identity.notBefore != kNoTime && when < identity.notBefore;
    const bool late = identity.expires != kNoTime && when >= identity.expires;
    return early || late ? Evidence::Claimed : Evidence::Verified;
}

} // namespace weir
