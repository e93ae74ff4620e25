// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Clock.h"
#include "core/capture/Batch.h"
#include "core/history/BlockEncoder.h"
#include "core/history/Recording.h"

#include <functional>
#include <limits>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

namespace weir {

/// What is not yet committed: an open block, and sealed ones. Decides when to seal and when to commit, and
/// what becomes of messages that the disk refuses. One thread (the store's).
class PendingBlocks
{
public:
    /// While the disk refuses, about `keepBytes` of sealed blocks are kept. `giveUp`: what comes beyond that
    /// is given up, else the caller is trusted to stop at isFull().
    PendingBlocks(std::unique_ptr<Recording> recording, CoverageLedger& ledger, Nanoseconds flushEvery,
                  std::size_t keepBytes, bool giveUp, std::function<void(std::uint64_t)> committed);

    /// Takes a batch that came at `now`.
    void add(const std::shared_ptr<const Batch>& batch, Timestamp now);
    void addLook(ObservedLook look) { m_recording->looks().offer(std::move(look)); }
    /// Commits when this is the last tick before flushEvery is over.
    void tick(Timestamp now);
    /// Commits all and ends the recording.
    [[nodiscard]] Result<void> end(Timestamp now);
    /// Instead of end(), where no message came: the recording leaves no trace.
    [[nodiscard]] Result<void> undo() { return m_recording->undo(); }

    [[nodiscard]] const std::optional<Error>& failure() const { return m_failure; }
    /// The disk refuses, and as much is kept in memory as should be.
    [[nodiscard]] bool isFull() const { return m_failure && m_sealedBytes >= m_keepBytes; }

private:
    void take(const Message& message);
    void seal();
    [[nodiscard]] Timestamp oldest() const;
    [[nodiscard]] bool due(Timestamp now, Nanoseconds tickPeriod) const;
    void flush(Timestamp now);
    [[nodiscard]] Result<void> commitFirst(std::size_t count, Timestamp now);
    void giveUpBeyond(std::size_t bytes);
    void recovered();

    std::unique_ptr<Recording> m_recording;
    CoverageLedger& m_ledger;
    const Nanoseconds m_flushEvery;
    const std::size_t m_keepBytes;
    const bool m_giveUp;
    const std::function<void(std::uint64_t)> m_committed;

    BlockEncoder m_encoder;
    std::vector<const Message*> m_open;
    std::vector<std::shared_ptr<const Batch>> m_openBatches; ///< keep the messages of m_open alive
    std::size_t m_openBytes = 0;
    Timestamp m_openSince = kNoTime; ///< when the first of m_open came
    std::vector<EncodedBlock> m_sealed;
    std::size_t m_sealedBytes = 0;
    Timestamp m_sealedSince = kNoTime;

    Timestamp m_lastMessage = kNoTime; ///< time of the last message taken
    Timestamp m_lastTick = kNoTime;
    Timestamp m_lastTry = kNoTime; ///< to commit
    std::uint64_t m_done = 0;      ///< messages of this capture that are committed, counted up to a loss
    std::uint64_t m_lossSeq = std::numeric_limits<std::uint64_t>::max(); ///< first message given up
    Timestamp m_lossEnd = kNoTime;                                       ///< time of the last one
    std::uint64_t m_gap = 0;                                             ///< open gap in the ledger; 0: none
    std::optional<Error> m_failure;
};

} // namespace weir
