// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/history/BlockEncoder.h"
#include "core/history/HistoryBuilder.h"
#include "core/history/HistoryCheck.h"
#include "core/history/MergeSource.h"

#include <array>
#include <map>
#include <utility>
#include <vector>

namespace weir {

/// What became of two histories.
struct MergedHistory
{
    std::uint64_t messages = 0;
    std::uint64_t blocks = 0;
    std::uint64_t doubles = 0;      ///< were in both, and are there once
    std::uint64_t lostMessages = 0; ///< in damaged blocks
    std::uint64_t damages = 0;
};

/// Makes one history of two, by the time at which messages came. They get new numbers; what a stream has
/// under the same sequence and the same moment in both is kept once. Recordings and gaps are kept, ended as
/// they stand. Where different recordings overlap in time, their messages change places within a block's
/// length: a block belongs to one recording.
class HistoryMerge
{
public:
    HistoryMerge(MergeSource& first, MergeSource& second, HistoryBuilder& to, HistoryCheck::Tell tell,
                 HistoryCheck::Progress progress);
    [[nodiscard]] Result<MergedHistory> run();

private:
    using StreamPlace = std::pair<std::uint64_t, std::int64_t>; ///< sequence, and when the stream stored it
    /// A message that waits to be put into a block.
    struct Waiting
    {
        Message message;
        MergeSource* source;
        std::int64_t recording;
        std::shared_ptr<const ByteRoom> storage;
    };

    [[nodiscard]] Result<void> copyRecordings();
    [[nodiscard]] Result<void> copyGaps();
    /// Remembers what of the first's streams the second may have, too.
    [[nodiscard]] Result<void> findDoubles();
    [[nodiscard]] bool isDouble(const MergeSource& source) const;
    [[nodiscard]] Result<void> mergeMessages();
    [[nodiscard]] Result<void> take(MergeSource& source);
    [[nodiscard]] Result<void> write();
    [[nodiscard]] Result<void> writeRun(std::size_t from, std::size_t to);
    /// What is left of messages that have expired: the sums of their seconds.
    [[nodiscard]] Result<void> takeExpired();
    [[nodiscard]] Result<void> copyBrokerLooks();
    [[nodiscard]] Result<void> tellDamage();
    [[nodiscard]] Result<void> settleCounts();
    void tell(std::string what);

    std::array<MergeSource*, 2> m_sources;
    HistoryBuilder& m_to;
    const HistoryCheck::Tell m_tell;
    const HistoryCheck::Progress m_progress;
    BlockEncoder m_encoder;
    std::map<std::string, std::vector<StreamPlace>> m_places; ///< of the first, sorted
    std::map<std::int64_t, std::uint64_t> m_dropped;          ///< doubles by recording
    std::vector<Waiting> m_waiting;
    std::size_t m_waitingBytes = 0;
    std::uint64_t m_nextSeq = 1;
    MergedHistory m_done;
};

} // namespace weir
