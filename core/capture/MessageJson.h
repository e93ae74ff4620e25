// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Gap.h"
#include "core/capture/Message.h"

#include <string>
#include <string_view>

namespace weir {

struct Names;

/// Appends `text` as a JSON string with its quotes. Bytes that are not UTF-8 become U+FFFD each.
void appendJsonString(std::string& out, std::string_view text);

[[nodiscard]] bool isUtf8(std::string_view bytes);
[[nodiscard]] std::string toBase64(std::string_view bytes);

/// A header block as most clients write it (ADR-4), made of its headers.
class HeaderBlockText
{
public:
    void add(std::string_view name, std::string_view value);
    /// Empty without headers.
    [[nodiscard]] std::string block() const;

private:
    std::string m_block;
};

/// Appends a header block as a JSON object: each name, in the order of first appearance, with the list of its
/// values. False where HeaderBlockText would not make the same bytes of that: a status, another order or
/// spacing, lines that are no headers, other bytes than UTF-8.
bool appendHeadersJson(std::string& out, std::string_view block);

/// Appends `cause from to messages estimated detail`; null for a gap that lasts, for a number nobody knows.
void appendGapJson(std::string& out, const Gap& gap);

/// Appends the ndjson object of one message, without a line end (design: "Command line", `query`):
/// `time seq subject reply pop worker identity evidence trace latency_us size headers` and `payload` where it
/// is UTF-8, else `payload_base64`. Unknown facts are null. What came out of a stream has `stream stream_seq
/// stored`. A header block that `headers` does not tell to the byte is given once more, whole, as
/// `headers_base64`; a subject or reply that is not UTF-8 as `subject_base64`, `reply_base64`.
/// JsonMessageReader reads it.
void appendMessageJson(std::string& out, const Message& message, const Names& names);

} // namespace weir
