// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/envelope/EnvelopeReader.h"
#include "core/envelope/TokenCache.h"

#include <memory>
#include <string_view>

namespace weir {

/// Turns what stands in headers into entries of the IdentityTable, each distinct value once. One thread.
/// Memory is bounded: past kMaxTokenIdentities distinct tokens (or kMaxIdentities entries) new ones share an
/// entry by name, unchecked, and past that one entry for all, each of which says so in its proof.
class IdentityReader
{
public:
    static constexpr std::uint32_t kMaxTokenIdentities = 64 * 1024;
    static constexpr std::uint32_t kMaxIdentities = 256 * 1024;

    IdentityReader(std::shared_ptr<Names> names, TokenChecker checkToken);

    /// Before each message.
    void settle();
    /// What is remembered of `token`, with the text that replaces it in a stored header.
    CachedValue& token(std::string_view token);
    /// The identity of a token; none when it is not a JWT. `now` paces offers to a checker that was full.
    IdentityId ofToken(CachedValue& token, Timestamp now);
    /// The identity in a Nats-Request-Info header (nats-server 2.9.10, server/events.go, ClientInfo); none
    /// when it is not one. `vouched`: nobody but the server can have written it.
    IdentityId ofRequestInfo(std::string_view json, bool vouched);
    /// The identity that an unsigned value names.
    IdentityId ofName(std::string_view name, std::string_view place);

private:
    IdentityId identify(const CachedValue& token);
    IdentityId intern(const Identity& identity);
    void offer(CachedValue& token, Timestamp now);

    std::shared_ptr<Names> m_names;
    TokenChecker m_checkToken;
    std::uint32_t m_tokenIdentities = 0;
    CachedValue* m_last = nullptr; ///< of m_lastView, a place in the message that is being read
    std::string_view m_lastView;
    TokenCache m_tokens;
    TokenCache m_vouched;
    TokenCache m_unvouched;
    TokenCache m_named;
};

} // namespace weir
