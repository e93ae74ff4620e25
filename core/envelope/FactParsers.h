// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Time.h"

#include <array>
#include <cstddef>
#include <string>
#include <string_view>

namespace weir {

/// Room for a value that is rewritten (upper-cased, percent-decoded) on its way into a dictionary.
using FactBuffer = std::array<char, 256>;

/// A PoP's code: 1 to 32 of A–Z 0–9 . _ - after upper-casing; else empty. The view is of `value` where it
/// is upper-case already, else of `buffer`.
[[nodiscard]] std::string_view parsePop(std::string_view value, FactBuffer& buffer);

/// The part behind the last `-`, as in `230b030023ae2822-SJC`; empty without a `-`.
[[nodiscard]] std::string_view afterLastDash(std::string_view value);

/// A name for people (Worker, identity): 1 to 255 bytes of UTF-8 without control characters, percent-decoded
/// where it holds `%` or stands in quotes (CloudEvents NATS binding, "Header Value Encoding"); else empty.
/// Invalid escapes are left as they stand.
[[nodiscard]] std::string_view parseName(std::string_view value, FactBuffer& buffer);

/// `value`, which is UTF-8, cut to 255 bytes, each control character replaced by `?`: for names that must be
/// kept whatever they hold.
[[nodiscard]] std::string plainText(std::string_view value);

/// The 32 hex digits of a valid W3C traceparent (Trace Context, section 3.2.2), else empty.
[[nodiscard]] std::string_view parseTraceparent(std::string_view value);

/// A request id as it stands: 1 to 128 printable ASCII characters, else empty.
[[nodiscard]] std::string_view parseTraceId(std::string_view value);

/// A Unix time in s, ms, µs or ns, told apart by magnitude (a fraction is allowed), or RFC 3339.
/// kNoTime for zero, for rubbish and for what no int64 of nanoseconds holds.
[[nodiscard]] Timestamp parseSent(std::string_view value);

/// Whether a concrete subject matches a pattern with NATS wildcards (`*` one token, `>` one or more).
[[nodiscard]] bool subjectMatches(std::string_view pattern, std::string_view subject);

/// The 0-based `index`th token of a subject; empty when it has fewer.
[[nodiscard]] std::string_view subjectToken(std::string_view subject, std::size_t index);

} // namespace weir
