// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/history/Retention.h"

#include "core/history/ExpiredGap.h"
#include "core/history/LookStore.h"
#include "core/history/TraceGroupStore.h"

#include <algorithm>
#include <utility>

namespace weir {
namespace {

constexpr int kBlocksAtOnce = 16;           ///< in one transaction
constexpr std::int64_t kPagesAtOnce = 64;   ///< as well
constexpr std::int64_t kFreeKept = 64;      ///< pages that stay free, for what comes next
constexpr std::int64_t kFreeAtMost = 4'096; ///< more are given back even while blocks are being removed

} // namespace

Result<void> vacuum(Database& database, std::int64_t pages)
{
    return database.run(("PRAGMA incremental_vacuum(" + std::to_string(pages) + ")").c_str());
}

Retention::Retention(Database& database, std::int64_t recording, KeepLimits keep)
    : m_database(database), m_recording(recording), m_keep(std::move(keep))
{
}

Result<bool> Retention::step(Timestamp now, Until until)
{
    bool removed = false;
    do {
        const auto oldest = expired(now);
        if (!oldest)
            return oldest.error();
        if (!*oldest)
            break;
        if (auto done = removeSome(now); !done)
            return done.error();
        removed = true;
    } while (std::chrono::steady_clock::now() < until);
    // Where blocks go as fast as others come, the room is used again at once.
    const std::int64_t kept = removed ? kFreeAtMost : kFreeKept;
    for (bool any = false;; any = true) {
        const auto free = freePages();
        if (!free)
            return free.error();
        if (*free <= kept) {
            // Only a checkpoint makes the file itself shorter.
            if (auto done = any ? m_database.run("PRAGMA wal_checkpoint(PASSIVE)") : Result<void>(); !done)
                return done.error();
            return removed;
        }
        if (std::chrono::steady_clock::now() >= until)
            return true;
        if (auto done = vacuum(m_database, std::min(*free - kept, kPagesAtOnce)); !done)
            return done.error();
    }
}

Result<void> Retention::end()
{
    const auto free = freePages();
    if (!free)
        return free.error();
    return *free > 0 && *free <= kFreeAtMost ? vacuum(m_database, *free) : Result<void>();
}

Result<std::optional<Retention::OldBlock>> Retention::expired(Timestamp now)
{
    auto oldest = m_database.prepare(
        "SELECT first_seq, last_seq, count, time_min, time_max FROM block ORDER BY first_seq LIMIT 1");
    if (!oldest)
        return oldest.error();
    const auto found = oldest->step();
    if (!found)
        return found.error();
    if (!*found)
        return std::optional<OldBlock>();
    const OldBlock block{oldest->count(0), oldest->count(1), oldest->count(2), oldest->integer(3),
                         oldest->integer(4)};
    oldest->reset();
    if (m_keep.age.count() > 0 && fromUnixNanos(block.timeMax) < now - m_keep.age)
        return std::optional(block);
    const auto large = isTooLarge();
    if (!large)
        return large.error();
    return *large ? std::optional(block) : std::nullopt;
}

/// The pages in use; the newest block stays however small the limit is.
Result<bool> Retention::isTooLarge()
{
    if (m_keep.bytes == 0)
        return false;
    const auto size = m_database.number("PRAGMA page_size");
    const auto pages = m_database.number("PRAGMA page_count");
    const auto free = freePages();
    const auto blocks = m_database.number("SELECT count(*) FROM (SELECT 1 FROM block LIMIT 2)");
    for (const auto* number : {&size, &pages, &free, &blocks}) {
        if (!*number)
            return number->error();
    }
    return *blocks > 1 && static_cast<std::uint64_t>((*pages - *free) * *size) > m_keep.bytes;
}

Result<void> Retention::removeSome(Timestamp now)
{
    if (!m_blocks) {
        auto blocks = BlockTable::prepare(m_database);
        if (!blocks)
            return blocks.error();
        m_blocks = std::move(*blocks);
    }
    if (auto begun = m_database.run("BEGIN IMMEDIATE"); !begun)
        return begun;
    auto done = removeInside(now);
    if (done)
        done = m_database.run("COMMIT");
    if (!done)
        m_database.rollback();
    return done;
}

Result<void> Retention::removeInside(Timestamp now)
{
    ExpiredStretch all;
    for (int i = 0; i < kBlocksAtOnce; ++i) {
        const auto oldest = expired(now);
        if (!oldest)
            return oldest.error();
        if (!*oldest)
            break;
        const OldBlock& block = **oldest;
        if (auto done = m_blocks->remove(block.firstSeq); !done)
            return done;
        if (auto done = m_blocks->removeLarge(block.firstSeq, block.lastSeq); !done)
            return done;
        all.add(block.lastSeq, block.messages, block.timeMin, block.timeMax);
    }
    // One gap for all that ever expired, however many blocks that were.
    if (auto done = writeExpired(m_database, m_recording, all, {}, inWords()); !done)
        return done;
    if (auto done = forgetTraces(m_database); !done)
        return done;
    if (auto done = forgetLooks(m_database, fromUnixNanos(all.timeMax)); !done)
        return done;
    return raiseGeneration(m_database);
}

Result<std::int64_t> Retention::freePages()
{
    return m_database.number("PRAGMA freelist_count");
}

std::string Retention::inWords() const
{
    std::string words;
    if (m_keep.age.count() > 0)
        words = "the last " + formatDuration(m_keep.age);
    if (m_keep.bytes > 0)
        words += (words.empty() ? "" : ", and ") + std::to_string((m_keep.bytes + 500'000) / 1'000'000) +
                 " MB at the most";
    return words;
}

} // namespace weir
