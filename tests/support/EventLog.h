// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/broker/MessageQueue.h"
#include "core/broker/MessageSource.h"
#include "core/broker/ReconnectPolicy.h"

#include <map>
#include <mutex>
#include <string>
#include <vector>

namespace weir::test {

/// Writes down what a source tells. Any thread.
class EventLog final : public SourceEvents
{
public:
    void statusChanged(const ConnectionStatus& status) override;
    void droppedByBroker(std::uint64_t count) override;
    void droppedByQueue(std::uint64_t count) override;
    void sampledOut(std::uint64_t count, bool estimated) override;
    std::uint64_t gapBegan(GapCause cause, Timestamp from, const std::string& detail) override;
    void gapGrew(std::uint64_t key, std::uint64_t messages, bool estimated) override;
    void gapEnded(std::uint64_t key, Timestamp to) override;

    [[nodiscard]] std::vector<ConnectionStatus> statuses() const;
    [[nodiscard]] ConnectionStatus lastStatus() const;
    [[nodiscard]] std::uint64_t brokerDrops() const;
    [[nodiscard]] std::uint64_t queueDrops() const;
    [[nodiscard]] std::uint64_t sampled() const;
    [[nodiscard]] std::vector<Gap> gaps() const;
    [[nodiscard]] std::vector<Gap> gaps(GapCause cause) const;

private:
    mutable std::mutex m_mutex;
    std::vector<ConnectionStatus> m_statuses; // guarded by m_mutex
    std::uint64_t m_brokerDrops = 0;          // guarded by m_mutex
    std::uint64_t m_queueDrops = 0;           // guarded by m_mutex
    std::uint64_t m_sampled = 0;              // guarded by m_mutex
    std::vector<Gap> m_gaps;                  // guarded by m_mutex; the key is the index + 1
};

/// Tries again so soon that a test need not wait.
[[nodiscard]] inline ReconnectPolicy::Options quickReconnect()
{
    return {std::chrono::milliseconds(20), std::chrono::milliseconds(100), 0.5, 1};
}

/// One message with bytes of its own.
struct TakenMessage
{
    std::string subject;
    std::string reply;
    std::string headers;
    std::string payload;
    std::uint64_t streamSeq = 0;
    Timestamp stored = kNoTime;
};

/// Takes from `queue` until `count` messages came or `patience` passed without a new one.
[[nodiscard]] std::vector<TakenMessage> takeMessages(MessageQueue& queue, std::size_t count,
                                                     Nanoseconds patience = std::chrono::seconds(10));

} // namespace weir::test
