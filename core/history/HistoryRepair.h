// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/history/BlockEncoder.h"
#include "core/history/BlockInspector.h"
#include "core/history/HistoryBuilder.h"
#include "core/history/HistoryCheck.h"

#include <filesystem>
#include <functional>
#include <map>

namespace weir {

/// What a repair could save, and what not.
struct RepairedHistory
{
    std::uint64_t messages = 0;     ///< in the new history
    std::uint64_t blocks = 0;       ///< as well
    std::uint64_t lostMessages = 0; ///< as far as anybody can know
    std::uint64_t damages = 0;
};

/// Copies all that is sound of a damaged history into a new one; what is not becomes a gap of cause
/// "damaged". Seqs, times, dictionaries' ids, recordings and gaps stay what they were. The damaged file is
/// only read.
class HistoryRepair
{
public:
    using Tell = HistoryCheck::Tell;
    using Progress = HistoryCheck::Progress;

    /// Both outlive it.
    HistoryRepair(Database& from, HistoryBuilder& to, Tell tell, Progress progress);
    [[nodiscard]] Result<RepairedHistory> run();

private:
    [[nodiscard]] Result<void> copyRecordings();
    [[nodiscard]] Result<void> copyNames();
    [[nodiscard]] Result<void> copySums();
    [[nodiscard]] Result<void> copyBrokerLooks();
    [[nodiscard]] Result<void> copyGaps();
    [[nodiscard]] Result<void> copyBlocks();
    /// The next block whose row can be read; the seqs of rows that cannot be read are told as lost.
    [[nodiscard]] Result<std::optional<FoundBlock>> nextRow();
    [[nodiscard]] Result<void> copyBlock(InspectedBlock& block);
    [[nodiscard]] Result<void> copyAsItIs(const InspectedBlock& block);
    [[nodiscard]] Result<void> encodeAnew(InspectedBlock& block);
    [[nodiscard]] Result<void> copyLarge(std::uint64_t seq);
    [[nodiscard]] Result<void> lose(const InspectedBlock& block, std::uint64_t messages);
    void tell(HistoryDamage damage);
    template<typename IdType>
    void copyDictionary(const char* table, Dictionary<IdType>& into);
    /// Fills up to the greatest id that `messages` name.
    void nameAll(const std::vector<Message>& messages);
    [[nodiscard]] std::int64_t recordingOf(const InspectedBlock& block) const;

    Database& m_from;
    HistoryBuilder& m_to;
    const Tell m_tell;
    const Progress m_progress;
    BlockInspector m_inspector;
    BlockEncoder m_encoder;
    RepairedHistory m_done;
    std::map<std::int64_t, bool> m_recordings; ///< those that are there
    std::int64_t m_recording = 0;              ///< of the last block
    std::int64_t m_key = -1;                   ///< first seq of the last row that was read
    std::uint64_t m_lastSeq = 0;               ///< that was copied or lost
    Timestamp m_lastTime = kNoTime;
};

} // namespace weir
