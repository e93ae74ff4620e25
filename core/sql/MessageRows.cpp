// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sql/MessageRows.h"

#include <algorithm>
#include <utility>

namespace weir {
namespace {

constexpr std::chrono::milliseconds kPatience{50};

/// The batch in the order of time; equal times as they lie.
std::shared_ptr<const Batch> sortedByTime(std::shared_ptr<const Batch> batch, Order order)
{
    const auto before = [order](const Message& a, const Message& b) {
        return order == Order::OldestFirst ? a.time < b.time : a.time > b.time;
    };
    if (std::is_sorted(batch->messages.begin(), batch->messages.end(), before))
        return batch;
    auto sorted = std::make_shared<Batch>(*batch);
    std::stable_sort(sorted->messages.begin(), sorted->messages.end(), before);
    return sorted;
}

} // namespace

Result<void> MessageRows::begin(SqlQuery query, const Interrupted& interrupted)
{
    if (const auto done = finish(); !done)
        return done.error();
    m_batch.reset();
    m_query = std::move(query);
    m_query.query.lastSeq = std::min(m_query.query.lastSeq, m_history.seqs().second);
    m_counting = m_query.countOnly;
    m_left = m_passed = 0;
    m_last = kNoTime;
    m_atEnd = false;
    if (m_query.nothing || m_query.query.firstSeq > m_query.query.lastSeq) {
        noteRead(true);
        return {};
    }
    if (auto done = start(m_counting ? HistoryCursor::Want::Count : HistoryCursor::Want::Messages); !done)
        return done;
    if (!m_counting)
        return fetch(interrupted);
    if (auto done = awaitNews(interrupted); !done)
        return done;
    const auto summary = finish();
    if (!summary)
        return summary.error();
    m_left = summary->matched;
    return {};
}

Result<void> MessageRows::advance(const Interrupted& interrupted)
{
    if (m_counting) {
        --m_left;
        ++m_passed;
        return {};
    }
    if (++m_row < m_batch->messages.size())
        return {};
    return fetch(interrupted);
}

Result<void> MessageRows::needMessage(const Interrupted& interrupted)
{
    if (!m_counting)
        return {};
    m_counting = false;
    if (auto done = start(HistoryCursor::Want::Messages); !done)
        return done;
    std::uint64_t passed = m_passed;
    for (;;) {
        if (auto done = fetch(interrupted); !done || !m_batch)
            return done;
        if (passed < m_batch->messages.size())
            break;
        passed -= m_batch->messages.size();
    }
    m_row = passed;
    return {};
}

Result<void> MessageRows::start(HistoryCursor::Want want)
{
    auto reader = m_history.takeReader();
    if (!reader)
        return reader.error();
    m_reader = std::move(*reader);
    m_cursor.emplace(*m_reader, m_query.query, want);
    return {};
}

Result<void> MessageRows::awaitNews(const Interrupted& interrupted)
{
    while (!m_cursor->wait(kPatience)) {
        if (interrupted())
            return Error{ErrorCode::Cancelled, "reading the history", "it was interrupted", {}};
    }
    return {};
}

Result<void> MessageRows::fetch(const Interrupted& interrupted)
{
    if (auto done = awaitNews(interrupted); !done)
        return done;
    m_row = 0;
    m_batch = m_cursor->next();
    if (!m_batch) {
        m_atEnd = true;
        const auto summary = finish();
        return summary ? Result<void>() : summary.error();
    }
    if (m_query.byTime)
        m_batch = sortedByTime(std::move(m_batch), m_query.query.order);
    m_last = m_batch->messages.back().time;
    return {};
}

Result<ScanSummary> MessageRows::finish()
{
    if (!m_cursor)
        return ScanSummary();
    const auto summary = m_cursor->finish();
    m_cursor.reset();
    m_history.giveBack(std::move(m_reader));
    if (!summary)
        return summary;
    for (const Error& damage : summary->damage)
        m_history.noteDamage(damage);
    noteRead(m_counting || m_atEnd);
    return summary;
}

void MessageRows::noteRead(bool whole)
{
    // Beyond where it stopped nobody looked.
    HistoryQuery& query = m_query.query;
    if (whole || m_last == kNoTime)
        m_history.noteRead(query.from, query.to);
    else if (query.order == Order::OldestFirst)
        m_history.noteRead(query.from, std::min(query.to, m_last + Nanoseconds(1)));
    else
        m_history.noteRead(std::max(query.from, m_last), query.to);
}

} // namespace weir
