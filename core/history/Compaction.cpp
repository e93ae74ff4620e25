// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/history/Compaction.h"

#include "core/history/ReadBack.h"

#include <algorithm>
#include <numeric>

namespace weir {
namespace {

constexpr std::int64_t kRowsAtOnce = 512; ///< that one step looks at
constexpr std::size_t kFewest = 16;       ///< blocks that are merged while more may come
constexpr std::size_t kMostBeside = 64;   ///< blocks that are merged beside a recording
constexpr std::uint64_t kGrowth = 4;      ///< such a merge makes each message's block so many times greater

std::uint64_t weight(const FoundBlock& block)
{
    // As full as its messages or its bytes make it, in messages.
    return std::max(block.row.count, block.row.rawBytes * kBlockMessages / kBlockBytes);
}

std::uint64_t sum(std::span<const FoundBlock> run, std::uint64_t (*of)(const FoundBlock&))
{
    return std::accumulate(run.begin(), run.end(), std::uint64_t{0},
                           [of](std::uint64_t all, const FoundBlock& block) { return all + of(block); });
}

std::uint64_t greatest(std::span<const FoundBlock> run)
{
    std::uint64_t most = 0;
    for (const FoundBlock& block : run)
        most = std::max(most, weight(block));
    return most;
}

} // namespace

Result<bool> Compaction::step(Timestamp until)
{
    const auto rows = readRows(until);
    if (!rows)
        return rows.error();
    const bool more = rows->size() == static_cast<std::size_t>(kRowsAtOnce);
    for (std::size_t at = 0; at < rows->size();) {
        const Run left = Run(*rows).subspan(at);
        const Run run = fitting(left);
        const bool grows = run.size() == left.size(); // to the end of what we know
        if (grows && more && at > 0) {
            m_from = left.front().row.firstSeq;
            return true;
        }
        const Run chosen = worthwhile(run, grows && m_pace == Pace::Beside);
        if (!chosen.empty()) {
            if (auto done = merge(chosen); !done)
                return done.error();
            return true;
        }
        if (grows && !more) {
            // Beside a recording the run waits for more; alone it is settled.
            m_from = m_pace == Pace::Beside ? left.front().row.firstSeq : left.back().row.firstSeq + 1;
            return false;
        }
        at += grows ? run.size() : 1;
        m_from = rows->at(at - 1).row.firstSeq + 1;
    }
    return more;
}

Result<std::vector<FoundBlock>> Compaction::readRows(Timestamp until)
{
    auto rows = m_database.prepare("SELECT * FROM block WHERE first_seq >= ? ORDER BY first_seq LIMIT ?");
    if (!rows)
        return rows.error();
    rows->bind(1, m_from).bind(2, kRowsAtOnce);
    std::vector<FoundBlock> found;
    bool old = true;
    const auto read = rows->forEachRow([&]() -> Result<void> {
        const FoundBlock block = blockOf(*rows);
        old = old && fromUnixNanos(block.row.timeMax) < until;
        if (old)
            found.push_back(block);
        return {};
    });
    if (!read)
        return read.error();
    return found;
}

Compaction::Run Compaction::fitting(Run blocks)
{
    std::uint64_t messages = 0;
    std::uint64_t bytes = 0;
    std::size_t count = 0;
    for (const FoundBlock& block : blocks) {
        messages += block.row.count;
        bytes += block.row.rawBytes;
        const bool fits = messages <= kBlockMessages && bytes <= kBlockBytes;
        if (count > 0 && (!fits || block.row.recording != blocks.front().row.recording))
            break;
        ++count;
        if (!block.isSound())
            break; // never touched, and nothing goes over it
    }
    const bool sound = blocks[count - 1].isSound();
    return blocks.first(sound || count == 1 ? count : count - 1);
}

Compaction::Run Compaction::worthwhile(Run run, bool grows) const
{
    if (run.size() < 2 || !run.front().isSound())
        return {};
    // The longest end of it that makes a block so much greater than each of its parts.
    const bool beside = m_pace == Pace::Beside;
    for (std::size_t at = 0; at + (grows ? kFewest : 2) <= run.size(); ++at) {
        const Run whole = run.subspan(at);
        const Run tail = beside ? whole.first(std::min(whole.size(), kMostBeside)) : whole;
        const std::uint64_t least = greatest(tail);
        const std::uint64_t all = sum(tail, weight);
        if (grows ? kGrowth * least <= all : beside ? 2 * least < all : 4 * least <= 3 * all)
            return tail;
    }
    return {};
}

Result<void> Compaction::merge(Run run)
{
    std::vector<InspectedBlock> parts;
    std::vector<const Message*> messages;
    if (auto begun = m_inspector.begin(); !begun)
        return begun;
    for (const FoundBlock& block : run) {
        parts.push_back(m_inspector.inspect(block, BlockInspector::Large::Unread));
        if (!parts.back().faults.empty()) {
            // What is damaged stays as it is, for verify and repair to name.
            ++m_done.damagedBlocks;
            m_from = block.row.firstSeq + 1;
            return {};
        }
    }
    for (const InspectedBlock& part : parts) {
        for (const Message& message : part.messages)
            messages.push_back(&message);
    }
    EncodedBlock merged = m_encoder.encode(messages);
    if (auto same = readBack(merged, messages); !same)
        return same;
    BlockRow& row = merged.row;
    row.recording = run.front().row.recording;
    row.timeHigh = run.back().row.timeHigh;
    row.wireBytes = sum(run, [](const FoundBlock& block) { return block.row.wireBytes; });
    if (auto begun = m_database.run("BEGIN IMMEDIATE"); !begun)
        return begun;
    auto done = replace(run, merged);
    if (done)
        done = m_database.run("COMMIT");
    if (!done) {
        m_database.rollback();
        return done;
    }
    ++m_done.merges;
    m_done.blocksBefore += run.size();
    ++m_done.blocksAfter;
    return {};
}

Result<void> Compaction::replace(Run run, const EncodedBlock& merged)
{
    if (!m_blocks) {
        auto blocks = BlockTable::prepare(m_database);
        if (!blocks)
            return blocks.error();
        m_blocks = std::move(*blocks);
    }
    for (const FoundBlock& block : run) {
        const auto there = isAsFound(m_database, block);
        if (!there)
            return there.error();
        if (!*there)
            return Error{ErrorCode::Busy, "merging blocks", "they were changed meanwhile", {}};
        if (auto done = m_blocks->remove(block.row.firstSeq); !done)
            return done;
    }
    if (auto done = m_blocks->insert(merged); !done)
        return done;
    return raiseGeneration(m_database);
}

} // namespace weir
