// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Result.h"
#include "core/base/Time.h"

#include <stop_token>
#include <string>

namespace weir {

/// A JWKS document as it came, and how long its server lets it be kept.
struct FetchedJwks
{
    std::string body;
    Nanoseconds maxAge = kNoDuration; ///< Cache-Control max-age; kNoDuration where it says nothing
};

/// Whether `place` is a URL (else it is a path).
[[nodiscard]] bool isUrl(const std::string& place);

/// Gets a URL: https with the server's certificate verified, or http to this machine alone, since keys that
/// anyone on the way could swap prove nothing. Waits (with an event loop of its own) at most 10 s, takes at
/// most 1 MiB, ends early when `stop` is asked. Any thread but one that must not wait.
[[nodiscard]] Result<FetchedJwks> fetchJwks(const std::string& url, std::stop_token stop);

/// Reads a file of at most 1 MiB.
[[nodiscard]] Result<FetchedJwks> readJwksFile(const std::string& path);

} // namespace weir
