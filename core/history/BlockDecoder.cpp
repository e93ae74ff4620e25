// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/history/BlockDecoder.h"

#include "core/history/Bytes.h"
#include "core/history/Crc32c.h"
#include "core/history/HeaderUnpacker.h"
#include "core/history/NumberColumn.h"

#include <algorithm>
#include <numeric>
#include <utility>

namespace weir {
namespace {

constexpr std::size_t kHead = 24;  ///< bytes before the directory
constexpr std::size_t kEntry = 20; ///< bytes of one entry
constexpr std::size_t kMostSpare = 64;
constexpr std::size_t kMostSpareBytes = 4U << 20U;

constexpr std::array<std::string_view, 17> kColumnNames{
    "",      "seq",     "time",     "sent",     "stored", "stream seq",  "subject",
    "pop",   "worker",  "identity", "evidence", "trace",  "header size", "payload size",
    "reply", "headers", "payload"};

Error damaged(std::string why)
{
    return {ErrorCode::Format, "reading a block", std::move(why), {}};
}

Error damagedColumn(ColumnId id, const char* why)
{
    return damaged("column " + std::string(kColumnNames[static_cast<std::size_t>(id)]) + ": " + why);
}

} // namespace

BlockDecoder::BlockDecoder() = default;

Result<void> BlockDecoder::open(const BlockRow& row, std::size_t bodySize, ReadBody readBody)
{
    m_row = row;
    m_readBody = std::move(readBody);
    makeRoom();
    m_entries.fill({});
    m_filled = 0;
    m_payloads.reset();
    m_traces.clear();
    m_payloadSizes.clear();
    if (row.count == 0 || row.count > kMaxRows)
        return damaged("its row says that it has " + std::to_string(row.count) + " messages");
    std::string head;
    const std::size_t most = kHead + m_entries.size() * kEntry + sizeof(std::uint32_t);
    if (auto read = m_readBody(0, std::min(bodySize, most), head); !read)
        return read;
    return readDirectory(head, bodySize);
}

void BlockDecoder::makeRoom()
{
    // That a shared_ptr's count is 1 again does not say that what the last other owner read, it has read
    // before.
    if (!m_room || m_roomIsGiven) {
        m_room = std::make_shared<ByteRoom>();
        m_roomIsGiven = false;
        return;
    }
    // A search that finds nothing unpacks block after block into the same memory.
    std::size_t kept = 0;
    m_spare.clear();
    for (std::string& bytes : *m_room) {
        kept += bytes.capacity();
        if (m_spare.size() < kMostSpare && kept <= kMostSpareBytes)
            m_spare.push_back(std::move(bytes));
    }
    m_room->clear();
}

std::string& BlockDecoder::roomFor(std::size_t size)
{
    const auto found = std::find_if(m_spare.begin(), m_spare.end(),
                                    [size](const std::string& one) { return one.capacity() >= size; });
    if (found == m_spare.end())
        return m_room->emplace_back();
    std::string& room = m_room->emplace_back(std::move(*found));
    m_spare.erase(found);
    return room;
}

Result<void> BlockDecoder::begin(std::vector<Message>& messages)
{
    std::vector<std::uint32_t> all(m_row.count);
    std::iota(all.begin(), all.end(), 0U);
    return begin(messages, all);
}

Result<void> BlockDecoder::begin(std::vector<Message>& messages, std::span<const std::uint32_t> rows)
{
    m_rows.assign(rows.begin(), rows.end());
    messages.assign(rows.size(), {});
    for (std::size_t at = 0; at < messages.size(); ++at)
        messages[at].seq = m_row.firstSeq + m_rows[at];
    return rising(ColumnId::Seq, messages, [](Message& m, std::uint64_t seq) { m.seq = seq; });
}

BlockDecoder::Entry BlockDecoder::readEntry(ByteReader& in, std::size_t columnsStart)
{
    Entry entry;
    entry.codec = static_cast<Codec>(in.fixed<std::uint8_t>());
    (void)in.fixed<std::uint16_t>();
    entry.offset = columnsStart + in.fixed<std::uint32_t>();
    entry.length = in.fixed<std::uint32_t>();
    entry.rawLength = in.fixed<std::uint32_t>();
    entry.checksum = in.fixed<std::uint32_t>();
    entry.present = true;
    return entry;
}

Result<void> BlockDecoder::readDirectory(std::string_view head, std::size_t bodySize)
{
    ByteReader in(head);
    const auto magic = in.fixed<std::uint32_t>();
    const auto columns = in.fixed<std::uint32_t>();
    const auto firstSeq = in.fixed<std::uint64_t>();
    const auto count = in.fixed<std::uint64_t>();
    if (!in.ok() || magic != kBlockMagic || columns >= m_entries.size())
        return damaged("its body does not begin as a block does");
    const std::size_t start = kHead + columns * kEntry + sizeof(std::uint32_t);
    for (std::uint32_t i = 0; i < columns; ++i) {
        const auto id = in.fixed<std::uint8_t>();
        const Entry entry = readEntry(in, start);
        if (entry.offset + entry.length > bodySize || entry.rawLength > kMaxColumn)
            return damaged("its directory points outside of it");
        if (id < m_entries.size()) // a column of a later version: not needed
            m_entries[id] = entry;
    }
    const std::size_t covered = head.size() - in.left();
    if (in.fixed<std::uint32_t>() != crc32c(head.substr(0, covered)) || !in.ok())
        return damaged("the checksum of its directory differs");
    if (firstSeq != m_row.firstSeq || count != m_row.count)
        return damaged("its row and its body do not belong together");
    return {};
}

Result<bool> BlockDecoder::read(ColumnId id, const std::function<bool(ByteReader&)>& parse)
{
    const Entry& entry = m_entries[static_cast<std::size_t>(id)];
    if (!entry.present)
        return false;
    std::string& raw = roomFor(entry.rawLength);
    const ColumnCache::Key key{m_file, m_row.firstSeq, id, entry.checksum, entry.rawLength};
    if (const auto cached = m_cache != nullptr ? m_cache->find(key) : nullptr) {
        raw = *cached;
    } else {
        if (auto done = unpack(id, entry, raw); !done)
            return done.error();
        if (m_cache != nullptr)
            m_cache->keep(key, raw);
    }
    ByteReader in(raw);
    if (!parse(in) || !in.done())
        return damagedColumn(id, "it does not make sense");
    return true;
}

Result<void> BlockDecoder::unpack(ColumnId id, const Entry& entry, std::string& raw)
{
    m_packed.clear();
    if (auto got = m_readBody(entry.offset, entry.length, m_packed); !got)
        return got;
    if (crc32c(m_packed) != entry.checksum)
        return damagedColumn(id, "its checksum differs");
    if (!m_decompressor.unpack(entry.codec, m_packed, entry.rawLength, raw))
        return damagedColumn(id, "it does not unpack");
    return {};
}

void BlockDecoder::useCache(ColumnCache* cache, std::uint64_t file)
{
    m_cache = cache;
    m_file = file;
}

Result<void> BlockDecoder::fill(ColumnSet columns, std::vector<Message>& messages, const ReadLarge& readLarge)
{
    // A message's evidence depends on its time, moments count from it, headers have their trace out, and
    // sizes tell payloads apart.
    if ((columns & (Column::Identity | Column::Sent)) != 0)
        columns |= bit(Column::Time);
    if ((columns & bit(Column::Headers)) != 0)
        columns |= bit(Column::Trace);
    if ((columns & bit(Column::Payload)) != 0)
        columns |= bit(Column::Size);
    for (ColumnSet one = 1; one <= kAllColumns; one <<= 1U) {
        if ((columns & ~m_filled & one) == 0)
            continue;
        if (auto done = fillOne(static_cast<Column>(one), messages, readLarge); !done)
            return done;
        m_filled |= one;
    }
    return {};
}

Result<void> BlockDecoder::fillOne(Column column, std::vector<Message>& messages, const ReadLarge& readLarge)
{
    switch (column) {
    case Column::Time:
        return times(messages);
    case Column::Sent:
        if (auto done = moments(ColumnId::Sent, messages, &Message::sent); !done)
            return done;
        return moments(ColumnId::Stored, messages, &Message::stored);
    case Column::StreamSeq:
        return rising(ColumnId::StreamSeq, messages,
                      [](Message& m, std::uint64_t seq) { m.streamSeq = seq; });
    case Column::Subject:
        return setIds(ColumnId::Subject, messages, [](Message& m, std::uint32_t id) { m.subject = {id}; });
    case Column::Pop:
        return setIds(ColumnId::Pop, messages, [](Message& m, std::uint32_t id) { m.pop = {id}; });
    case Column::Worker:
        return setIds(ColumnId::Worker, messages, [](Message& m, std::uint32_t id) { m.worker = {id}; });
    case Column::Identity:
        if (auto done =
                setIds(ColumnId::Identity, messages, [](Message& m, std::uint32_t id) { m.identity = {id}; });
            !done)
            return done;
        return setIds(ColumnId::Evidence, messages,
                      [](Message& m, std::uint32_t id) { m.evidence = static_cast<Evidence>(id); });
    case Column::Trace:
        return texts(ColumnId::Trace, messages, &Message::trace, m_traces);
    case Column::Size:
        if (auto done = sizes(ColumnId::HeaderSize, messages, &Message::headerSize); !done)
            return done;
        return payloadSizes(messages);
    case Column::Reply: {
        std::vector<std::string_view> replies;
        return texts(ColumnId::Reply, messages, &Message::reply, replies);
    }
    case Column::Headers:
        return headers(messages);
    case Column::Payload:
        return payloads(messages, readLarge);
    }
    return {};
}

template<typename Set>
Result<void> BlockDecoder::rising(ColumnId id, std::vector<Message>& messages, Set&& set)
{
    m_signed.assign(m_row.count, 0);
    const auto present = read(id, [&](ByteReader& in) { return readDeltas(in, 0, m_signed); });
    if (!present)
        return present.error();
    for (std::size_t at = 0; *present && at < messages.size(); ++at)
        set(messages[at], static_cast<std::uint64_t>(m_signed[m_rows[at]]));
    return {};
}

Result<void> BlockDecoder::times(std::vector<Message>& messages)
{
    m_signed.assign(m_row.count, 0);
    const auto present = read(ColumnId::Time, [&](ByteReader& in) { return readDeltas(in, 0, m_signed); });
    if (!present)
        return present.error();
    if (!*present)
        return damagedColumn(ColumnId::Time, "it is missing");
    m_firstTime = m_signed.front();
    for (std::size_t at = 0; at < messages.size(); ++at)
        messages[at].time = fromUnixNanos(m_signed[m_rows[at]]);
    return {};
}

Result<void> BlockDecoder::moments(ColumnId id, std::vector<Message>& messages, Timestamp Message::*member)
{
    m_signed.assign(m_row.count, 0);
    const auto present = read(id, [&](ByteReader& in) { return readMoments(in, m_firstTime, m_signed); });
    if (!present)
        return present.error();
    for (std::size_t at = 0; *present && at < messages.size(); ++at)
        messages[at].*member = fromUnixNanos(m_signed[m_rows[at]]);
    return {};
}

Result<void> BlockDecoder::sizes(ColumnId id, std::vector<Message>& messages, std::uint32_t Message::*member)
{
    m_unsigned.assign(m_row.count, 0);
    const auto present = read(id, [&](ByteReader& in) { return readNumbers(in, m_unsigned); });
    if (!present)
        return present.error();
    for (std::size_t at = 0; *present && at < messages.size(); ++at)
        messages[at].*member = static_cast<std::uint32_t>(m_unsigned[m_rows[at]]);
    return {};
}

Result<void> BlockDecoder::ids(ColumnId column, std::vector<std::uint32_t>& ids)
{
    ids.assign(m_row.count, 0);
    const auto present = read(column, [&](ByteReader& in) { return readPlanes(in, ids); });
    return present ? Result<void>() : present.error();
}

template<typename Set>
Result<void> BlockDecoder::setIds(ColumnId id, std::vector<Message>& messages, Set&& set)
{
    if (auto done = ids(id, m_ids); !done)
        return done;
    for (std::size_t at = 0; at < messages.size(); ++at)
        set(messages[at], m_ids[m_rows[at]]);
    return {};
}

Result<void> BlockDecoder::texts(ColumnId id, std::vector<Message>& messages,
                                 std::string_view Message::*member, std::vector<std::string_view>& found)
{
    const auto present =
        read(id, [&](ByteReader& in) { return readValues(in, m_row.count, found, *m_room); });
    if (!present)
        return present.error();
    found.resize(m_row.count); // none where the block has no such column
    for (std::size_t at = 0; *present && at < messages.size(); ++at)
        messages[at].*member = found[m_rows[at]];
    return {};
}

Result<void> BlockDecoder::headers(std::vector<Message>& messages)
{
    std::vector<std::string_view> found;
    const auto present = read(ColumnId::Headers, [&](ByteReader& in) {
        return unpackHeaders(in, m_traces, m_rows, found, *m_room);
    });
    if (!present)
        return present.error();
    for (std::size_t at = 0; *present && at < messages.size(); ++at)
        messages[at].headers = found[at];
    return {};
}

Result<void> BlockDecoder::payloadSizes(std::vector<Message>& messages)
{
    if (auto done = sizes(ColumnId::PayloadSize, messages, &Message::payloadSize); !done)
        return done;
    m_payloadSizes.resize(m_row.count);
    std::transform(m_unsigned.begin(), m_unsigned.end(), m_payloadSizes.begin(),
                   [](std::uint64_t size) { return static_cast<std::uint32_t>(size); });
    return {};
}

Result<void> BlockDecoder::payloads(std::vector<Message>& messages, const ReadLarge& readLarge)
{
    for (Message& message : messages) {
        if (message.payloadSize <= kLargePayload)
            continue;
        auto large = readLarge(message.seq, message.payloadSize);
        if (!large)
            return large.error();
        message.payload = m_room->emplace_back(std::move(*large));
    }
    const auto bytes = payloadBytes();
    if (!bytes)
        return bytes.error();
    std::uint64_t inside = 0;
    for (const std::uint32_t size : m_payloadSizes)
        inside += size <= kLargePayload ? size : 0;
    if (bytes->size() != inside)
        return damagedColumn(ColumnId::Payload, bytes->empty() ? "it is missing" : "it does not make sense");
    std::size_t offset = 0;
    std::size_t next = 0;
    for (std::uint32_t row = 0; row < m_payloadSizes.size() && next < messages.size(); ++row) {
        const std::uint32_t size = m_payloadSizes[row];
        const bool wanted = row == m_rows[next];
        if (wanted && size <= kLargePayload)
            messages[next].payload = bytes->substr(offset, size);
        offset += size <= kLargePayload ? size : 0;
        next += wanted ? 1 : 0;
    }
    return {};
}

Result<std::string_view> BlockDecoder::payloadBytes()
{
    if (m_payloads)
        return *m_payloads;
    std::string_view bytes;
    const auto present = read(ColumnId::Payload, [&bytes](ByteReader& in) {
        bytes = in.take(in.left());
        return true;
    });
    if (!present)
        return present.error();
    m_payloads = bytes;
    return bytes;
}

} // namespace weir
