// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/broker/NatsOptions.h"

#include "core/base/Clock.h"
#include "core/broker/CredsFile.h"
#include "core/broker/NkeySeed.h"
#include "core/broker/ProfileText.h"
#include "core/broker/TlsFiles.h"

#include <cstdlib>
#include <cstring>
#include <utility>

namespace weir {
namespace {

/// Collects the first failure of a row of nats.c calls.
class Calls
{
public:
    void operator()(natsStatus status, const char* what)
    {
        if (status != NATS_OK && m_done)
            m_done = natsError(std::string("setting up the connection: ") + what, status);
    }
    void fail(const Error& error)
    {
        if (m_done)
            m_done = error;
    }
    [[nodiscard]] bool ok() const { return m_done.has_value(); }
    [[nodiscard]] const Result<void>& done() const { return m_done; }

private:
    Result<void> m_done;
};

natsStatus giveJwt(char** jwt, char** /*problem*/, void* closure)
{
    *jwt = ::strdup(static_cast<const NatsProof*>(closure)->jwt.reveal().c_str());
    return *jwt != nullptr ? NATS_OK : NATS_NO_MEMORY;
}

natsStatus sign(char** /*problem*/, unsigned char** signature, int* length, const char* nonce, void* closure)
{
    auto& proof = *static_cast<NatsProof*>(closure);
    // A bearer's JWT needs no signature.
    Result<std::string> made = std::string();
    if (!proof.seed.isEmpty() && nonce != nullptr)
        made = nkeySign(proof.seed, nonce);
    // Up to 3.7 nats.c takes one that begins with a zero byte for none: one in 256.
    proof.unsendable = made && made->starts_with('\0');
    if (!made || proof.unsendable)
        return NATS_ERR;
    // nats.c frees it.
    *signature = static_cast<unsigned char*>(std::malloc(made->size() + 1));
    if (*signature == nullptr)
        return NATS_NO_MEMORY;
    std::memcpy(*signature, made->data(), made->size());
    *length = static_cast<int>(made->size());
    return NATS_OK;
}

Result<Secret> resolved(const SecretRef& secret, Calls& calls)
{
    Result<Secret> text = secret.resolve();
    if (!text)
        calls.fail(text.error());
    return text.value_or(Secret());
}

void useCreds(NatsSetup& setup, const Result<CredsFile>& creds, Calls& calls)
{
    if (!creds)
        return calls.fail(creds.error());
    setup.warnings = creds->warnings();
    setup.proof = std::make_unique<NatsProof>(NatsProof{creds->jwt(), creds->seed()});
    calls(natsOptions_SetUserCredentialsCallbacks(setup.options.get(), giveJwt, setup.proof.get(), sign,
                                                  setup.proof.get()),
          "credentials");
}

void useNkey(NatsSetup& setup, const SecretRef& where, Calls& calls)
{
    const Result<Secret> seed = resolved(where, calls);
    const Result<std::string> key = nkeyPublicKey(*seed);
    if (!key)
        return calls.fail(key.error());
    setup.proof = std::make_unique<NatsProof>(NatsProof{Secret(), *seed});
    calls(natsOptions_SetNKey(setup.options.get(), key->c_str(), sign, setup.proof.get()), "nkey");
}

void useUser(natsOptions* options, const std::string& user, const std::string& password, Calls& calls)
{
    calls(natsOptions_SetUserInfo(options, jsonEscaped(user).c_str(), jsonEscaped(password).c_str()), "user");
}

/// The order of the `nats` CLI: user, creds, nkey, JWT and seed; a token beside any.
void useCredentials(NatsSetup& setup, const ConnectionProfile& profile, Calls& calls)
{
    SystemClock clock;
    if (!profile.user.empty()) {
        useUser(setup.options.get(), profile.user, resolved(profile.password, calls)->reveal(), calls);
    } else if (!profile.credsFile.empty()) {
        useCreds(setup, CredsFile::read(profile.credsFile, clock.now()), calls);
    } else if (profile.credsText.isSet()) {
        const Result<Secret> text = resolved(profile.credsText, calls);
        if (calls.ok())
            useCreds(setup, CredsFile::parse(*text, profile.credsText.describe(), clock.now()), calls);
    } else if (!profile.nkeyFile.empty()) {
        useNkey(setup, SecretRef::file(profile.nkeyFile), calls);
    } else if (profile.nkeySeed.isSet()) {
        useNkey(setup, profile.nkeySeed, calls);
    } else if (profile.userJwt.isSet()) {
        setup.proof = std::make_unique<NatsProof>(
            NatsProof{*resolved(profile.userJwt, calls), *resolved(profile.userSeed, calls)});
        calls(natsOptions_SetUserCredentialsCallbacks(setup.options.get(), giveJwt, setup.proof.get(), sign,
                                                      setup.proof.get()),
              "user JWT");
    }
    if (const Result<Secret> token = resolved(profile.token, calls); !token->isEmpty())
        calls(natsOptions_SetToken(setup.options.get(), jsonEscaped(token->reveal()).c_str()), "token");
}

void useTls(natsOptions* options, const ConnectionProfile& profile, Calls& calls)
{
    const bool secure = profile.wantsTls();
    if (!secure && profile.tlsVerify)
        return; // a server that requires TLS gets it all the same: nats.c switches by its INFO
    if (const Result<TlsFiles> files = readTlsFiles(profile); !files)
        return calls.fail(files.error()); // nats.c would not say why
    if (secure)
        calls(natsOptions_SetSecure(options, true), "TLS");
    if (!profile.caFile.empty())
        calls(natsOptions_LoadCATrustedCertificates(options, profile.caFile.c_str()), "CA certificates");
    if (!profile.certFile.empty())
        calls(natsOptions_LoadCertificatesChain(options, profile.certFile.c_str(), profile.keyFile.c_str()),
              "client certificate");
    if (!profile.tlsVerify)
        calls(natsOptions_SkipServerVerification(options, true), "TLS without verification");
}

/// nats.c 3.4 neither decodes nor escapes what a URL says of the user, so it is taken out of the URL.
void useUrls(NatsSetup& setup, const ConnectionProfile& profile, const std::vector<std::string>& discovered,
             Calls& calls)
{
    std::vector<std::string> urls;
    for (const std::string& url : profile.urls) {
        urls.push_back(withoutUserInfo(url));
        const std::size_t scheme = url.find("://");
        const std::size_t begin = scheme == std::string::npos ? 0 : scheme + 3;
        const std::size_t at = url.rfind('@');
        if (at == std::string::npos || at < begin || setup.proof)
            continue;
        const std::string info = url.substr(begin, at - begin);
        const std::size_t colon = info.find(':');
        if (colon == std::string::npos)
            calls(natsOptions_SetToken(setup.options.get(), jsonEscaped(percentDecoded(info)).c_str()),
                  "token");
        else
            useUser(setup.options.get(), percentDecoded(info.substr(0, colon)),
                    percentDecoded(info.substr(colon + 1)), calls);
    }
    urls.insert(urls.end(), discovered.begin(), discovered.end());
    std::vector<const char*> texts;
    for (const std::string& url : urls)
        texts.push_back(url.c_str());
    calls(natsOptions_SetServers(setup.options.get(), texts.data(), static_cast<int>(texts.size())), "URLs");
}

Result<void> checkSupported(const ConnectionProfile& profile)
{
    const auto unsupported = [](const std::string& why, const std::string& hint) {
        return Error{ErrorCode::Unsupported, "setting up the connection", why, hint};
    };
    if (profile.urls.empty())
        return Error{ErrorCode::Usage, "setting up the connection", "the profile names no server",
                     "add a URL"};
    for (const std::string& url : profile.urls) {
        const std::string scheme = uriScheme(url);
        if (scheme == "ws" || scheme == "wss")
            return unsupported("WebSocket URLs are for browsers and Workers",
                               "use the server's nats:// or tls:// port");
        if (!scheme.empty() && scheme != "nats" && scheme != "tls")
            return Error{ErrorCode::Usage, "setting up the connection",
                         "no NATS server is reached by " + scheme + "://", "use nats:// or tls://"};
    }
    if (!profile.socksProxy.empty())
        return unsupported("a SOCKS proxy is set, which this version cannot use",
                           "connect directly or through a tunnel");
    if (profile.tlsFirst)
        return unsupported("TLS before INFO (tls_first) is set, which this version cannot do",
                           "use a listener without handshake_first");
    return {};
}

} // namespace

Result<NatsSetup> natsOptionsFor(const ConnectionProfile& profile, const std::vector<std::string>& discovered)
{
    if (Result<void> supported = checkSupported(profile); !supported)
        return supported.error();
    natsOptions* raw = nullptr;
    if (const natsStatus made = natsOptions_Create(&raw); made != NATS_OK)
        return natsError("setting up the connection", made);
    NatsSetup setup;
    setup.options.reset(raw);
    Calls calls;
    useCredentials(setup, profile, calls);
    useUrls(setup, profile, discovered, calls);
    useTls(raw, profile, calls);
    calls(natsOptions_SetName(raw, kNatsClientName), "name");
    if (!profile.inboxPrefix.empty())
        calls(natsOptions_SetCustomInboxPrefix(raw, profile.inboxPrefix.c_str()), "inbox prefix");
    calls(natsOptions_SetTimeout(raw, profile.connectTimeout.count()), "timeout");
    calls(natsOptions_SetAllowReconnect(raw, false), "reconnecting");
    calls(natsOptions_SetNoRandomize(raw, true), "order of servers");
    calls(natsOptions_SetPingInterval(raw, 5000), "ping interval");
    calls(natsOptions_SetMaxPingsOut(raw, 2), "pings");
    calls(natsOptions_SetIOBufSize(raw, 256 << 10), "buffer");
    if (!calls.ok())
        return calls.done().error();
    return setup;
}

natsStatus connectNats(const NatsSetup& setup, natsConnection** connection)
{
    constexpr int kMostAttempts = 8;
    natsStatus status = NATS_ERR;
    for (int i = 0; i < kMostAttempts; ++i) {
        status = natsConnection_Connect(connection, setup.options.get());
        if (status == NATS_OK || !setup.proof || !std::exchange(setup.proof->unsendable, false))
            break;
    }
    return status;
}

bool canHeal(const Error& error)
{
    switch (error.code) {
    case ErrorCode::Network:
    case ErrorCode::Timeout:
    case ErrorCode::Auth:
    case ErrorCode::Tls:
    case ErrorCode::Internal:
    case ErrorCode::Io:
        return true;
    default:
        return false;
    }
}

} // namespace weir
