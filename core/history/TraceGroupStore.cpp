// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/history/TraceGroupStore.h"

#include <utility>

namespace weir {

Result<TraceGroupStore> TraceGroupStore::begin(Database& database)
{
    TraceGroupStore made;
    auto group = database.prepare("INSERT INTO trace_group(first_seq, last_seq, first_part, parts, checksum) "
                                  "VALUES(?, ?, ?, ?, ?)");
    auto part = database.prepare("INSERT INTO trace_part(id, filter) VALUES(?, ?)");
    const auto next = database.number("SELECT 1 + max(coalesce((SELECT max(id) FROM trace_part), 0), "
                                      "coalesce((SELECT max(first_part + parts - 1) FROM trace_group), 0))");
    if (!group || !part || !next)
        return group ? part ? next.error() : part.error() : group.error();
    made.m_group = std::move(*group);
    made.m_part = std::move(*part);
    made.m_nextPart = static_cast<std::uint64_t>(*next);
    return made;
}

Result<void> TraceGroupStore::write()
{
    m_written = true;
    for (const Group& group : m_full) {
        const TraceGroupRow& row = group.row;
        m_group.bind(1, row.firstSeq).bind(2, row.lastSeq).bind(3, row.firstPart).bind(4, row.parts);
        if (auto done = m_group.bind(5, std::uint64_t{row.checksum()}).run(); !done)
            return done;
        for (std::size_t part = 0; part < group.parts.size(); ++part) {
            if (auto done = m_part.bind(1, row.firstPart + part).bindBlob(2, group.parts[part]).run(); !done)
                return done;
        }
    }
    return {};
}

void TraceGroupStore::committed(std::span<const EncodedBlock> blocks)
{
    if (std::exchange(m_written, false))
        m_full.clear();
    for (const EncodedBlock& block : blocks) {
        if (m_messages == 0)
            m_open.firstSeq = block.row.firstSeq;
        m_open.lastSeq = block.row.lastSeq;
        m_messages += block.row.count;
        m_hashes.insert(m_hashes.end(), block.traceHashes.begin(), block.traceHashes.end());
        if (m_messages >= kTraceGroupMessages)
            close();
    }
}

void TraceGroupStore::end()
{
    if (m_messages >= kTraceGroupFewest)
        close();
}

void TraceGroupStore::close()
{
    m_open.firstPart = m_nextPart;
    m_open.parts = countOfTraceParts(m_hashes.size());
    m_nextPart += m_open.parts;
    m_full.push_back({m_open, traceParts(m_open, m_hashes)});
    m_hashes.clear();
    m_messages = 0;
}

Result<void> forgetTraces(Database& database)
{
    // Parts come by rising ids, as their groups by rising seqs.
    return database.run(
        "DELETE FROM trace_part WHERE id < (SELECT max(first_part + parts) FROM trace_group WHERE last_seq < "
        "coalesce((SELECT min(first_seq) FROM block), 9223372036854775807));"
        "DELETE FROM trace_group WHERE last_seq < "
        "coalesce((SELECT min(first_seq) FROM block), 9223372036854775807)");
}

} // namespace weir
