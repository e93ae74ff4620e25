// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/history/BlockLoader.h"

#include "core/history/Crc32c.h"

#include <algorithm>
#include <numeric>
#include <utility>

namespace weir {
namespace {

bool liesWithin(const FoundBlock& found, const HistoryQuery& query)
{
    const BlockRow& row = found.row;
    return found.isWhole() && row.firstSeq >= query.firstSeq && row.lastSeq <= query.lastSeq &&
           fromUnixNanos(row.timeMin) >= query.from && fromUnixNanos(row.timeMax) < query.to;
}

} // namespace

BlockLoader::BlockLoader(Database& database, const HistoryQuery& query, const Names& names,
                         const NameViews& views)
    : m_database(database), m_query(query), m_names(names), m_views(views), m_probe(query.filter, names)
{
}

Result<LoadedBlock> BlockLoader::load(const FoundBlock& found)
{
    auto done = select(found);
    if (done && !m_rows.empty())
        done = need(m_query.columns);
    m_body = {}; // an open one keeps its transaction open, and so the log from being emptied
    if (!done)
        return done.error();
    if (m_rows.empty())
        return LoadedBlock();
    LoadedBlock loaded;
    loaded.storage = m_decoder.storage();
    if (m_rows.size() == m_messages.size()) {
        loaded.messages = std::exchange(m_messages, {});
        return loaded;
    }
    loaded.messages.reserve(m_rows.size());
    for (const std::uint32_t row : m_rows)
        loaded.messages.push_back(m_messages[row]);
    return loaded;
}

Result<std::uint64_t> BlockLoader::count(const FoundBlock& found)
{
    if (m_query.filter.isEmpty() && liesWithin(found, m_query))
        return found.row.count;
    auto done = select(found);
    m_body = {};
    if (!done)
        return done.error();
    return m_rows.size();
}

Result<void> BlockLoader::open(const FoundBlock& found)
{
    auto blob = Blob::open(m_database, "block_body", "body", static_cast<std::int64_t>(found.row.firstSeq));
    if (!blob)
        return blob.error();
    m_body = std::move(*blob);
    m_named = 0;
    const auto read = [this](std::size_t offset, std::size_t length, std::string& out) {
        return m_body.read(offset, length, out);
    };
    m_decoder.useCache(liesWithin(found, m_query) ? nullptr : m_cache, m_file);
    return m_decoder.open(found.row, m_body.size(), read);
}

Result<void> BlockLoader::begin(const FoundBlock& found)
{
    if (auto done = m_decoder.begin(m_messages, m_rows); !done)
        return done;
    std::iota(m_rows.begin(), m_rows.end(), 0U); // of the messages from here on
    if (const StreamId stream = m_views.stream(found.row.recording); !stream.isNone()) {
        for (Message& message : m_messages)
            message.stream = stream;
    }
    return {};
}

Result<void> BlockLoader::need(ColumnSet columns)
{
    const auto large = [this](std::uint64_t seq, std::uint64_t size) { return readLarge(seq, size); };
    if (auto done = m_decoder.fill(columns, m_messages, large); !done)
        return done;
    m_views.name(columns & ~m_named, m_messages);
    m_named |= columns;
    return {};
}

Result<void> BlockLoader::select(const FoundBlock& found)
{
    if (auto done = open(found); !done)
        return done;
    listRows(found);
    if (auto done = m_probe.narrow(m_decoder, m_rows); !done || m_rows.empty())
        return done;
    if (auto done = begin(found); !done)
        return done;
    if (auto done = selectRange(found); !done)
        return done;
    return m_query.filter.select(m_messages, m_names, m_rows,
                                 [this](ColumnSet columns) { return need(columns); });
}

void BlockLoader::listRows(const FoundBlock& found)
{
    const BlockRow& row = found.row;
    std::uint64_t begin = 0;
    std::uint64_t end = row.count;
    if (m_decoder.isDense()) {
        const std::uint64_t first = std::max(m_query.firstSeq, found.from);
        const std::uint64_t last = std::min(m_query.lastSeq, found.to);
        begin = std::clamp(first, row.firstSeq, row.firstSeq + row.count) - row.firstSeq;
        end = last < row.firstSeq ? begin : std::max(begin, std::min(last - row.firstSeq, row.count - 1) + 1);
    }
    m_rows.resize(end - begin);
    std::iota(m_rows.begin(), m_rows.end(), static_cast<std::uint32_t>(begin));
}

Result<void> BlockLoader::selectRange(const FoundBlock& found)
{
    if (liesWithin(found, m_query))
        return {};
    if (auto done = need(bit(Column::Time)); !done)
        return done;
    std::erase_if(m_rows, [&](std::uint32_t row) {
        const Message& message = m_messages[row];
        return message.seq < std::max(m_query.firstSeq, found.from) ||
               message.seq > std::min(m_query.lastSeq, found.to) || message.time < m_query.from ||
               message.time >= m_query.to;
    });
    return {};
}

Result<std::string> BlockLoader::readLarge(std::uint64_t seq, std::uint64_t size)
{
    auto row = m_database.prepare("SELECT size, codec, checksum, body FROM large_payload WHERE seq = ?");
    if (!row)
        return row.error();
    row->bind(1, seq);
    const auto found = row->step();
    if (!found)
        return found.error();
    const auto damaged = [&](const char* why) {
        return Error{ErrorCode::Format, {}, "payload of message " + std::to_string(seq) + ": " + why, {}};
    };
    if (!*found)
        return damaged("it is missing");
    const std::string_view packed = row->bytes(3);
    if (row->count(0) != size || row->count(2) != crc32c(packed))
        return damaged("its checksum differs");
    std::string payload;
    if (size > kMaxColumn ||
        !m_decompressor.unpack(static_cast<Codec>(row->integer(1)), packed, size, payload))
        return damaged("it does not unpack");
    return payload;
}

} // namespace weir
