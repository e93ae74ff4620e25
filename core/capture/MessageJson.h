// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/capture/Message.h"

#include <string>
#include <string_view>

namespace weir {

struct Names;

/// Appends `text` as a JSON string with its quotes. Bytes that are not UTF-8 become U+FFFD each.
void appendJsonString(std::string& out, std::string_view text);

[[nodiscard]] bool isUtf8(std::string_view bytes);
[[nodiscard]] std::string toBase64(std::string_view bytes);

/// Appends a header block as a JSON object: each name, in the order of first appearance, with the list of its
/// values. False where the block holds more than that can show: lines that are no headers, other bytes than
/// UTF-8.
bool appendHeadersJson(std::string& out, std::string_view block);

/// Appends the ndjson object of one message, without a line end (design: "Command line", `query`):
/// `time seq subject reply pop worker identity evidence trace latency_us size headers` and `payload` where it
/// is UTF-8, else `payload_base64`. Unknown facts are null. A header block that is not clean UTF-8 headers is
/// given once more, whole, as `headers_base64`; a subject or reply that is not UTF-8 as `subject_base64`,
/// `reply_base64`.
void appendMessageJson(std::string& out, const Message& message, const Names& names);

} // namespace weir
