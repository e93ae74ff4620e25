// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Id.h"
#include "core/base/Time.h"
#include "core/identity/Evidence.h"

#include <cstdint>
#include <deque>
#include <mutex>
#include <shared_mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace weir {

/// Who a message says it is from, and how that is known. One entry a distinct token, or a distinct
/// (name, evidence) where there is no token. Never holds a token, only its SHA-256.
struct Identity
{
    std::string name;   ///< the subject (`sub`), user nkey or header value
    std::string issuer; ///< `iss`, or the server that vouched
    Evidence evidence = Evidence::Unknown;
    std::string proof;       ///< in words: which key verified it, or why it was not verified
    std::string claims;      ///< the decoded non-secret claims, a JSON object; empty without a token
    std::string tokenSha256; ///< lower-case hex; empty without a token
    Timestamp notBefore = kNoTime;
    Timestamp expires = kNoTime;
};

/// All identities of a capture; ids from 1 without gaps. An entry's verdict may change after it was given
/// an id (tokens are verified off the hot path): `changedSince` names those.
/// Thread safety: any thread may read and give verdicts; one thread adds.
class IdentityTable
{
public:
    /// The id of `identity`, by its tokenSha256 if it has one, else by name, issuer and evidence.
    IdentityId intern(const Identity& identity);

    /// Adds `identity` under the next id whatever is there already: for loading a table that was given out
    /// before.
    IdentityId append(const Identity& identity);

    [[nodiscard]] Identity at(IdentityId id) const;
    [[nodiscard]] std::uint32_t size() const;
    /// weir::evidenceAt() of an entry, without copying it: for every message. Unknown for none.
    [[nodiscard]] Evidence evidenceAt(IdentityId id, Timestamp when) const;

    /// A verification ended: sets evidence and proof of `id`.
    void giveVerdict(IdentityId id, Evidence evidence, std::string proof);

    /// Ids that were added or changed after revision `since`; `since` becomes the present revision.
    [[nodiscard]] std::vector<IdentityId> changedSince(std::uint64_t& since) const;

private:
    struct Entry
    {
        Identity identity;
        std::uint64_t revision;
    };
    mutable std::shared_mutex m_mutex;
    std::deque<Entry> m_entries;                         // guarded by m_mutex
    std::unordered_map<std::string, IdentityId> m_index; // guarded by m_mutex
    std::uint64_t m_revision = 0;                        // guarded by m_mutex
};

/// The evidence that holds for one message: a verified token that had expired (or was not yet valid) when
/// the message came proves nothing any more and counts as claimed.
[[nodiscard]] Evidence evidenceAt(const Identity& identity, Timestamp when);

} // namespace weir
