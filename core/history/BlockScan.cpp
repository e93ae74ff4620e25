// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/history/BlockScan.h"

#include <algorithm>
#include <string>

namespace weir {
namespace {

constexpr std::int64_t kMax = std::numeric_limits<std::int64_t>::max();

std::int64_t asKey(std::uint64_t seq)
{
    return static_cast<std::int64_t>(std::min<std::uint64_t>(seq, kMax));
}

/// The one number of `sql` with `value` bound; nothing without a row.
Result<std::optional<std::int64_t>> lookUp(Database& database, const char* sql, std::int64_t value)
{
    auto statement = database.prepare(sql);
    if (!statement)
        return statement.error();
    statement->bind(1, value);
    const auto row = statement->step();
    if (!row)
        return row.error();
    return *row ? statement->optionalInteger(0) : std::nullopt;
}

} // namespace

FoundBlock blockOf(const Statement& found)
{
    FoundBlock block;
    BlockRow& row = block.row;
    row.firstSeq = found.count(0);
    row.lastSeq = found.count(1);
    row.recording = found.integer(2);
    row.count = found.count(3);
    row.timeMin = found.integer(4);
    row.timeMax = found.integer(5);
    row.timeHigh = found.integer(6);
    row.rawBytes = found.count(7);
    row.wireBytes = found.count(8);
    row.latencyMin = found.optionalInteger(9);
    row.latencyMax = found.optionalInteger(10);
    row.sizeMin = found.count(11);
    row.sizeMax = found.count(12);
    row.flags = found.count(13);
    block.checksum = static_cast<std::uint32_t>(found.integer(14));
    return block;
}

std::uint64_t FoundBlock::wanted() const
{
    if (isWhole())
        return row.count;
    const std::uint64_t first = std::max(from, row.firstSeq);
    const std::uint64_t last = std::min(to, row.lastSeq);
    return last < first ? 0 : std::min(row.count, last - first + 1);
}

Result<BlockScan> BlockScan::begin(Database& database, const HistoryQuery& query)
{
    BlockScan made;
    made.m_newestFirst = query.order == Order::NewestFirst;
    made.m_from = toUnixNanos(query.from);
    made.m_to = toUnixNanos(query.to);
    if (auto done = made.narrow(database, query); !done)
        return done.error();
    auto rows = database.prepare(
        std::string("SELECT * FROM block WHERE first_seq BETWEEN "
                    "coalesce((SELECT max(first_seq) FROM block WHERE first_seq <= ?1), ?1) AND ?2 "
                    "AND first_seq > ?5 AND max(first_seq, last_seq) >= ?1 AND time_max >= ?3 AND time_min < "
                    "?4 ORDER BY first_seq ") +
        (made.m_newestFirst ? "DESC LIMIT ?6" : "ASC LIMIT ?6"));
    if (!rows)
        return rows.error();
    made.m_rows = std::move(*rows);
    return made;
}

Result<void> BlockScan::narrow(Database& database, const HistoryQuery& query)
{
    const auto newest =
        database.number("SELECT max(first_seq, last_seq) FROM block ORDER BY first_seq DESC LIMIT 1");
    if (!newest)
        return newest.error();
    m_last = std::min(*newest, asKey(query.lastSeq));
    m_first = asKey(query.firstSeq);
    // time_high never falls: no block before the first that reaches `from` does, and none after the first
    // that is past `to` by the farthest that the clock was ever set back can begin before it.
    const auto reaching = lookUp(
        database, "SELECT first_seq FROM block WHERE time_high >= ? ORDER BY time_high, first_seq LIMIT 1",
        m_from);
    const auto setback = database.number("SELECT value FROM meta WHERE key = 'setback_ns'");
    if (!reaching)
        return reaching.error();
    if (!setback)
        return setback.error();
    m_first = std::max(m_first, reaching->value_or(kMax));
    if (m_to > kMax - *setback)
        return {};
    const auto past = lookUp(database,
                             "SELECT max(first_seq, last_seq) FROM block WHERE time_high >= ? ORDER BY "
                             "time_high, first_seq LIMIT 1",
                             m_to + *setback);
    if (!past)
        return past.error();
    m_last = std::min(m_last, past->value_or(kMax));
    return {};
}

Result<std::optional<FoundBlock>> BlockScan::next()
{
    auto found = next(1);
    if (!found)
        return found.error();
    return found->empty() ? std::nullopt : std::optional(found->front());
}

Result<std::vector<FoundBlock>> BlockScan::next(std::size_t most)
{
    std::vector<FoundBlock> found;
    if (m_first > m_last)
        return found;
    m_rows.bind(1, m_first).bind(2, m_last).bind(3, m_from).bind(4, m_to).bind(5, m_after);
    m_rows.bind(6, std::uint64_t{most});
    const auto read = m_rows.forEachRow([&]() -> Result<void> {
        take(blockOf(m_rows), found);
        return {};
    });
    m_rows.reset();
    if (!read)
        return read.error();
    return found;
}

void BlockScan::take(FoundBlock block, std::vector<FoundBlock>& into)
{
    if (!m_newestFirst && asKey(std::max(block.row.firstSeq, block.row.lastSeq)) < m_first)
        return; // damaged: it lies within the one before it
    block.from = static_cast<std::uint64_t>(m_first);
    block.to = static_cast<std::uint64_t>(m_last);
    if (m_newestFirst)
        m_last = asKey(block.row.firstSeq) - 1;
    else if (block.isSound())
        m_first = asKey(block.row.lastSeq) + 1;
    else // who knows where it ends
        m_after = asKey(block.row.firstSeq);
    into.push_back(block);
}

Result<bool> isAsFound(Database& database, const FoundBlock& found)
{
    auto row = database.prepare("SELECT last_seq, count, checksum FROM block WHERE first_seq = ?");
    if (!row)
        return row.error();
    const auto there = row->bind(1, found.row.firstSeq).step();
    if (!there)
        return there.error();
    return *there && row->count(0) == found.row.lastSeq && row->count(1) == found.row.count &&
           static_cast<std::uint32_t>(row->integer(2)) == found.checksum;
}

Error nameBlock(const FoundBlock& found, const Error& error)
{
    const BlockRow& row = found.row;
    return {error.code,
            "reading block " + std::to_string(row.firstSeq) + " (messages " + std::to_string(row.firstSeq) +
                " to " + std::to_string(row.lastSeq) + ")",
            error.why, "its messages are left out; the rest of the history is whole"};
}

} // namespace weir
