// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/broker/ObservedLook.h"
#include "core/history/Database.h"

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace weir {

/// A row of table `broker_look`.
struct LookRow
{
    std::int64_t id = 0;
    std::optional<std::int64_t> base;
    Timestamp time = kNoTime;
    std::uint64_t rawBytes = 0;
    std::string body;
};

/// Keeps what a broker said of itself beside the messages (FORMAT.md, "Looks at the broker"): a look that
/// shows something new within seconds, else one a minute. One thread (the store's).
class LookStore
{
public:
    [[nodiscard]] static Result<LookStore> begin(Database& database, std::int64_t recording);

    /// A new look.
    void offer(ObservedLook look);
    /// Something waits to be written.
    [[nodiscard]] bool hasNews() const { return !m_waiting.empty(); }
    /// Inside a transaction: writes what waits.
    [[nodiscard]] Result<void> write();
    /// That transaction is committed.
    void committed();
    /// No look comes any more.
    void end();

private:
    void keep(const ObservedLook& look);

    Statement m_insert;
    std::int64_t m_recording = 0;
    std::int64_t m_next = 1;
    std::optional<ObservedLook> m_last; ///< offered and not kept
    std::size_t m_shape = 0;            ///< of the one that was kept last
    Timestamp m_kept = kNoTime;         ///< its time
    std::int64_t m_base = 0;            ///< the last whole one; 0: none
    Timestamp m_baseTime = kNoTime;
    std::string m_baseText;
    std::vector<LookRow> m_waiting;
    std::size_t m_written = 0; ///< of them, by the transaction that is open
};

/// When looks were taken in [from, to), rising.
[[nodiscard]] Result<std::vector<Timestamp>> readLookTimes(Database& database, Timestamp from, Timestamp to);
/// The last look at or before `time`; none where there is none.
[[nodiscard]] Result<std::optional<ObservedLook>> readLook(Database& database, Timestamp time);
/// Reads all rows and hands what is wrong with one of them to `tell`.
[[nodiscard]] Result<void> checkLooks(Database& database, const std::function<void(std::string)>& tell);
/// Adds the sound looks of another history to those of `into`, with the recordings' ids there; hands what
/// is wrong with the others to `tell`.
[[nodiscard]] Result<void> copyLooks(Database& from, Database& into,
                                     const std::function<std::int64_t(std::int64_t)>& recordingOf,
                                     const std::function<void(std::string)>& tell);
/// Inside a transaction that removed the messages before `before`: of the time up to there whole looks stay,
/// one an hour.
[[nodiscard]] Result<void> forgetLooks(Database& database, Timestamp before);

} // namespace weir
