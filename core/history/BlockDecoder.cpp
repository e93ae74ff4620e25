// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/history/BlockDecoder.h"

#include "core/history/Bytes.h"
#include "core/history/Crc32c.h"
#include "core/history/HeaderUnpacker.h"
#include "core/history/NumberColumn.h"

#include <algorithm>
#include <utility>

namespace weir {
namespace {

constexpr std::size_t kHead = 24;  ///< bytes before the directory
constexpr std::size_t kEntry = 20; ///< bytes of one entry

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
    m_room = std::make_shared<ByteRoom>();
    m_entries.fill({});
    if (row.count == 0 || row.count > kMaxRows)
        return damaged("its row says that it has " + std::to_string(row.count) + " messages");
    std::string head;
    const std::size_t most = kHead + m_entries.size() * kEntry + sizeof(std::uint32_t);
    if (auto read = m_readBody(0, std::min(bodySize, most), head); !read)
        return read;
    return readDirectory(head, bodySize);
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
    m_packed.clear();
    if (auto got = m_readBody(entry.offset, entry.length, m_packed); !got)
        return got.error();
    if (crc32c(m_packed) != entry.checksum)
        return damagedColumn(id, "its checksum differs");
    std::string& raw = m_room->emplace_back();
    if (!m_decompressor.unpack(entry.codec, m_packed, entry.rawLength, raw))
        return damagedColumn(id, "it does not unpack");
    ByteReader in(raw);
    if (!parse(in) || !in.done())
        return damagedColumn(id, "it does not make sense");
    return true;
}

Result<void> BlockDecoder::envelope(std::vector<Message>& messages)
{
    messages.assign(m_row.count, {});
    for (auto step : {&BlockDecoder::numbers, &BlockDecoder::times, &BlockDecoder::ids}) {
        if (auto done = (this->*step)(messages); !done)
            return done;
    }
    return texts(ColumnId::Trace, messages, &Message::trace);
}

Result<void> BlockDecoder::numbers(std::vector<Message>& messages)
{
    for (std::size_t row = 0; row < messages.size(); ++row)
        messages[row].seq = m_row.firstSeq + row;
    const std::array<std::pair<ColumnId, std::uint64_t Message::*>, 2> rising{
        {{ColumnId::Seq, &Message::seq}, {ColumnId::StreamSeq, &Message::streamSeq}}};
    for (const auto& [id, member] : rising) {
        std::vector<std::int64_t> found(messages.size());
        const auto present = read(id, [&](ByteReader& in) { return readDeltas(in, 0, found); });
        if (!present)
            return present.error();
        for (std::size_t row = 0; *present && row < messages.size(); ++row)
            messages[row].*member = static_cast<std::uint64_t>(found[row]);
    }
    const std::array<std::pair<ColumnId, std::uint32_t Message::*>, 2> sizes{
        {{ColumnId::HeaderSize, &Message::headerSize}, {ColumnId::PayloadSize, &Message::payloadSize}}};
    for (const auto& [id, member] : sizes) {
        std::vector<std::uint64_t> found(messages.size());
        const auto present = read(id, [&](ByteReader& in) { return readNumbers(in, found); });
        if (!present)
            return present.error();
        for (std::size_t row = 0; *present && row < messages.size(); ++row)
            messages[row].*member = static_cast<std::uint32_t>(found[row]);
    }
    return {};
}

Result<void> BlockDecoder::times(std::vector<Message>& messages)
{
    std::vector<std::int64_t> found(messages.size());
    const auto timed = read(ColumnId::Time, [&](ByteReader& in) { return readDeltas(in, 0, found); });
    if (!timed)
        return timed.error();
    if (!*timed)
        return damagedColumn(ColumnId::Time, "it is missing");
    const std::int64_t base = found[0];
    for (std::size_t row = 0; row < messages.size(); ++row)
        messages[row].time = fromUnixNanos(found[row]);
    const std::array<std::pair<ColumnId, Timestamp Message::*>, 2> others{
        {{ColumnId::Sent, &Message::sent}, {ColumnId::Stored, &Message::stored}}};
    for (const auto& [id, member] : others) {
        const auto present = read(id, [&](ByteReader& in) { return readMoments(in, base, found); });
        if (!present)
            return present.error();
        for (std::size_t row = 0; *present && row < messages.size(); ++row)
            messages[row].*member = fromUnixNanos(found[row]);
    }
    return {};
}

Result<void> BlockDecoder::ids(std::vector<Message>& messages)
{
    using Set = void (*)(Message&, std::uint32_t);
    const std::array<std::pair<ColumnId, Set>, 5> columns{{
        {ColumnId::Subject, [](Message& m, std::uint32_t id) { m.subject = {id}; }},
        {ColumnId::Pop, [](Message& m, std::uint32_t id) { m.pop = {id}; }},
        {ColumnId::Worker, [](Message& m, std::uint32_t id) { m.worker = {id}; }},
        {ColumnId::Identity, [](Message& m, std::uint32_t id) { m.identity = {id}; }},
        {ColumnId::Evidence, [](Message& m, std::uint32_t id) { m.evidence = static_cast<Evidence>(id); }},
    }};
    std::vector<std::uint32_t> found(messages.size());
    for (const auto& [id, set] : columns) {
        const auto present = read(id, [&](ByteReader& in) { return readPlanes(in, found); });
        if (!present)
            return present.error();
        for (std::size_t row = 0; *present && row < messages.size(); ++row)
            set(messages[row], found[row]);
    }
    return {};
}

Result<void> BlockDecoder::texts(ColumnId id, std::vector<Message>& messages,
                                 std::string_view Message::*member)
{
    std::vector<std::string_view> found;
    const auto present =
        read(id, [&](ByteReader& in) { return readValues(in, messages.size(), found, *m_room); });
    if (!present)
        return present.error();
    for (std::size_t row = 0; row < found.size(); ++row)
        messages[row].*member = found[row];
    return {};
}

Result<void> BlockDecoder::replies(std::vector<Message>& messages)
{
    return texts(ColumnId::Reply, messages, &Message::reply);
}

Result<void> BlockDecoder::headers(std::vector<Message>& messages)
{
    std::vector<std::string_view> traces;
    for (const Message& message : messages)
        traces.push_back(message.trace);
    std::vector<std::string_view> found;
    const auto present =
        read(ColumnId::Headers, [&](ByteReader& in) { return unpackHeaders(in, traces, found, *m_room); });
    if (!present)
        return present.error();
    for (std::size_t row = 0; row < found.size(); ++row)
        messages[row].headers = found[row];
    return {};
}

Result<void> BlockDecoder::payloads(std::vector<Message>& messages, const ReadLarge& readLarge)
{
    std::uint64_t inside = 0;
    for (Message& message : messages) {
        if (message.payloadSize <= kLargePayload) {
            inside += message.payloadSize;
            continue;
        }
        auto large = readLarge(message.seq, message.payloadSize);
        if (!large)
            return large.error();
        message.payload = m_room->emplace_back(std::move(*large));
    }
    const auto present = read(ColumnId::Payload, [&](ByteReader& in) {
        for (Message& message : messages) {
            if (message.payloadSize <= kLargePayload)
                message.payload = in.take(message.payloadSize);
        }
        return in.ok();
    });
    if (!present)
        return present.error();
    if (!*present && inside > 0)
        return damagedColumn(ColumnId::Payload, "it is missing");
    return {};
}

} // namespace weir
