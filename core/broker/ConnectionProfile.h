// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Result.h"
#include "core/base/Secret.h"
#include "core/identity/IdentityConfig.h"

#include <chrono>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace weir {

/// Where a secret is, not what it is; resolve() fetches it at the moment of use. Only Literal holds the text
/// itself (a `nats` CLI context wrote it down in clear); it is never saved by us.
struct SecretRef
{
    enum class Kind : std::uint8_t { None, Literal, Environment, Keyring, File };

    Kind kind = Kind::None;
    std::string name; ///< the environment variable, the keyring entry or the path
    Secret literal;

    [[nodiscard]] bool isSet() const { return kind != Kind::None; }
    [[nodiscard]] bool operator==(const SecretRef&) const = default;
    /// For people: "environment variable NATS_TOKEN"; never the secret.
    [[nodiscard]] std::string describe() const;
    /// The secret's text. A keyring that is locked may ask the user: not on the GUI thread.
    [[nodiscard]] Result<Secret> resolve() const;

    [[nodiscard]] static SecretRef inClear(std::string text);
    [[nodiscard]] static SecretRef environment(std::string variable);
    [[nodiscard]] static SecretRef keyring(std::string entry);
    [[nodiscard]] static SecretRef file(std::string path);
};

/// How much Weir takes from a broker at the most; beyond it a declared sample is taken. 0 lifts a bound.
struct ObservationBudget
{
    std::uint64_t maxMessagesPerSecond = 200'000;
    std::uint64_t maxBytesPerSecond = 200'000'000;

    [[nodiscard]] bool operator==(const ObservationBudget&) const = default;
};

/// Everything that a connection to a broker needs; credentials by reference. A value: copy it freely.
/// Which credentials count when several are set: user, then creds, then nkey, then JWT and seed; a token is
/// sent beside any (as the `nats` CLI does: jsm.go natscontext).
struct ConnectionProfile
{
    std::string name;
    std::string description;
    std::vector<std::string> urls{"nats://127.0.0.1:4222"};

    std::string user;
    SecretRef password;
    SecretRef token;
    std::string credsFile;
    SecretRef
        credsText; ///< a creds file's content kept elsewhere (environment, keyring); credsFile goes first
    std::string nkeyFile; ///< a file that holds an nkey seed
    SecretRef nkeySeed;   ///< the seed kept elsewhere; nkeyFile goes first
    SecretRef userJwt;
    SecretRef userSeed;

    std::string certFile; ///< client certificate chain, PEM
    std::string keyFile;
    std::string caFile;
    bool tlsVerify = true;    ///< false: the window's frame shows it while it lasts
    bool tlsRequired = false; ///< TLS even where the URL says nats://
    bool tlsFirst = false;    ///< handshake before INFO (server 2.10.4 on)

    std::string inboxPrefix; ///< empty: _INBOX
    std::string jetstreamDomain;
    std::string jetstreamApiPrefix;
    std::string jetstreamEventPrefix;
    std::string socksProxy;
    std::string
        systemCreds; ///< a creds file of a user of the system account, who may ask and hear the servers
    std::string monitorUrl; ///< http://HOST:8222, of several servers with commas between; empty: not known

    std::vector<std::string> subjects; ///< what to observe; empty: not chosen yet
    ObservationBudget budget;
    IdentityConfig identity; ///< whose tokens are believed in what is observed here
    std::chrono::milliseconds connectTimeout{3000};

    /// Fields of a file that we do not know, name → JSON text; kept when the profile is saved.
    std::map<std::string, std::string> otherFields;

    /// The prefix of JetStream's API: "$JS.API", "$JS.DOMAIN.API" or the one set.
    [[nodiscard]] std::string jetstreamApi() const;
    /// Whether the profile asks for TLS, by a tls:// URL, a CA or a certificate; a server may require it
    /// anyhow.
    [[nodiscard]] bool wantsTls() const;
    /// The URLs for people, user information cut out.
    [[nodiscard]] std::string urlsForPeople() const;
    /// Which credentials will be used, in words: "creds file /home/…/edge.creds", "no credentials".
    [[nodiscard]] std::string credentialsForPeople() const;
    [[nodiscard]] bool operator==(const ConnectionProfile&) const = default;
};

/// A profile and what its reader should know about how it was read.
struct LoadedProfile
{
    ConnectionProfile profile;
    std::vector<std::string> warnings;
};

/// Replaces `user:password@` in a URL by nothing.
[[nodiscard]] std::string withoutUserInfo(std::string_view url);

} // namespace weir
