// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/history/BlockDecoder.h"

#include "core/history/Bytes.h"
#include "core/history/Crc32c.h"
#include "core/history/HeaderColumn.h"
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
    std::vector<std::uint8_t> ids;
    for (std::uint32_t i = 0; i < columns; ++i) {
        const auto id = in.fixed<std::uint8_t>();
        Entry entry;
        entry.codec = static_cast<Codec>(in.fixed<std::uint8_t>());
        (void)in.fixed<std::uint16_t>();
        entry.offset = start + in.fixed<std::uint32_t>();
        entry.length = in.fixed<std::uint32_t>();
        entry.rawLength = in.fixed<std::uint32_t>();
        entry.checksum = in.fixed<std::uint32_t>();
        entry.present = true;
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

Result<std::string_view> BlockDecoder::column(ColumnId id, bool& present)
{
    const Entry& entry = m_entries[static_cast<std::size_t>(id)];
    present = entry.present;
    if (!entry.present)
        return std::string_view();
    m_packed.clear();
    if (auto read = m_readBody(entry.offset, entry.length, m_packed); !read)
        return read.error();
    if (crc32c(m_packed) != entry.checksum)
        return damagedColumn(id, "its checksum differs");
    std::string& raw = m_room->emplace_back();
    if (!m_decompressor.unpack(entry.codec, m_packed, entry.rawLength, raw))
        return damagedColumn(id, "it does not unpack");
    return std::string_view(raw);
}

Result<void> BlockDecoder::envelope(std::vector<Message>& messages)
{
    messages.assign(m_row.count, {});
    for (auto step : {&BlockDecoder::numbers, &BlockDecoder::times, &BlockDecoder::ids}) {
        if (auto done = (this->*step)(messages); !done)
            return done;
    }
    std::vector<std::string_view> traces;
    if (auto done = texts(ColumnId::Trace, traces); !done)
        return done;
    for (std::size_t row = 0; row < traces.size(); ++row)
        messages[row].trace = traces[row];
    return {};
}

Result<void> BlockDecoder::numbers(std::vector<Message>& messages)
{
    for (std::size_t row = 0; row < messages.size(); ++row)
        messages[row].seq = m_row.firstSeq + row;
    std::vector<std::int64_t> found(messages.size());
    for (const ColumnId id : {ColumnId::Seq, ColumnId::StreamSeq}) {
        bool present = false;
        const auto raw = column(id, present);
        if (!raw)
            return raw.error();
        if (!present)
            continue;
        ByteReader in(*raw);
        if (!readDeltas(in, 0, found) || !in.done())
            return damagedColumn(id, "it does not make sense");
        for (std::size_t row = 0; row < messages.size(); ++row)
            (id == ColumnId::Seq ? messages[row].seq : messages[row].streamSeq) =
                static_cast<std::uint64_t>(found[row]);
    }
    if (auto done = sizes(ColumnId::HeaderSize, messages, [](Message& m, auto size) { m.headerSize = size; });
        !done)
        return done;
    return sizes(ColumnId::PayloadSize, messages, [](Message& m, auto size) { m.payloadSize = size; });
}

template<typename Set>
Result<void> BlockDecoder::sizes(ColumnId id, std::vector<Message>& messages, Set set)
{
    bool present = false;
    const auto raw = column(id, present);
    if (!raw)
        return raw.error();
    if (!present)
        return {};
    ByteReader in(*raw);
    std::vector<std::uint64_t> found(messages.size());
    if (!readNumbers(in, found) || !in.done())
        return damagedColumn(id, "it does not make sense");
    for (std::size_t row = 0; row < messages.size(); ++row)
        set(messages[row], static_cast<std::uint32_t>(found[row]));
    return {};
}

Result<void> BlockDecoder::times(std::vector<Message>& messages)
{
    bool present = false;
    const auto raw = column(ColumnId::Time, present);
    if (!raw)
        return raw.error();
    ByteReader in(*raw);
    std::vector<std::int64_t> found(messages.size());
    if (!readDeltas(in, 0, found) || !in.done())
        return damagedColumn(ColumnId::Time, "it does not make sense");
    for (std::size_t row = 0; row < messages.size(); ++row)
        messages[row].time = fromUnixNanos(found[row]);
    if (auto done = moments(ColumnId::Sent, messages, [](Message& m, Timestamp t) { m.sent = t; }); !done)
        return done;
    return moments(ColumnId::Stored, messages, [](Message& m, Timestamp t) { m.stored = t; });
}

template<typename Set>
Result<void> BlockDecoder::moments(ColumnId id, std::vector<Message>& messages, Set set)
{
    bool present = false;
    const auto raw = column(id, present);
    if (!raw)
        return raw.error();
    if (!present)
        return {};
    ByteReader in(*raw);
    std::vector<std::int64_t> found(messages.size());
    if (!readMoments(in, toUnixNanos(messages[0].time), found) || !in.done())
        return damagedColumn(id, "it does not make sense");
    for (std::size_t row = 0; row < messages.size(); ++row)
        set(messages[row], fromUnixNanos(found[row]));
    return {};
}

Result<void> BlockDecoder::ids(std::vector<Message>& messages)
{
    std::vector<std::uint32_t> found(messages.size());
    const auto read = [&](ColumnId id, auto set) -> Result<void> {
        bool present = false;
        const auto raw = column(id, present);
        if (!raw)
            return raw.error();
        if (!present)
            return {};
        ByteReader in(*raw);
        if (!readPlanes(in, found) || !in.done())
            return damagedColumn(id, "it does not make sense");
        for (std::size_t row = 0; row < messages.size(); ++row)
            set(messages[row], found[row]);
        return {};
    };
    if (auto done = read(ColumnId::Subject, [](Message& m, auto id) { m.subject = {id}; }); !done)
        return done;
    if (auto done = read(ColumnId::Pop, [](Message& m, auto id) { m.pop = {id}; }); !done)
        return done;
    if (auto done = read(ColumnId::Worker, [](Message& m, auto id) { m.worker = {id}; }); !done)
        return done;
    if (auto done = read(ColumnId::Identity, [](Message& m, auto id) { m.identity = {id}; }); !done)
        return done;
    return read(ColumnId::Evidence, [](Message& m, auto id) { m.evidence = static_cast<Evidence>(id); });
}

Result<void> BlockDecoder::texts(ColumnId id, std::vector<std::string_view>& values)
{
    bool present = false;
    const auto raw = column(id, present);
    if (!raw)
        return raw.error();
    if (!present)
        return {};
    ByteReader in(*raw);
    if (!readValues(in, m_row.count, values, *m_room) || !in.done())
        return damagedColumn(id, "it does not make sense");
    return {};
}

Result<void> BlockDecoder::replies(std::vector<Message>& messages)
{
    std::vector<std::string_view> values;
    if (auto done = texts(ColumnId::Reply, values); !done)
        return done;
    for (std::size_t row = 0; row < values.size(); ++row)
        messages[row].reply = values[row];
    return {};
}

Result<void> BlockDecoder::headers(std::vector<Message>& messages)
{
    bool present = false;
    const auto raw = column(ColumnId::Headers, present);
    if (!raw)
        return raw.error();
    if (!present)
        return {};
    std::vector<std::string_view> traces;
    for (const Message& message : messages)
        traces.push_back(message.trace);
    ByteReader in(*raw);
    std::vector<std::string_view> values;
    if (!unpackHeaders(in, traces, values, *m_room))
        return damagedColumn(ColumnId::Headers, "it does not make sense");
    for (std::size_t row = 0; row < values.size(); ++row)
        messages[row].headers = values[row];
    return {};
}

Result<void> BlockDecoder::payloads(std::vector<Message>& messages, const ReadLarge& readLarge)
{
    bool present = false;
    const auto raw = column(ColumnId::Payload, present);
    if (!raw)
        return raw.error();
    ByteReader in(*raw);
    for (Message& message : messages) {
        if (message.payloadSize <= kLargePayload) {
            message.payload = in.take(message.payloadSize);
            continue;
        }
        auto large = readLarge(message.seq, message.payloadSize);
        if (!large)
            return large.error();
        message.payload = m_room->emplace_back(std::move(*large));
    }
    if (!in.done())
        return damagedColumn(ColumnId::Payload, "it does not make sense");
    return {};
}

} // namespace weir
