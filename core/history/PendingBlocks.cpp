// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/history/PendingBlocks.h"

#include <algorithm>
#include <utility>

namespace weir {
namespace {

constexpr std::size_t kCommitBytes = 8U << 20U; ///< sealed bytes that do not wait for the time to pass
constexpr Nanoseconds kTickPeriod =
    std::chrono::milliseconds(100);                         ///< BatchSink: ticks come so often at least
constexpr Nanoseconds kHeartbeat = std::chrono::seconds(5); ///< how far an idle recording's row may lag
constexpr std::size_t kRowBytes = 40;                       ///< about what a message's own columns take

} // namespace

PendingBlocks::PendingBlocks(std::unique_ptr<Recording> recording, CoverageLedger& ledger,
                             Nanoseconds flushEvery, std::size_t keepBytes, bool giveUp,
                             std::function<void(std::uint64_t)> committed)
    : m_recording(std::move(recording)),
      m_ledger(ledger),
      m_flushEvery(flushEvery),
      m_keepBytes(keepBytes),
      m_giveUp(giveUp),
      m_committed(std::move(committed))
{
}

void PendingBlocks::add(const std::shared_ptr<const Batch>& batch, Timestamp now)
{
    for (const Message& message : batch->messages) {
        if (m_open.empty())
            m_openSince = now;
        if (m_openBatches.empty() || m_openBatches.back() != batch)
            m_openBatches.push_back(batch);
        take(message);
    }
    if (m_failure && m_giveUp)
        giveUpBeyond(m_keepBytes);
    else if (!m_failure && m_sealedBytes >= kCommitBytes)
        flush(now);
}

void PendingBlocks::take(const Message& message)
{
    m_open.push_back(&message);
    m_lastMessage = std::max(m_lastMessage, message.time);
    m_openBytes += kRowBytes + message.headers.size() + message.reply.size();
    if (message.payload.size() <= kLargePayload)
        m_openBytes += message.payload.size();
    if (m_open.size() >= kBlockMessages || m_openBytes >= kBlockBytes)
        seal();
}

void PendingBlocks::seal()
{
    if (m_open.empty())
        return;
    if (m_sealed.empty())
        m_sealedSince = m_openSince;
    m_sealed.push_back(m_encoder.encode(m_open));
    m_sealed.back().seconds = m_recording->rollups().sum(m_open);
    m_sealedBytes += m_sealed.back().footprint();
    m_open.clear();
    m_openBatches.clear();
    m_openBytes = 0;
}

Timestamp PendingBlocks::oldest() const
{
    if (!m_sealed.empty())
        return m_sealedSince;
    return m_open.empty() ? kNoTime : m_openSince;
}

bool PendingBlocks::due(Timestamp now, Nanoseconds tickPeriod) const
{
    if (m_failure)
        return now - m_lastTry >= m_flushEvery;
    if (oldest() != kNoTime)
        return oldest() + m_flushEvery < now + tickPeriod || oldest() + m_flushEvery <= now;
    if (m_lastTry != kNoTime && now - m_lastTry < m_flushEvery)
        return false;
    return m_lastTry == kNoTime || now - m_lastTry >= kHeartbeat || m_recording->hasNews(m_ledger);
}

void PendingBlocks::tick(Timestamp now)
{
    const Nanoseconds period =
        m_lastTick == kNoTime ? Nanoseconds(0) : std::min(now - m_lastTick, kTickPeriod);
    m_lastTick = now;
    if (!due(now, period))
        return;
    seal();
    flush(now);
}

Result<void> PendingBlocks::end(Timestamp now)
{
    seal();
    flush(now);
    if (m_failure)
        giveUpBeyond(0);
    if (m_failure)
        return *m_failure;
    return m_recording->end(m_ledger, now);
}

void PendingBlocks::flush(Timestamp now)
{
    m_lastTry = now;
    const bool probing = m_failure.has_value(); // one block first: do not fill a full disk in vain
    auto done = commitFirst(probing ? std::min<std::size_t>(m_sealed.size(), 1) : m_sealed.size(), now);
    if (done && probing) {
        recovered();
        done = commitFirst(m_sealed.size(), now);
    }
    if (done)
        return;
    m_failure = done.error();
    if (m_giveUp)
        giveUpBeyond(m_keepBytes);
}

Result<void> PendingBlocks::commitFirst(std::size_t count, Timestamp now)
{
    // What is settled ends with the last message of this transaction; on a quiet feed a flush interval ago,
    // because a message that has come just now may still be on its way to us.
    Timestamp settled = std::max(m_lastMessage, now - m_flushEvery);
    if (count < m_sealed.size() || !m_open.empty())
        settled = count == 0 ? kNoTime : fromUnixNanos(m_sealed[count - 1].row.timeMax);
    if (auto done = m_recording->commit(std::span(m_sealed).first(count), m_ledger, settled); !done)
        return done;
    std::uint64_t stored = 0;
    for (std::size_t i = 0; i < count; ++i) {
        stored += m_sealed[i].row.count;
        m_done += m_sealed[i].row.firstSeq < m_lossSeq ? m_sealed[i].row.count : 0;
        m_sealedBytes -= m_sealed[i].footprint();
    }
    m_sealed.erase(m_sealed.begin(), m_sealed.begin() + static_cast<std::ptrdiff_t>(count));
    if (stored == 0)
        return {};
    m_ledger.stored(stored);
    if (m_committed)
        m_committed(m_done);
    return {};
}

void PendingBlocks::giveUpBeyond(std::size_t bytes)
{
    while (m_sealedBytes > bytes && !m_sealed.empty()) {
        const EncodedBlock& newest = m_sealed.back();
        if (m_gap == 0)
            m_gap = m_ledger.beginGap({fromUnixNanos(newest.row.timeMin), kNoTime, GapCause::StoreFailed, 0,
                                       false, m_failure->line()});
        m_lossSeq = std::min(m_lossSeq, newest.row.firstSeq);
        m_lossEnd = std::max(m_lossEnd, fromUnixNanos(newest.row.timeMax));
        m_ledger.failed(newest.row.count);
        m_ledger.addToGap(m_gap, newest.row.count, false);
        m_sealedBytes -= newest.footprint();
        m_sealed.pop_back();
    }
}

void PendingBlocks::recovered()
{
    m_failure.reset();
    if (m_gap == 0)
        return;
    m_ledger.endGap(m_gap, m_lossEnd);
    m_gap = 0;
}

} // namespace weir
