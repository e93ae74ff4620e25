// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/history/RollupStore.h"

#include "core/history/BlockLoader.h"
#include "core/history/BlockScan.h"
#include "core/history/Schema.h"

#include <algorithm>
#include <limits>
#include <utility>

namespace weir {
namespace {

RollupRow rowOf(const Statement& found)
{
    RollupRow row;
    row.width = found.integer(0);
    row.start = found.integer(1);
    row.firstSeq = found.count(2);
    row.lastSeq = found.count(3);
    row.codec = static_cast<Codec>(found.integer(4));
    row.rawBytes = found.count(5);
    row.body = found.bytes(7);
    return row;
}

std::string rowName(const Statement& found)
{
    const Timestamp start{std::chrono::seconds(found.integer(1))};
    return "the " + std::to_string(found.integer(0)) + " s from " + formatRfc3339(start);
}

Result<RollupSlot> slotOf(const Statement& found, Decompressor& decompressor)
{
    const RollupRow row = rowOf(found);
    if (row.checksum() != found.count(6))
        return Error{ErrorCode::Format, "reading the sums of the second " + std::to_string(row.start),
                     "their checksum differs", "weir history verify tells what else is damaged"};
    return decodeRollup(row, decompressor);
}

Result<void> readRows(Statement& rows, const std::function<Result<bool>(RollupSlot&)>& visit)
{
    Decompressor decompressor;
    for (;;) {
        const auto there = rows.step();
        if (!there)
            return there.error();
        if (!*there)
            return {};
        auto slot = slotOf(rows, decompressor);
        if (!slot)
            return slot.error();
        const auto more = visit(*slot);
        if (!more || !*more)
            return more ? Result<void>() : more.error();
    }
}

} // namespace

Result<void> checkRollups(Database& database, const std::function<void(std::string)>& tell)
{
    const auto summedUp = hasTable(database, "rollup");
    if (!summedUp || !*summedUp)
        return summedUp ? Result<void>() : summedUp.error();
    auto rows = database.prepare("SELECT width, start, first_seq, last_seq, codec, raw_bytes, checksum, body "
                                 "FROM rollup ORDER BY id");
    if (!rows)
        return rows.error();
    Decompressor decompressor;
    return rows->forEachRow([&]() -> Result<void> {
        if (const auto slot = slotOf(*rows, decompressor); !slot)
            tell("sums of " + rowName(*rows) + ": " + slot.error().why);
        return {};
    });
}

Result<void> readSecondsBefore(Database& database, std::uint64_t before,
                               const std::function<Result<void>(RollupSlot&)>& visit,
                               const std::function<void(std::string)>& tell)
{
    const auto summedUp = hasTable(database, "rollup");
    if (!summedUp || !*summedUp)
        return summedUp ? Result<void>() : summedUp.error();
    auto rows = database.prepare("SELECT width, start, first_seq, last_seq, codec, raw_bytes, checksum, body "
                                 "FROM rollup WHERE width = ?1 AND last_seq < ?2 ORDER BY start, first_seq");
    if (!rows)
        return rows.error();
    rows->bind(1, kSecondSlot).bind(2, before);
    Decompressor decompressor;
    return rows->forEachRow([&]() -> Result<void> {
        auto slot = slotOf(*rows, decompressor);
        if (slot)
            return visit(*slot);
        tell("sums of " + rowName(*rows) + ": " + slot.error().why);
        return {};
    });
}

Result<std::pair<std::uint64_t, std::uint64_t>> readSummedSeqs(Database& database, std::int64_t width)
{
    const auto from = database.number("SELECT value FROM meta WHERE key = 'rollup_from'");
    if (!from)
        return from.error();
    auto last = database.prepare("SELECT max(last_seq) FROM rollup WHERE width = ?");
    if (!last)
        return last.error();
    if (const auto row = last->bind(1, width).step(); !row)
        return row.error();
    const auto first = static_cast<std::uint64_t>(*from);
    return std::pair(first, std::max(first - 1, last->count(0)));
}

Result<void> readRollups(Database& database, const SumRows& wanted,
                         const std::function<bool(RollupSlot&)>& visit)
{
    auto rows = database.prepare(
        "SELECT width, start, first_seq, last_seq, codec, raw_bytes, checksum, body FROM rollup "
        "WHERE width = ?1 AND start > ?2 AND start < ?3 AND first_seq >= ?4 AND last_seq <= ?5 "
        "ORDER BY start, first_seq");
    if (!rows)
        return rows.error();
    constexpr auto kMost = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
    // A slot that begins before `from` may reach it.
    const bool lowest = wanted.from < std::numeric_limits<std::int64_t>::min() + wanted.width;
    rows->bind(1, wanted.width).bind(2, lowest ? wanted.from : wanted.from - wanted.width);
    rows->bind(3, wanted.to).bind(4, wanted.firstSeq).bind(5, std::min(wanted.lastSeq, kMost));
    return readRows(*rows, [&](RollupSlot& slot) -> Result<bool> { return visit(slot); });
}

Result<std::unique_ptr<RollupStore>> RollupStore::begin(Database& database, std::shared_ptr<Names> names)
{
    const Names& known = *names;
    std::unique_ptr<RollupStore> made(new RollupStore(std::move(names)));
    if (auto done = made->prepare(database); !done)
        return done.error();
    if (auto done = made->resume(database, known); !done)
        return done.error();
    return made;
}

Result<void> RollupStore::prepare(Database& database)
{
    auto insert =
        database.prepare("INSERT INTO rollup(width, start, first_seq, last_seq, codec, raw_bytes, checksum, "
                         "body) VALUES(?, ?, ?, ?, ?, ?, ?, ?)");
    if (!insert)
        return insert.error();
    m_insert = std::move(*insert);
    return {};
}

Result<void> RollupStore::resume(Database& database, const Names& names)
{
    const auto minutes = readSummedSeqs(database, kMinuteSlot);
    const auto seconds = readSummedSeqs(database, kSecondSlot);
    if (!minutes || !seconds)
        return minutes ? seconds.error() : minutes.error();
    auto rows = database.prepare(
        "SELECT width, start, first_seq, last_seq, codec, raw_bytes, checksum, body FROM rollup "
        "WHERE width = ?1 AND first_seq > ?2 ORDER BY first_seq");
    if (!rows)
        return rows.error();
    rows->bind(1, kSecondSlot).bind(2, minutes->second);
    auto done = readRows(*rows, [&](RollupSlot& slot) -> Result<bool> {
        if (!m_minute.isEmpty() && m_minute.startOf(slot.start) != m_minute.start())
            closeMinute();
        m_minute.add(slot);
        return true;
    });
    if (!done)
        return done;
    HistoryQuery query;
    query.firstSeq = seconds->second + 1;
    query.columns = kEnvelopeOnly | bit(Column::Headers);
    auto blocks = BlockScan::begin(database, query);
    if (!blocks)
        return blocks.error();
    const NameViews views; // ids are all that is summed up by
    BlockLoader loader(database, query, names, views);
    for (;;) {
        const auto found = blocks->next();
        if (!found)
            return found.error();
        if (!*found)
            return {};
        const auto loaded = loader.load(**found);
        if (!loaded)
            continue; // damaged: nobody can read its messages any more, either
        std::vector<const Message*> messages;
        for (const Message& message : loaded->messages)
            messages.push_back(&message);
        for (const RollupSlot& slot : m_builder.sum(messages))
            add(slot);
    }
}

void RollupStore::add(const RollupSlot& second)
{
    if (!m_second.isEmpty() && m_second.start() != second.start)
        closeSecond();
    m_second.add(second);
}

void RollupStore::closeSecond()
{
    const RollupSlot second = m_second.take();
    m_over.push_back(encodeRollup(second, m_compressor));
    if (!m_minute.isEmpty() && m_minute.startOf(second.start) != m_minute.start())
        closeMinute();
    m_minute.add(second);
}

void RollupStore::closeMinute()
{
    m_over.push_back(encodeRollup(m_minute.take(), m_compressor));
}

Result<void> RollupStore::write()
{
    m_written = 0;
    for (const RollupRow& row : m_over) {
        m_insert.bind(1, row.width).bind(2, row.start).bind(3, row.firstSeq).bind(4, row.lastSeq);
        m_insert.bind(5, static_cast<std::int64_t>(row.codec)).bind(6, row.rawBytes);
        m_insert.bind(7, std::uint64_t{row.checksum()}).bindBlob(8, row.body);
        if (auto done = m_insert.run(); !done)
            return done;
        ++m_written;
    }
    return {};
}

void RollupStore::committed(std::span<const EncodedBlock> blocks)
{
    m_over.erase(m_over.begin(), m_over.begin() + static_cast<std::ptrdiff_t>(m_written));
    m_written = 0;
    for (const EncodedBlock& block : blocks) {
        for (const RollupSlot& slot : block.seconds)
            add(slot);
    }
}

void RollupStore::settle(Timestamp time)
{
    if (time == kNoTime)
        return;
    const std::int64_t second = secondOf(time);
    if (!m_second.isEmpty() && m_second.start() + kSecondSlot <= second)
        closeSecond();
    if (!m_minute.isEmpty() && m_minute.start() + kMinuteSlot <= second)
        closeMinute();
}

void RollupStore::end()
{
    if (!m_second.isEmpty())
        closeSecond();
    if (!m_minute.isEmpty())
        closeMinute();
}

} // namespace weir
