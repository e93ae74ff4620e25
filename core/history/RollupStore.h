// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/history/BlockFormat.h"
#include "core/history/Database.h"
#include "core/history/HistoryReader.h"
#include "core/history/RollupBuilder.h"
#include "core/history/RollupCodec.h"
#include "core/history/RollupSum.h"

#include <functional>
#include <memory>
#include <span>
#include <stop_token>
#include <vector>

namespace weir {

/// Sums up what a recording commits, second by second and minute by minute, and writes what is over with a
/// later transaction of it. What a crash keeps from being written is summed up from the messages at the next
/// start: the sums of a width always are of all messages up to some seq. One thread (the store's).
class RollupStore
{
public:
    /// Sums up what is committed and not yet in the sums.
    [[nodiscard]] static Result<std::unique_ptr<RollupStore>> begin(Database& database,
                                                                    std::shared_ptr<Names> names);

    /// For the encoder's thread: the sums of one block, for EncodedBlock::seconds.
    [[nodiscard]] std::vector<RollupSlot> sum(std::span<const Message* const> messages)
    {
        return m_builder.sum(messages);
    }

    /// Inside a transaction: writes what is over.
    [[nodiscard]] Result<void> write();
    /// That transaction is committed, and `blocks` with it.
    void committed(std::span<const EncodedBlock> blocks);
    /// One second that was summed up elsewhere, behind those that are known.
    void add(const RollupSlot& second);
    /// No message comes that was received before `time`.
    void settle(Timestamp time);
    /// No message comes any more.
    void end();

private:
    RollupStore(std::shared_ptr<Names> names) : m_builder(std::move(names)) {}

    [[nodiscard]] Result<void> prepare(Database& database);
    [[nodiscard]] Result<void> resume(Database& database, const Names& names);
    void closeSecond();
    void closeMinute();

    RollupBuilder m_builder;
    RollupSum m_second{kSecondSlot};
    RollupSum m_minute{kMinuteSlot};
    Compressor m_compressor;
    std::vector<RollupRow> m_over; ///< not yet in the file
    std::size_t m_written = 0;     ///< of them, by the transaction that is open
    Statement m_insert;
};

/// Reads sums, by start. `visit` false to stop.
[[nodiscard]] Result<void> readRollups(Database& database, const SumRows& wanted,
                                       const std::function<bool(RollupSlot&)>& visit);

/// Reads all rows and hands what is wrong with one of them to `tell`.
[[nodiscard]] Result<void> checkRollups(Database& database, const std::function<void(std::string)>& tell);

/// Hands the sums of each second to `visit` all of whose messages come before seq `before`, by start, and
/// what is wrong with a damaged one to `tell`.
[[nodiscard]] Result<void> readSecondsBefore(Database& database, std::uint64_t before,
                                             const std::function<Result<void>(RollupSlot&)>& visit,
                                             const std::function<void(std::string)>& tell);

/// The seqs [first, last] whose messages are in the sums of `width`; last < first while there are none.
[[nodiscard]] Result<std::pair<std::uint64_t, std::uint64_t>> readSummedSeqs(Database& database,
                                                                             std::int64_t width);

} // namespace weir
