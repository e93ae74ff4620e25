// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Result.h"
#include "core/base/Time.h"

#include <QByteArray>
#include <QJsonObject>
#include <QJsonValue>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace weir {

// What the documents of nats-server's monitoring are made of. What a document does not have, or has in
// another shape, is empty, zero or not known.

/// The object that `json` is, or in the envelope that it is, which must have `key`; `what` names it in
/// the error.
[[nodiscard]] Result<QJsonObject> monitorDocument(const QByteArray& json, const char* what, const char* key);

[[nodiscard]] std::string textIn(const QJsonObject& object, const char* key);
[[nodiscard]] std::uint64_t countIn(const QJsonObject& object, const char* key);
[[nodiscard]] std::vector<std::string> textsOf(const QJsonValue& list);
[[nodiscard]] Timestamp timeIn(const QJsonObject& object, const char* key);
/// Of a JWT's claim in whole seconds since 1970 (RFC 7519); kNoTime where it is none.
[[nodiscard]] Timestamp unixTimeIn(const QJsonObject& object, const char* key);
/// `host:port` of two fields; empty without a host. An IPv6 address stands in brackets.
[[nodiscard]] std::string addressIn(const QJsonObject& object, const char* host, const char* port = "port");

/// Go's way to write a duration: `1m2.5s`, `379µs`, `0s`; kNoDuration for anything else.
[[nodiscard]] Nanoseconds readGoDuration(std::string_view text);

} // namespace weir
