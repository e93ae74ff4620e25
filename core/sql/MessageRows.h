// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/envelope/Names.h"
#include "core/history/HistoryCursor.h"
#include "core/sql/Pushdown.h"
#include "core/sql/SqlHistory.h"

#include <functional>
#include <memory>
#include <optional>

namespace weir {

/// The rows of one cursor on table `messages`, one after the other, a few blocks in memory. One thread.
class MessageRows
{
public:
    /// Asked now and then while nothing matches: whether to give up.
    using Interrupted = std::function<bool()>;

    /// `history` outlives it.
    explicit MessageRows(SqlHistory& history) : m_history(history) {}
    ~MessageRows() { (void)finish(); }
    MessageRows(const MessageRows&) = delete;
    MessageRows& operator=(const MessageRows&) = delete;

    /// Forgets what it was at, and goes to the first row of `query`.
    [[nodiscard]] Result<void> begin(SqlQuery query, const Interrupted& interrupted);
    [[nodiscard]] Result<void> advance(const Interrupted& interrupted);
    [[nodiscard]] bool atEnd() const { return m_counting ? m_left == 0 : !m_batch; }

    /// The row's message, with what the plan said that is looked at; null where that was nothing.
    [[nodiscard]] const Message* message() const { return m_batch ? &m_batch->messages[m_row] : nullptr; }
    [[nodiscard]] const Names& names() const { return *m_batch->names; }
    [[nodiscard]] const std::optional<std::string>& filter() const { return m_query.filter; }
    /// Somebody looks at the message after all.
    [[nodiscard]] Result<void> needMessage(const Interrupted& interrupted);

private:
    [[nodiscard]] Result<void> start(HistoryCursor::Want want);
    [[nodiscard]] Result<void> awaitNews(const Interrupted& interrupted);
    [[nodiscard]] Result<void> fetch(const Interrupted& interrupted);
    /// Ends the scan, and takes down what it did.
    [[nodiscard]] Result<ScanSummary> finish();
    void noteRead(bool whole);

    SqlHistory& m_history;
    SqlQuery m_query;
    std::unique_ptr<HistoryReader> m_reader;
    std::optional<HistoryCursor> m_cursor;
    std::shared_ptr<const Batch> m_batch;
    std::size_t m_row = 0;
    Timestamp m_last = kNoTime; ///< of the last batch
    bool m_atEnd = false;       ///< all batches were taken
    bool m_counting = false;
    std::uint64_t m_left = 0; ///< of the rows that are only counted, this one included
    std::uint64_t m_passed = 0;
};

} // namespace weir
