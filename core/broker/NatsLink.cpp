// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/broker/NatsLink.h"

#include "core/broker/HandshakeWatch.h"
#include "core/broker/NatsOptions.h"
#include "core/broker/ServerProbe.h"

#include <array>
#include <cstdlib>

namespace weir {
namespace {

std::string lastErrorText()
{
    natsStatus status = NATS_OK;
    const char* text = nats_GetLastError(&status);
    return text != nullptr ? text : "";
}

std::uint16_t localPortOf(natsConnection* connection)
{
    char* address = nullptr;
    int port = 0;
    if (natsConnection_GetLocalIPAndPort(connection, &address, &port) != NATS_OK)
        return 0;
    std::free(address);
    return static_cast<std::uint16_t>(port);
}

/// nats.c says "no server available" of a wrong name, a closed port and a stranger alike: look closer.
Error connectError(const ConnectionProfile& profile, natsStatus status)
{
    Error error = natsError("connecting to " + profile.urlsForPeople(), status);
    if (status == NATS_CONNECTION_AUTH_FAILED || status == NATS_NOT_PERMITTED || status == NATS_ERR)
        return error; // the server's own words
    const Error found = diagnose(profile);
    if (found.why.empty() && error.why.ends_with("got ''")) // "Expected 'PONG', got ''"
        return {ErrorCode::Network, error.what, "the server closed the connection before it let us in",
                "the server's log says why; a proxy without a server behind it does this too"};
    if (found.why.empty())
        return error;
    return {found.code, error.what, found.why, found.hint};
}

} // namespace

Result<std::unique_ptr<NatsLink>> NatsLink::connect(const ConnectionProfile& profile,
                                                    const std::vector<std::string>& discovered,
                                                    std::function<void()> wake)
{
    Result<NatsSetup> setup = natsOptionsFor(profile, discovered);
    if (!setup)
        return setup.error();
    std::unique_ptr<NatsLink> link(new NatsLink);
    link->m_wake = std::move(wake);
    link->m_warnings = std::move(setup->warnings);
    natsOptions* options = setup->options.get();
    natsStatus status = natsOptions_SetClosedCB(options, onClosed, link.get());
    if (status == NATS_OK)
        status = natsOptions_SetErrorHandler(options, onError, link.get());
    natsConnection* connection = nullptr;
    std::vector<std::string> servers = profile.urls;
    servers.insert(servers.end(), discovered.begin(), discovered.end());
    HandshakeWatch watch(servers, profile.connectTimeout);
    if (status == NATS_OK)
        status = connectNats(*setup, &connection);
    link->m_connection.reset(connection);
    link->m_localPort = status == NATS_OK ? localPortOf(connection) : 0;
    HandshakeWatch::adopt(link->m_localPort);
    watch.stop();
    if (status != NATS_OK && watch.intervened())
        return Error{ErrorCode::Timeout, "connecting to " + profile.urlsForPeople(),
                     "the server greeted, and then answered nothing for " +
                         formatDuration(profile.connectTimeout),
                     "it may be overloaded or hung, or something on the way drops its answers"};
    if (status != NATS_OK)
        return connectError(profile, status);
    return link;
}

NatsLink::~NatsLink()
{
    HandshakeWatch::release(m_localPort);
    if (!m_connection)
        return;
    natsConnection_Close(m_connection.get());
    // The closed callback is posted to nats.c's callback thread, after all others of this connection.
    std::unique_lock lock(m_mutex);
    m_ended.wait(lock, [this] { return m_lastCall; });
}

void NatsLink::onClosed(natsConnection* connection, void* closure)
{
    auto& link = *static_cast<NatsLink*>(closure);
    const char* text = nullptr;
    const natsStatus status = natsConnection_GetLastError(connection, &text);
    const std::unique_lock lock(link.m_mutex);
    // Only these two carry the server's own words; others may still show the text of an older violation.
    const bool told = (status == NATS_ERR || status == NATS_CONNECTION_AUTH_FAILED) && text != nullptr;
    link.m_reason = told ? text : link.m_authReason;
    if (link.m_reason.empty())
        link.m_reason = status == NATS_OK ? "closed" : natsStatus_GetText(status);
    link.m_closed.store(true, std::memory_order_release);
    link.m_wake();
    link.m_lastCall = true;
    link.m_ended.notify_all();
}

void NatsLink::onError(natsConnection* /*connection*/, natsSubscription* /*subscription*/, natsStatus status,
                       void* closure)
{
    auto& link = *static_cast<NatsLink*>(closure);
    if (status == NATS_SLOW_CONSUMER)
        return link.m_wake(); // the drops themselves are counted from the subscription
    const std::string text = lastErrorText();
    const std::unique_lock lock(link.m_mutex);
    if (status == NATS_CONNECTION_AUTH_FAILED)
        link.m_authReason = text;
    link.m_errors.push_back(
        natsError("the connection", status, text.empty() ? natsStatus_GetText(status) : text));
    link.m_wake();
}

std::string NatsLink::closeReason() const
{
    const std::unique_lock lock(m_mutex);
    return m_reason;
}

std::vector<Error> NatsLink::takeErrors()
{
    const std::unique_lock lock(m_mutex);
    return std::exchange(m_errors, {});
}

std::string NatsLink::refusedPermission() const
{
    const char* text = nullptr;
    const natsStatus status = natsConnection_GetLastError(m_connection.get(), &text);
    return status == NATS_NOT_PERMITTED && text != nullptr ? text : "";
}

Result<Nanoseconds> NatsLink::roundTrip(std::chrono::milliseconds patience) const
{
    const auto begin = std::chrono::steady_clock::now();
    const natsStatus status = natsConnection_FlushTimeout(m_connection.get(), patience.count());
    if (status != NATS_OK)
        return natsError("asking the server for a sign of life", status);
    return std::chrono::duration_cast<Nanoseconds>(std::chrono::steady_clock::now() - begin);
}

void NatsLink::close()
{
    natsConnection_Close(m_connection.get());
}

std::uint64_t NatsLink::received() const
{
    natsStatistics* raw = nullptr;
    if (natsStatistics_Create(&raw) != NATS_OK)
        return 0;
    const std::unique_ptr<natsStatistics, void (*)(natsStatistics*)> statistics(raw, natsStatistics_Destroy);
    std::uint64_t messages = 0;
    if (natsConnection_GetStats(m_connection.get(), raw) == NATS_OK)
        (void)natsStatistics_GetCounts(raw, &messages, nullptr, nullptr, nullptr, nullptr);
    return messages;
}

std::string NatsLink::url() const
{
    std::array<char, 512> url{};
    (void)natsConnection_GetConnectedUrl(m_connection.get(), url.data(), url.size());
    return withoutUserInfo(url.data());
}

std::string NatsLink::serverId() const
{
    std::array<char, 128> id{};
    (void)natsConnection_GetConnectedServerId(m_connection.get(), id.data(), id.size());
    return id.data();
}

std::vector<std::string> NatsLink::discoveredServers() const
{
    char** urls = nullptr;
    int count = 0;
    std::vector<std::string> found;
    if (natsConnection_GetDiscoveredServers(m_connection.get(), &urls, &count) != NATS_OK)
        return found;
    for (int i = 0; i < count; ++i) {
        found.emplace_back(urls[i]);
        std::free(urls[i]);
    }
    std::free(urls);
    return found;
}

} // namespace weir
