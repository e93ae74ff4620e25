// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/history/BlockInspector.h"
#include "core/history/Database.h"
#include "core/history/TraceGroups.h"

#include <cstdint>
#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

namespace weir {

/// Something in a history that is not as it must be; of one block, or of the file.
struct HistoryDamage
{
    std::optional<std::uint64_t> block; ///< its first seq
    std::uint64_t firstSeq = 0;
    std::uint64_t lastSeq = 0;
    Timestamp from = kNoTime;
    Timestamp to = kNoTime;
    std::vector<std::string> what;
};

/// What was looked at.
struct CheckedHistory
{
    std::uint64_t blocks = 0;
    std::uint64_t messages = 0;
    std::uint64_t damages = 0;
};

/// Checks a whole history: every row, checksum, column, index and large payload against each other, and the
/// rules of FORMAT.md. Changes nothing.
class HistoryCheck
{
public:
    using Tell = std::function<void(const HistoryDamage&)>;
    using Progress = std::function<void(std::uint64_t done, std::uint64_t blocks)>;

    /// `database` outlives it.
    HistoryCheck(Database& database, Tell tell, Progress progress);
    /// In one snapshot: a history that is being written is checked as it was when this began.
    [[nodiscard]] Result<CheckedHistory> run();

private:
    [[nodiscard]] Result<void> checkAll();
    [[nodiscard]] Result<void> checkPages();
    [[nodiscard]] Result<void> checkDictionaries();
    struct CountedNames
    {
        std::uint64_t count = 0;
        std::uint64_t distinct = 0;
        std::uint64_t last = 0; ///< id
    };
    [[nodiscard]] Result<CountedNames> countNames(const char* table);
    [[nodiscard]] Result<void> checkRows();
    [[nodiscard]] Result<void> checkBlocks();
    [[nodiscard]] Result<void> checkCounts();
    [[nodiscard]] Result<void> checkSums();
    [[nodiscard]] Result<void> checkTraces();
    [[nodiscard]] Result<void> checkBrokerLooks();
    void checkGroup(const InspectedBlock& block, TraceGroups& groups, std::vector<std::string>& faults) const;
    void checkOrder(const InspectedBlock& block, std::vector<std::string>& faults);
    void tell(std::string what);
    /// Tells each row of `sql` (a number), with `what` before and `after` behind it.
    [[nodiscard]] Result<void> tellEach(const char* sql, const std::string& what, const std::string& after);

    Database& m_database;
    const Tell m_tell;
    const Progress m_progress;
    CheckedHistory m_checked;
    BlockInspector m_inspector;
    std::optional<BlockRow> m_before; ///< the last block whose row is sound
    std::int64_t m_setback = 0;
};

} // namespace weir
