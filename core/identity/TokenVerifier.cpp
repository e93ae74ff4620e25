// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/identity/TokenVerifier.h"

#include "core/identity/Nkey.h"

#include <algorithm>
#include <utility>

namespace weir {
namespace {

constexpr std::size_t kMaxUnresolved = 4096;
/// How often keys that may have changed are looked for while tokens wait for them.
constexpr std::chrono::milliseconds kLookAgain{500};
/// For how long after the last unresolved token came the places are asked more often than they need be.
constexpr Nanoseconds kLookFor = std::chrono::minutes(2);

bool contains(const std::vector<std::string>& list, const std::string& item)
{
    return std::find(list.begin(), list.end(), item) != list.end();
}

/// A text out of a token, fit to be shown: no control characters, not longer than it helps.
std::string shown(const std::string& text)
{
    std::string clean = text.substr(0, 80);
    std::replace_if(
        clean.begin(), clean.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; },
        '?');
    return clean;
}

std::string notes(const Jwt& jwt)
{
    return jwt.expires == kNoTime ? "; it never expires" : "";
}

} // namespace

TokenVerifier::TokenVerifier(IdentityConfig config, std::shared_ptr<IdentityTable> table, Clock& clock)
    : m_config(std::move(config)), m_table(std::move(table)), m_clock(clock), m_store(m_config.jwks, clock)
{
}

TokenVerifier::~TokenVerifier()
{
    stop();
}

void TokenVerifier::start()
{
    if (!m_thread.joinable())
        m_thread = std::jthread([this](const std::stop_token& stop) { run(stop); });
}

void TokenVerifier::finish(std::chrono::milliseconds patience)
{
    if (m_thread.joinable()) {
        std::unique_lock lock(m_mutex);
        m_idle.wait_for(lock, patience, [this] { return m_backlog.empty() && !m_working; });
    }
    stop();
}

void TokenVerifier::stop()
{
    if (!m_thread.joinable())
        return;
    m_thread.request_stop();
    m_thread.join();
}

bool TokenVerifier::offer(IdentityId id, std::string token)
{
    {
        const std::lock_guard lock(m_mutex);
        if (m_backlog.size() >= kMaxBacklog)
            return false;
        m_backlog.push_back({id, std::move(token)});
    }
    m_wake.notify_one();
    return true;
}

std::string TokenVerifier::problem() const
{
    const std::lock_guard lock(m_mutex);
    return m_problem;
}

bool TokenVerifier::lacksKeys() const
{
    const std::lock_guard lock(m_mutex);
    return m_lacksKeys;
}

void TokenVerifier::noteProblem()
{
    std::string problem = m_store.problems();
    const std::lock_guard lock(m_mutex);
    m_lacksKeys = !problem.empty() && m_store.isEmpty();
    m_problem = std::move(problem);
}

void TokenVerifier::run(const std::stop_token& stop)
{
    while (!stop.stop_requested()) {
        std::unique_lock lock(m_mutex);
        const auto hasWork = [this] { return !m_backlog.empty(); };
        if (m_unresolved.empty())
            m_wake.wait(lock, stop, hasWork);
        else
            m_wake.wait_for(lock, stop, kLookAgain, hasWork);
        if (stop.stop_requested())
            return;
        if (m_backlog.empty()) {
            lock.unlock();
            retryUnresolved(stop);
            noteProblem();
            continue;
        }
        Job job = std::move(m_backlog.front());
        m_backlog.pop_front();
        m_working = true;
        lock.unlock();
        if (!work(job, stop))
            m_lookUntil = m_clock.steady() + kLookFor;
        noteProblem();
        lock.lock();
        m_working = false;
        m_idle.notify_all();
    }
}

/// Gives a verdict; false when other keys could change it, and then keeps the job for them.
bool TokenVerifier::work(Job& job, const std::stop_token& stop)
{
    Verdict verdict = check(job.token, stop);
    if (stop.stop_requested())
        return true;
    m_table->giveVerdict(job.id, verdict.evidence, std::move(verdict.proof));
    if (verdict.mayChange && m_unresolved.size() < kMaxUnresolved)
        m_unresolved.push_back(std::move(job));
    return !verdict.mayChange;
}

void TokenVerifier::retryUnresolved(const std::stop_token& stop)
{
    m_store.refresh(m_clock.steady() < m_lookUntil, stop);
    if (m_store.changes() == m_changesTried)
        return;
    m_changesTried = m_store.changes();
    for (Job& job : std::exchange(m_unresolved, {})) {
        if (stop.stop_requested())
            return;
        (void)work(job, stop);
    }
}

TokenVerifier::Verdict TokenVerifier::check(const std::string& token, const std::stop_token& stop)
{
    const auto refused = [](const std::string& why) {
        return Verdict{Evidence::Claimed, "not verified: " + why, false};
    };
    const auto jwt = Jwt::parse(token);
    if (!jwt)
        return refused(jwt.error().why);
    if (jwt->critical)
        return refused("it demands extensions (crit) that Weir does not know");
    if (const std::string why = whyNotAccepted(*jwt); !why.empty())
        return refused(why);
    if (jwt->algorithm == "ed25519-nkey")
        return checkNats(*jwt);
    if (jwt->algorithm == "none" || jwt->signature.empty())
        return refused("it is not signed");
    if (jwt->algorithm.starts_with("HS"))
        return refused(shown(jwt->algorithm) + " is a shared secret: whoever can check it can forge it");
    if (m_config.jwks.empty())
        return refused("no keys were given to check it with");
    return checkWithKeys(*jwt, token, stop);
}

std::string TokenVerifier::whyNotAccepted(const Jwt& jwt) const
{
    if (!m_config.issuers.empty() && !contains(m_config.issuers, jwt.issuer))
        return "issuer '" + shown(jwt.issuer) + "' is not an accepted one";
    const bool forUs =
        std::any_of(jwt.audiences.begin(), jwt.audiences.end(),
                    [this](const std::string& one) { return contains(m_config.audiences, one); });
    if (!m_config.audiences.empty() && !forUs)
        return "it is not meant for an accepted audience";
    return {};
}

TokenVerifier::Verdict TokenVerifier::checkWithKeys(const Jwt& jwt, const std::string& token,
                                                    const std::stop_token& stop)
{
    const auto candidates = m_store.find(jwt, stop);
    for (const JwksStore::Candidate& candidate : candidates) {
        if (!candidate.key->verifies(jwt, token))
            continue;
        const std::string& id = candidate.key->id();
        return {Evidence::Verified,
                jwt.algorithm + (id.empty() ? ", the key without id" : ", key " + shown(id)) + ", " +
                    *candidate.place + notes(jwt),
                false};
    }
    std::string why = "the signature does not hold";
    if (candidates.empty()) {
        if (jwt.keyId.empty())
            why = "no key fits " + shown(jwt.algorithm);
        else if (m_store.knows(jwt.keyId))
            why = "key " + shown(jwt.keyId) + " is not for " + shown(jwt.algorithm);
        else
            why = "no key with id " + shown(jwt.keyId);
    }
    if (const std::string problems = m_store.problems(); !problems.empty())
        why += " (" + problems + ")";
    return {Evidence::Claimed, "not verified: " + why, true};
}

/// NATS JWTs (nats-io/jwt v2): Ed25519 by the key that `iss` names, so trust is in the list of issuers.
TokenVerifier::Verdict TokenVerifier::checkNats(const Jwt& jwt) const
{
    const auto issuer = Nkey::decode(jwt.issuer);
    if (!issuer || (issuer->kind != Nkey::Kind::Account && issuer->kind != Nkey::Kind::Operator))
        return {Evidence::Claimed, "not verified: its issuer is not an account or operator key", false};
    if (!verifyEd25519(issuer->publicKey, jwt.signingInput, jwt.signature))
        return {Evidence::Claimed, "not verified: the signature does not hold", false};
    if (!contains(m_config.issuers, jwt.issuer))
        return {Evidence::Claimed,
                "not verified: signed by " + jwt.issuer + ", which nobody named as a trusted issuer", false};
    return {Evidence::Verified, "ed25519-nkey, issuer " + jwt.issuer + notes(jwt), false};
}

} // namespace weir
