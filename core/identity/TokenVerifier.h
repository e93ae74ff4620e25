// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Clock.h"
#include "core/base/Id.h"
#include "core/identity/IdentityConfig.h"
#include "core/identity/IdentityTable.h"
#include "core/identity/JwksStore.h"

#include <chrono>
#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <stop_token>
#include <string>
#include <thread>

namespace weir {

/// Checks the signatures of tokens on a thread of its own and gives the verdict to the IdentityTable.
///
/// Verified means: the signature holds by a key of the JWKS (or, for a NATS JWT, by a trusted issuer's nkey),
/// the algorithm is one that this key is for, and issuer and audience are accepted. `none`, HS* and `crit`
/// are refused (RFC 8725). It says nothing of who sent the token: a bearer token proves as much as it is kept
/// secret. Times are judged a message, see evidenceAt(). What could not be checked stays claimed, with the
/// reason as its proof, and is tried again when the keys change.
class TokenVerifier
{
public:
    static constexpr std::size_t kMaxBacklog = 8192;

    TokenVerifier(IdentityConfig config, std::shared_ptr<IdentityTable> table, Clock& clock);
    ~TokenVerifier();
    TokenVerifier(const TokenVerifier&) = delete;
    TokenVerifier& operator=(const TokenVerifier&) = delete;

    void start();
    /// Lets the thread work off its backlog for at most `patience`, then stops it: the end of a recording,
    /// whose last tokens deserve their verdict too.
    void finish(std::chrono::milliseconds patience);
    /// Asks the thread to end, also out of a fetch, and waits for it. What waits stays claimed. Idempotent.
    void stop();
    /// Queues a token for `id`; false when the backlog is full. Any thread, never waits.
    [[nodiscard]] bool offer(IdentityId id, std::string token);
    /// What keeps keys from being read, in words; empty when all is well or no token asked yet. Any thread.
    [[nodiscard]] std::string problem() const;
    /// Keys were looked for, and no place has given one yet. Any thread.
    [[nodiscard]] bool lacksKeys() const;

private:
    struct Job
    {
        IdentityId id;
        std::string token;
    };
    struct Verdict
    {
        Evidence evidence = Evidence::Claimed;
        std::string proof;
        bool mayChange = false; ///< other keys could change it
    };
    void run(const std::stop_token& stop);
    bool work(Job& job, const std::stop_token& stop);
    void retryUnresolved(const std::stop_token& stop);
    [[nodiscard]] Verdict check(const std::string& token, const std::stop_token& stop);
    [[nodiscard]] Verdict checkWithKeys(const Jwt& jwt, const std::string& token,
                                        const std::stop_token& stop);
    [[nodiscard]] Verdict checkNats(const Jwt& jwt) const;
    [[nodiscard]] std::string whyNotAccepted(const Jwt& jwt) const;

    const IdentityConfig m_config;
    const std::shared_ptr<IdentityTable> m_table;
    Clock& m_clock;
    JwksStore m_store;                             // the worker's alone
    std::deque<Job> m_unresolved;                  // the worker's alone
    Nanoseconds m_lookUntil = Nanoseconds::zero(); // the worker's alone: new keys are asked for till then
    std::uint64_t m_changesTried = 0;              // the worker's alone
    void noteProblem();
    mutable std::mutex m_mutex;
    std::string m_problem;    // guarded by m_mutex
    bool m_lacksKeys = false; // guarded by m_mutex
    std::condition_variable_any m_wake;
    std::condition_variable m_idle;
    bool m_working = false;    // guarded by m_mutex
    std::deque<Job> m_backlog; // guarded by m_mutex
    std::jthread m_thread;
};

} // namespace weir
