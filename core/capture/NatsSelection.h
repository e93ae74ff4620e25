// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Clock.h"
#include "core/base/Result.h"
#include "core/broker/ConnectionProfile.h"
#include "core/broker/MessageSource.h"
#include "core/broker/StreamLedger.h"

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace weir {

/// What to take from a NATS broker: live subjects, or a JetStream stream through a durable consumer.
struct NatsSelection
{
    ConnectionProfile profile;
    std::vector<std::string> subjects; ///< with a stream: at most one, its filter
    std::string stream;                ///< empty: live subjects
    std::string consumer;              ///< durable name, for a stream; empty: the history's own
    bool retryFirstConnect = false;    ///< true: an unreachable broker is waited for

    [[nodiscard]] bool isStream() const { return !stream.empty(); }
    /// For people and for the history's record: "stream ORDERS, orders.eu.>".
    [[nodiscard]] std::string inWords() const;
};

/// The durable consumer that is `history`'s own, so that two recorders never take each other's messages by
/// default: by the id in the file, which its first writer gave it.
[[nodiscard]] Result<std::string> ownConsumer(const std::filesystem::path& history);

/// What `history` holds of `stream` above the sequence `floor`, whichever consumer brought it. Messages of
/// recordings that do not say their stream count as its own: the moment at which the stream stored a message
/// tells it from another stream's.
[[nodiscard]] Result<StoredMessages> findStored(const std::filesystem::path& history,
                                                const std::string& stream, std::uint64_t floor);

/// The source for a capture into `history`. For a stream it knows what of it the history holds already, so
/// that what is delivered again after a kill -9 is not stored twice; a history that cannot be read is an
/// error.
[[nodiscard]] Result<std::unique_ptr<MessageSource>>
makeSource(const NatsSelection& selection, const std::filesystem::path& history, Clock& clock);

} // namespace weir
