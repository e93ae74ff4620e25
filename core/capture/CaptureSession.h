// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Clock.h"
#include "core/base/Result.h"
#include "core/broker/MessageSource.h"
#include "core/broker/ObservedLook.h"
#include "core/capture/CoverageLedger.h"
#include "core/envelope/EnvelopeRules.h"
#include "core/history/KeepLimits.h"
#include "core/identity/IdentityConfig.h"

#include <filesystem>
#include <functional>
#include <limits>
#include <memory>
#include <optional>
#include <string>

namespace weir {

/// How a capture stands at one moment.
struct CaptureStatus
{
    ConnectionStatus connection;
    Coverage coverage;
    Timestamp started = kNoTime;
    Timestamp firstReceived = kNoTime;
    Timestamp lastCommitted = kNoTime;
    std::uint64_t bytesOnDisk = 0; ///< the history with its WAL, as the file system has it
    std::optional<Error> failure;  ///< the store's trouble, while it lasts
    std::string keysProblem;       ///< why tokens cannot be verified, while it lasts
    bool tokensUnchecked = false;  ///< keys were asked for, and none has come yet
};

/// One recording: a source, the queue, the pipeline and the history that it fills, started and ended
/// together. status() and keepLook() may be called from any thread, the rest belongs to the owner.
class CaptureSession
{
public:
    struct Options
    {
        std::unique_ptr<MessageSource> source;
        std::filesystem::path history;
        std::string sourceName; ///< context or profile, for the history's record
        std::string subjects;   ///< the subscription in words, for the history's record
        std::string stream;     ///< the JetStream stream that `source` reads; empty for live subjects
        EnvelopeRules rules = EnvelopeRules::defaults();
        /// Whose tokens are believed; without keys they stay claimed.
        IdentityConfig identity;
        std::uint64_t limit = std::numeric_limits<std::uint64_t>::max(); ///< messages to record
        std::function<void()> limitReached;                              ///< on the pipeline's thread
        /// The source keeps what is not acknowledged: a failing disk is waited for, nothing is given up.
        bool holdWhileFailing = false;
        KeepLimits keep; ///< of the history; what exceeds it expires
        std::size_t queueBudget = std::size_t{64} << 20;
    };

    /// Opens the history, then starts the source. An error leaves nothing running, nothing locked, and the
    /// history as it was: none where there was none.
    [[nodiscard]] static Result<std::unique_ptr<CaptureSession>> start(Options options, Clock& clock);
    virtual ~CaptureSession() = default;

    [[nodiscard]] virtual CaptureStatus status() const = 0;
    [[nodiscard]] virtual const std::filesystem::path& history() const = 0;
    /// Keeps what the broker says of itself beside the messages. Any thread; does not wait.
    virtual void keepLook(ObservedLook look) = 0;
    /// Ends it in the order of the flow: source, pipeline, history; everything accepted is committed.
    /// Idempotent.
    [[nodiscard]] virtual Result<void> stop() = 0;
};

} // namespace weir
