// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Gap.h"
#include "core/base/Result.h"
#include "core/base/Time.h"
#include "core/identity/Evidence.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace weir {

/// A message as a JSON document tells it.
struct JsonMessage
{
    Timestamp time = kNoTime; ///< kNoTime: the document does not say
    Timestamp stored = kNoTime;
    std::string stream;
    std::uint64_t streamSeq = 0;
    std::string subject;
    std::string reply;
    std::string headers; ///< a header block
    std::string payload;
    std::optional<std::uint64_t> size; ///< on the wire, before redaction
    /// What the document knows of the envelope; absent where it does not speak of it, empty where it says
    /// that nobody knows.
    std::optional<std::string> pop;
    std::optional<std::string> worker;
    std::optional<std::string> identity;
    std::optional<std::string> trace;
    std::optional<Evidence> evidence;
    std::optional<Nanoseconds> latency; ///< whole microseconds
};

/// What a file of messages says of its own completeness.
struct JsonCoverage
{
    std::string filter; ///< that chose the messages; empty: all of them
    std::vector<Gap> gaps;
};

/// Reads JSON documents of messages: the lines of `weir query --format ndjson` (appendMessageJson()), and
/// what `nats sub --dump` writes (Go's encoding of nats.Msg: `Subject Reply Header Data`, Data in base64;
/// natscli, cli/sub_command.go, dumpMsg). One thread; keeps its working memory.
class JsonMessageReader
{
public:
    JsonMessageReader();
    ~JsonMessageReader();

    /// Format errors say what is wrong with the document.
    [[nodiscard]] Result<JsonMessage> message(std::string_view document);
    /// The moment that a line names, cheaply; kNoTime where it names none or is no message.
    [[nodiscard]] Timestamp time(std::string_view document);
    /// Of a line of `--with-gaps`; nothing for every other document.
    [[nodiscard]] std::optional<JsonCoverage> coverage(std::string_view document);

private:
    struct State;
    std::unique_ptr<State> m_state;
};

} // namespace weir
