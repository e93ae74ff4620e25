// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/broker/NatsHandles.h"

namespace weir {
namespace {

struct Meaning
{
    ErrorCode code;
    const char* hint;
};

Meaning meaningOf(natsStatus status)
{
    switch (status) {
    case NATS_CONNECTION_AUTH_FAILED:
        return {ErrorCode::Auth, "check the credentials and that they are of this server's account"};
    case NATS_NOT_PERMITTED:
        return {ErrorCode::Permission, "ask for the permission, or choose other subjects"};
    case NATS_SSL_ERROR:
    case NATS_SECURE_CONNECTION_WANTED:
    case NATS_SECURE_CONNECTION_REQUIRED:
        return {ErrorCode::Tls, "test the connection to see which certificate is meant"};
    case NATS_TIMEOUT:
        return {ErrorCode::Timeout, "check that a NATS server listens there and that nothing filters it"};
    case NATS_PROTOCOL_ERROR:
    case NATS_LINE_TOO_LONG:
        return {ErrorCode::Format, "check the port: is this a NATS server?"};
    case NATS_NO_SERVER:
    case NATS_IO_ERROR:
    case NATS_ADDRESS_MISSING:
    case NATS_CONNECTION_CLOSED:
    case NATS_CONNECTION_DISCONNECTED:
    case NATS_STALE_CONNECTION:
        return {ErrorCode::Network, "check the URL and that the server runs"};
    case NATS_NOT_FOUND:
        return {ErrorCode::NotFound, ""};
    case NATS_INVALID_ARG:
    case NATS_INVALID_SUBJECT:
        return {ErrorCode::Usage, ""};
    case NATS_NO_RESPONDERS:
        return {ErrorCode::Unsupported, "nobody serves this on the broker"};
    default:
        return {ErrorCode::Internal, ""};
    }
}

/// nats.c begins its texts with `(file.c:123): `, which helps nobody who reads ours.
std::string withoutPlace(const std::string& text)
{
    const std::size_t end = text.find("): ");
    return text.starts_with('(') && end != std::string::npos ? text.substr(end + 3) : text;
}

} // namespace

Error natsError(std::string what, natsStatus status, std::string reason)
{
    if (reason.empty()) {
        natsStatus last = NATS_OK;
        const char* text = nats_GetLastError(&last);
        reason = text != nullptr && *text != '\0' ? text : natsStatus_GetText(status);
    }
    reason = withoutPlace(reason);
    const Meaning meaning = meaningOf(status);
    return {meaning.code, std::move(what), std::move(reason), meaning.hint};
}

} // namespace weir
