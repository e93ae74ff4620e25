// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/history/BlockEncoder.h"

#include "core/history/Bytes.h"
#include "core/history/Crc32c.h"
#include "core/history/NumberColumn.h"
#include "core/history/TraceFilter.h"
#include "core/history/ValueList.h"

#include <algorithm>

namespace weir {
namespace {

/// Maps every row through `of` into `out`; false when each gave T{} or `absent`, so that the column is left
/// out.
template<typename T, typename Of>
bool gather(std::span<const Message* const> rows, std::vector<T>& out, T absent, Of of)
{
    out.clear();
    bool any = false;
    for (const Message* message : rows) {
        out.push_back(of(*message));
        any = any || out.back() != absent;
    }
    return any;
}

std::uint64_t payloadSizeOf(const Message& message)
{
    const bool liesElsewhere = message.payload.empty() && message.payloadSize > kLargePayload;
    return liesElsewhere ? message.payloadSize : message.payload.size();
}

void addTo(BlockRow& row, const Message& message)
{
    const std::int64_t time = toUnixNanos(message.time);
    row.timeMin = std::min(row.timeMin, time);
    row.timeMax = std::max(row.timeMax, time);
    const std::uint64_t size = message.headerSize + payloadSizeOf(message);
    row.sizeMin = std::min(row.sizeMin, size);
    row.sizeMax = std::max(row.sizeMax, size);
    row.wireBytes += size + message.subjectName.size() + message.reply.size();
    if (message.latency() == kNoDuration)
        return;
    const std::int64_t latency = message.latency().count();
    row.latencyMin = std::min(row.latencyMin.value_or(latency), latency);
    row.latencyMax = std::max(row.latencyMax.value_or(latency), latency);
}

} // namespace

BlockRow BlockEncoder::measure(Rows rows)
{
    BlockRow row;
    row.firstSeq = rows.front()->seq;
    row.lastSeq = rows.back()->seq;
    row.count = rows.size();
    row.timeMin = row.timeMax = toUnixNanos(rows.front()->time);
    row.sizeMin = std::numeric_limits<std::uint64_t>::max();
    for (const Message* message : rows)
        addTo(row, *message);
    return row;
}

std::vector<std::uint64_t> BlockEncoder::traceHashesOf(Rows rows)
{
    std::vector<std::uint64_t> hashes;
    std::string_view last;
    for (const Message* message : rows) {
        if (message->trace.empty() || message->trace == last)
            continue;
        if (hashes.empty())
            hashes.reserve(rows.size());
        hashes.push_back(traceHash(message->trace));
        last = message->trace;
    }
    return hashes;
}

EncodedBlock BlockEncoder::encode(Rows rows)
{
    EncodedBlock block;
    block.row = measure(rows);
    m_packed.clear();
    m_entries.clear();
    m_rawBytes = 0;
    addNumbers(rows);
    addMoments(rows);
    addIds(rows);
    addTexts(rows);
    addPayloads(rows, block);
    addSets(rows, block);
    block.row.rawBytes = m_rawBytes;
    block.body = body(block.row);
    return block;
}

void BlockEncoder::addNumbers(Rows rows)
{
    if (rows.back()->seq - rows.front()->seq + 1 != rows.size()) {
        gather(rows, m_moments, std::int64_t{0},
               [](const Message& m) { return static_cast<std::int64_t>(m.seq); });
        appendDeltas(m_moments, 0, m_raw);
        seal(ColumnId::Seq);
    }
    const auto streamSeq = [](const Message& m) { return static_cast<std::int64_t>(m.streamSeq); };
    if (gather(rows, m_moments, std::int64_t{0}, streamSeq)) {
        appendDeltas(m_moments, 0, m_raw);
        seal(ColumnId::StreamSeq);
    }
    if (gather(rows, m_numbers, std::uint64_t{0},
               [](const Message& m) { return std::uint64_t{m.headerSize}; })) {
        appendNumbers(m_numbers, m_raw);
        seal(ColumnId::HeaderSize);
    }
    if (gather(rows, m_numbers, std::uint64_t{0}, [](const Message& m) { return payloadSizeOf(m); })) {
        appendNumbers(m_numbers, m_raw);
        seal(ColumnId::PayloadSize);
    }
}

void BlockEncoder::addMoments(Rows rows)
{
    const std::int64_t base = toUnixNanos(rows[0]->time);
    gather(rows, m_moments, base, [](const Message& m) { return toUnixNanos(m.time); });
    appendDeltas(m_moments, 0, m_raw);
    seal(ColumnId::Time);
    const std::int64_t absent = toUnixNanos(kNoTime);
    if (gather(rows, m_moments, absent, [](const Message& m) { return toUnixNanos(m.sent); })) {
        appendMoments(m_moments, base, m_raw);
        seal(ColumnId::Sent);
    }
    if (gather(rows, m_moments, absent, [](const Message& m) { return toUnixNanos(m.stored); })) {
        appendMoments(m_moments, base, m_raw);
        seal(ColumnId::Stored);
    }
}

void BlockEncoder::addIds(Rows rows)
{
    const auto add = [&](ColumnId id, auto idOf) {
        if (!gather(rows, m_ids, 0U, idOf))
            return;
        appendPlanes(m_ids, m_raw);
        seal(id);
    };
    add(ColumnId::Subject, [](const Message& m) { return m.subject.value; });
    add(ColumnId::Pop, [](const Message& m) { return m.pop.value; });
    add(ColumnId::Worker, [](const Message& m) { return m.worker.value; });
    add(ColumnId::Identity, [](const Message& m) { return m.identity.value; });
    add(ColumnId::Evidence, [](const Message& m) { return static_cast<std::uint32_t>(m.evidence); });
}

void BlockEncoder::addTexts(Rows rows)
{
    const std::string_view none;
    if (gather(rows, m_traces, none, [](const Message& m) { return m.trace; })) {
        appendValues(m_traces, m_raw);
        seal(ColumnId::Trace);
    }
    if (gather(rows, m_texts, none, [](const Message& m) { return m.reply; })) {
        appendValues(m_texts, m_raw);
        seal(ColumnId::Reply);
    }
    if (gather(rows, m_texts, none, [](const Message& m) { return m.headers; })) {
        m_headers.append(m_texts, m_traces, m_raw);
        seal(ColumnId::Headers);
    }
}

void BlockEncoder::addPayloads(Rows rows, EncodedBlock& block)
{
    for (const Message* message : rows) {
        if (message->payload.size() <= kLargePayload)
            m_raw += message->payload;
        else
            addLarge(*message, block);
    }
    if (!m_raw.empty())
        seal(ColumnId::Payload);
}

void BlockEncoder::addLarge(const Message& message, EncodedBlock& block)
{
    LargePayload& large = block.large.emplace_back();
    large.seq = message.seq;
    large.size = message.payload.size();
    large.codec = static_cast<std::uint8_t>(m_compressor.append(message.payload, large.packed));
    large.packed.shrink_to_fit();
    large.checksum = crc32c(large.packed);
}

template<typename IdOf>
void BlockEncoder::addSet(Rows rows, std::string& out, IdOf idOf)
{
    ++m_set;
    m_ids.clear();
    for (const Message* message : rows) {
        const std::uint32_t id = idOf(*message);
        if (id >= m_seen.size())
            m_seen.resize(std::max<std::size_t>(std::size_t{id} + 1, 2 * m_seen.size()));
        if (m_seen[id] == m_set)
            continue;
        m_seen[id] = m_set;
        m_ids.push_back(id);
    }
    appendIdSet(m_ids, out);
    appendCrc32c(out);
}

void BlockEncoder::addSets(Rows rows, EncodedBlock& block)
{
    addSet(rows, block.subjects, [](const Message& m) { return m.subject.value; });
    addSet(rows, block.pops, [](const Message& m) { return m.pop.value; });
    addSet(rows, block.workers, [](const Message& m) { return m.worker.value; });
    addSet(rows, block.identities, [](const Message& m) { return m.identity.value; });
    block.traceHashes = traceHashesOf(rows);
    block.traces = traceFilterOf(block.traceHashes);
    appendCrc32c(block.traces);
}

void BlockEncoder::seal(ColumnId id)
{
    const std::size_t start = m_packed.size();
    const Codec codec = m_compressor.append(m_raw, m_packed);
    const std::string_view packed = std::string_view(m_packed).substr(start);
    m_entries.push_back({id, codec, static_cast<std::uint32_t>(packed.size()),
                         static_cast<std::uint32_t>(m_raw.size()), crc32c(packed)});
    m_rawBytes += m_raw.size();
    m_raw.clear();
}

std::string BlockEncoder::body(const BlockRow& row)
{
    std::string out;
    out.reserve(m_packed.size() + 512);
    appendFixed(out, kBlockMagic);
    appendFixed(out, static_cast<std::uint32_t>(m_entries.size()));
    appendFixed(out, row.firstSeq);
    appendFixed(out, row.count);
    std::uint32_t offset = 0;
    for (const Entry& entry : m_entries) {
        appendFixed(out, static_cast<std::uint8_t>(entry.id));
        appendFixed(out, static_cast<std::uint8_t>(entry.codec));
        appendFixed(out, std::uint16_t{0});
        appendFixed(out, offset);
        appendFixed(out, entry.length);
        appendFixed(out, entry.rawLength);
        appendFixed(out, entry.checksum);
        offset += entry.length;
    }
    appendFixed(out, crc32c(out));
    out += m_packed;
    return out;
}

} // namespace weir
