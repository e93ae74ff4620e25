// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Result.h"

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace weir {

/// Where one fact may stand in a message; header names match without regard to case.
struct EnvelopeSource
{
    enum class Kind { Header, HeaderAfterLastDash, SubjectToken, Jwt, RequestInfo, Traceparent };
    Kind kind = Kind::Header;
    std::string header;    ///< for all but SubjectToken
    std::size_t token = 0; ///< SubjectToken: 0-based position in the subject
    std::string pattern;   ///< SubjectToken: only for subjects that match this NATS wildcard
};

/// The ordered sources of each fact (design: "Envelope"); the first that has a value wins.
struct EnvelopeRules
{
    std::vector<EnvelopeSource> pop;
    std::vector<EnvelopeSource> worker;
    std::vector<EnvelopeSource> identity;
    std::vector<EnvelopeSource> trace;
    std::vector<EnvelopeSource> sent;

    /// The rules that ship with Weir (resources/envelope-rules.json, compiled in).
    [[nodiscard]] static EnvelopeRules defaults();
    /// Reads a rules file of the same shape; facts that it names replace ours, or stand before them with
    /// `"extend": true`. Errors name the file, the JSON place and what was expected.
    [[nodiscard]] static Result<EnvelopeRules> load(const std::filesystem::path& file, EnvelopeRules base);
};

} // namespace weir
