// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/history/HistoryReader.h"
#include "core/latency/Histogram.h"
#include "core/sql/SqlHistory.h"
#include "core/sql/SqlValue.h"

#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>

namespace weir {

/// The columns of table `rollups`, in their order.
enum class RollupColumn : std::uint8_t {
    FromTime,
    ToTime,
    Resolution,
    Pop,
    Worker,
    Identity,
    Evidence,
    Subjects,
    Messages,
    Bytes,
    Errors,
    P50,
    P90,
    P99,
    Max,
    WithoutLatency,
    ClockSkew,
};

/// For sqlite3_declare_vtab, and what the table is, for people.
inline constexpr const char* kRollupsDeclaration =
    "CREATE TABLE rollups(from_time TEXT COLLATE weir_time, to_time TEXT COLLATE weir_time, resolution TEXT, "
    "pop TEXT, worker TEXT, identity TEXT, evidence TEXT, subjects TEXT, messages INTEGER, bytes INTEGER, "
    "errors INTEGER, p50_us INTEGER, p90_us INTEGER, p99_us INTEGER, max_us INTEGER, without_latency "
    "INTEGER, "
    "clock_skew INTEGER)";
inline constexpr std::string_view kRollupsMeaning =
    "what the messages of each minute add up to, also of those that have expired; with resolution = "
    "'second'\n"
    "  of each second; subjects in groups (FORMAT.md, \"Sums\"); evidence as it was when the slot began;\n"
    "  percentiles at most 0.8 % above the true value; a row without any name: the rest of a slot with too "
    "many\n"
    "  to tell apart";

/// Which rows are wanted; what does not match exactly may come along.
struct RollupQuery
{
    Timestamp from = Timestamp::min();
    Timestamp to = Timestamp::max();
    std::int64_t width = kMinuteSlot; ///< 0: there are no such rows
    std::optional<std::string> pop;
    std::optional<std::string> identity;
};

/// The rows of one cursor on table `rollups`: by time, then by key. Reads on a thread of its own, some slots
/// ahead. Used by one thread.
class RollupRows
{
public:
    /// `history` outlives it.
    explicit RollupRows(SqlHistory& history) : m_history(history) {}
    ~RollupRows() { stop(); }
    RollupRows(const RollupRows&) = delete;
    RollupRows& operator=(const RollupRows&) = delete;

    /// Forgets what it was at; next() leads to the first row.
    [[nodiscard]] Result<void> begin(const RollupQuery& query);
    /// Waits some milliseconds; nothing: no row has come until then.
    [[nodiscard]] Result<bool> next();
    [[nodiscard]] bool atEnd() const { return m_atEnd; }
    [[nodiscard]] SqlValue value(RollupColumn column);

private:
    void stop();
    void read(const std::stop_token& stop);
    [[nodiscard]] bool put(RollupSlot slot, const std::stop_token& stop);
    [[nodiscard]] bool isWanted(const RollupCell& cell) const;
    [[nodiscard]] SqlValue percentile(double percent);
    [[nodiscard]] const RollupCell& cell() const { return m_slot.cells[m_cell]; }

    SqlHistory& m_history;
    RollupQuery m_query;
    std::unique_ptr<HistoryReader> m_reader;
    std::shared_ptr<const Names> m_names;
    RollupSlot m_slot; ///< the row is one of its cells
    std::size_t m_cell = 0;
    bool m_atEnd = true;
    std::unique_ptr<Histogram> m_latencies; ///< of the row, once asked for
    bool m_counted = false;

    std::mutex m_mutex;
    std::condition_variable_any m_taken;
    std::condition_variable m_news;
    std::deque<RollupSlot> m_ready;     // guarded by m_mutex
    std::optional<Result<void>> m_done; // guarded by m_mutex
    std::jthread m_thread;              ///< last: it ends before what it uses
};

} // namespace weir
