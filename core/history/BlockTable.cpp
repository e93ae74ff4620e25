// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/history/BlockTable.h"

#include <array>
#include <utility>

namespace weir {

Result<BlockTable> BlockTable::prepare(Database& database)
{
    BlockTable made;
    const std::array<std::pair<Statement*, const char*>, 8> all{{
        {&made.m_row, "INSERT INTO block VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"},
        {&made.m_index, "INSERT INTO block_index(first_seq, subjects, pops, workers, identities, traces) "
                        "VALUES(?, ?, ?, ?, ?, ?)"},
        {&made.m_body, "INSERT INTO block_body VALUES(?, ?)"},
        {&made.m_large, "INSERT INTO large_payload VALUES(?, ?, ?, ?, ?)"},
        {&made.m_noRow, "DELETE FROM block WHERE first_seq = ?"},
        {&made.m_noIndex, "DELETE FROM block_index WHERE first_seq = ?"},
        {&made.m_noBody, "DELETE FROM block_body WHERE first_seq = ?"},
        {&made.m_noLarge, "DELETE FROM large_payload WHERE seq BETWEEN ? AND ?"},
    }};
    for (const auto& [statement, sql] : all) {
        auto prepared = database.prepare(sql);
        if (!prepared)
            return prepared.error();
        *statement = std::move(*prepared);
    }
    return made;
}

Result<void> BlockTable::insert(const EncodedBlock& block)
{
    const BlockRow& row = block.row;
    m_row.bind(1, row.firstSeq).bind(2, row.lastSeq).bind(3, row.recording).bind(4, row.count);
    m_row.bind(5, row.timeMin).bind(6, row.timeMax).bind(7, row.timeHigh).bind(8, row.rawBytes);
    m_row.bind(9, row.wireBytes).bind(10, row.latencyMin).bind(11, row.latencyMax).bind(12, row.sizeMin);
    m_row.bind(13, row.sizeMax).bind(14, row.flags).bind(15, std::uint64_t{row.checksum()});
    if (auto done = m_row.run(); !done)
        return done;
    m_index.bind(1, row.firstSeq).bindBlob(2, block.subjects).bindBlob(3, block.pops);
    m_index.bindBlob(4, block.workers).bindBlob(5, block.identities).bindBlob(6, block.traces);
    if (auto done = m_index.run(); !done)
        return done;
    if (auto done = m_body.bind(1, row.firstSeq).bindBlob(2, block.body).run(); !done)
        return done;
    for (const LargePayload& large : block.large) {
        m_large.bind(1, large.seq).bind(2, large.size).bind(3, std::int64_t{large.codec});
        if (auto done = m_large.bind(4, std::uint64_t{large.checksum}).bindBlob(5, large.packed).run(); !done)
            return done;
    }
    return {};
}

Result<void> BlockTable::remove(std::uint64_t firstSeq)
{
    for (Statement* statement : {&m_noRow, &m_noIndex, &m_noBody}) {
        if (auto done = statement->bind(1, firstSeq).run(); !done)
            return done;
    }
    return {};
}

Result<void> BlockTable::removeLarge(std::uint64_t firstSeq, std::uint64_t lastSeq)
{
    return m_noLarge.bind(1, firstSeq).bind(2, lastSeq).run();
}

Result<void> raiseGeneration(Database& database)
{
    return database.run("UPDATE meta SET value = value + 1 WHERE key = 'generation'");
}

} // namespace weir
