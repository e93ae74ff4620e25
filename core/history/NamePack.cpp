// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/history/NamePack.h"

#include "core/history/BlockFormat.h"
#include "core/history/Crc32c.h"
#include "core/history/Schema.h"

#include <algorithm>
#include <cstring>

namespace weir {
namespace {

constexpr const char* kTable = "CREATE TABLE subject_pack(first_id INTEGER PRIMARY KEY, last_id INTEGER NOT "
                               "NULL, codec INTEGER NOT NULL, "
                               "raw_bytes INTEGER NOT NULL, checksum INTEGER NOT NULL, body BLOB NOT NULL);"
                               "PRAGMA user_version = 2";
static_assert(kHistorySchema == 2, "it stands in the text above");

/// Only subjects are as many as messages.
Result<bool> hasPacks(Database& database, const char* table)
{
    if (std::strcmp(table, "subject") != 0)
        return false;
    return hasTable(database, "subject_pack");
}

} // namespace

std::uint32_t NamePack::checksum() const
{
    std::string bytes;
    for (const std::uint64_t number : {firstId, lastId, static_cast<std::uint64_t>(codec), rawBytes})
        appendFixed(bytes, number);
    return crc32c(bytes + body);
}

Result<NamePacker> NamePacker::begin(Database& database)
{
    const auto there = hasTable(database, "subject_pack");
    if (!there)
        return there.error();
    if (!*there) {
        if (auto done = database.run(kTable); !done)
            return done.error();
    }
    auto insert = database.prepare("INSERT INTO subject_pack VALUES(?, ?, ?, ?, ?, ?)");
    if (!insert)
        return insert.error();
    NamePacker made;
    made.m_insert = std::move(*insert);
    return made;
}

Result<void> NamePacker::write(std::uint64_t firstId, std::span<const std::string_view> names)
{
    m_raw.clear();
    appendValues(names, m_raw);
    NamePack pack{firstId, firstId + names.size() - 1, Codec::Stored, m_raw.size(), {}};
    pack.codec = m_compressor.append(m_raw, pack.body);
    m_insert.bind(1, pack.firstId).bind(2, pack.lastId).bind(3, static_cast<std::int64_t>(pack.codec));
    m_insert.bind(4, pack.rawBytes).bind(5, std::uint64_t{pack.checksum()}).bindBlob(6, pack.body);
    return m_insert.run();
}

Result<NameReader> NameReader::begin(Database& database, const char* table, std::uint64_t after)
{
    NameReader made;
    auto rows = database.prepare(std::string("SELECT id, name FROM ") + table + " WHERE id > ? ORDER BY id");
    if (!rows)
        return rows.error();
    made.m_rows = std::move(*rows);
    made.m_rows.bind(1, after);
    // The first step comes before the table of packs is looked for: what both show is then of one moment.
    if (auto done = made.step(made.m_rows, made.m_row); !done)
        return done.error();
    const auto packed = hasPacks(database, table);
    if (!packed)
        return packed.error();
    if (!*packed)
        return made;
    auto packs = database.prepare("SELECT first_id, last_id, codec, raw_bytes, checksum, body "
                                  "FROM subject_pack WHERE first_id > ? ORDER BY first_id");
    if (!packs)
        return packs.error();
    made.m_packs = std::move(*packs);
    made.m_packs.bind(1, after);
    if (auto done = made.step(made.m_packs, made.m_pack); !done)
        return done.error();
    return made;
}

Result<void> NameReader::step(Statement& rows, bool& there)
{
    const auto row = rows.step();
    if (!row)
        return row.error();
    there = *row;
    return {};
}

Result<bool> NameReader::next(NameRun& run)
{
    if (m_takenRow) {
        if (auto done = step(m_rows, m_row); !done)
            return done.error();
    }
    if (m_takenPack) {
        if (auto done = step(m_packs, m_pack); !done)
            return done.error();
    }
    m_takenRow = m_row && (!m_pack || m_rows.count(0) < m_packs.count(0));
    m_takenPack = m_pack && !m_takenRow;
    run.names = {};
    run.fault.clear();
    if (m_takenRow) {
        run.firstId = m_rows.count(0);
        m_name = m_rows.bytes(1);
        run.names = {&m_name, 1};
    } else if (m_takenPack) {
        readPack(run);
    }
    return m_takenRow || m_takenPack;
}

void NameReader::readPack(NameRun& run)
{
    NamePack pack{m_packs.count(0), m_packs.count(1), static_cast<Codec>(m_packs.integer(2)),
                  m_packs.count(3), std::string(m_packs.bytes(5))};
    run.firstId = pack.firstId;
    const std::uint64_t count = pack.lastId - pack.firstId + 1;
    m_room.clear();
    if (pack.checksum() != m_packs.count(4))
        run.fault = "the checksum of the subjects from " + std::to_string(pack.firstId) + " on differs";
    else if (count > kMaxRows || pack.rawBytes > kMaxColumn ||
             !m_decompressor.unpack(pack.codec, pack.body, pack.rawBytes, m_raw))
        run.fault = "the subjects from " + std::to_string(pack.firstId) + " on do not unpack";
    if (!run.fault.empty())
        return;
    ByteReader in(m_raw);
    if (readValues(in, count, m_names, m_room) && in.done())
        run.names = m_names;
    else
        run.fault = "the subjects from " + std::to_string(pack.firstId) + " on do not make sense";
}

Result<std::uint64_t> lastName(Database& database, const char* table)
{
    const auto row = database.number(std::string("SELECT coalesce(max(id), 0) FROM ") + table);
    const auto packed = hasPacks(database, table);
    if (!row || !packed)
        return row ? packed.error() : row.error();
    if (!*packed)
        return static_cast<std::uint64_t>(*row);
    const auto pack = database.number("SELECT last_id FROM subject_pack ORDER BY first_id DESC LIMIT 1");
    if (!pack)
        return pack.error();
    return static_cast<std::uint64_t>(std::max(*row, *pack));
}

} // namespace weir
