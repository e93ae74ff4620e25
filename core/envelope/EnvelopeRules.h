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
    /// SubjectToken: only for subjects that match this NATS wildcard (empty: all).
    /// RequestInfo: subjects to which nobody can publish but through a service import, so that the header is
    /// the server's own (empty: none). Anywhere else any publisher can write Nats-Request-Info himself and
    /// the identity stays claimed (nats-server 2.9.10 and 2.14.5: client.go, processServiceImport sets the
    /// header on service imports only and lets it pass on every other way).
    std::string pattern;
};

/// The ordered sources of each fact (design: "Envelope"); the first that has a value wins.
struct EnvelopeRules
{
    std::vector<EnvelopeSource> pop;
    std::vector<EnvelopeSource> worker;
    std::vector<EnvelopeSource> identity;
    std::vector<EnvelopeSource> trace;
    std::vector<EnvelopeSource> sent;
    /// Headers whose values are secrets whatever they look like. A rules file adds to these, never takes
    /// away.
    std::vector<std::string> redact;

    /// The rules that ship with Weir (resources/envelope-rules.json, compiled in).
    [[nodiscard]] static EnvelopeRules defaults();
    /// Reads a rules file of the same shape; facts that it names replace ours, or stand before them with
    /// `"extend": true`. Errors name the file, the JSON place and what was expected.
    [[nodiscard]] static Result<EnvelopeRules> load(const std::filesystem::path& file, EnvelopeRules base);
    /// As load(), from text; `origin` names it in errors.
    [[nodiscard]] static Result<EnvelopeRules> parse(std::string_view json, std::string_view origin,
                                                     EnvelopeRules base);
    /// Where a user's own rules lie: `weir/envelope-rules.json` in the platform's config folder
    /// ($XDG_CONFIG_HOME or ~/.config). It need not exist.
    [[nodiscard]] static std::filesystem::path userFile();
    /// The defaults, with userFile() laid over them where it exists.
    [[nodiscard]] static Result<EnvelopeRules> forUser();
};

} // namespace weir
