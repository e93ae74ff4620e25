// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/history/BlockReader.h"

#include "core/history/BatchOf.h"
#include "core/history/BlockPruner.h"
#include "core/history/Crc32c.h"
#include "core/history/HistorySummary.h"
#include "core/history/Schema.h"
#include "core/history/UncleanEnd.h"
#include "core/history/WriterLock.h"

#include <algorithm>
#include <utility>

namespace weir {
namespace {

template<typename IdType>
void follow(const Dictionary<IdType>& names, std::vector<std::string_view>& views)
{
    while (views.size() <= names.size())
        views.push_back(names.name(IdType{static_cast<std::uint32_t>(views.size())}));
}

std::string_view nameAt(const std::vector<std::string_view>& views, std::uint32_t id)
{
    return id < views.size() ? views[id] : std::string_view();
}

} // namespace

Result<std::unique_ptr<HistoryReader>> HistoryReader::open(const std::filesystem::path& path)
{
    auto database = openForReading(path);
    if (!database)
        return database.error();
    auto made = std::make_unique<BlockReader>(std::move(*database), path);
    if (auto done = made->refreshNames(); !done)
        return done.error();
    return std::unique_ptr<HistoryReader>(std::move(made));
}

BlockReader::BlockReader(Database database, std::filesystem::path path)
    : m_database(std::move(database)), m_path(std::move(path))
{
}

std::shared_ptr<const Names> BlockReader::names()
{
    (void)refreshNames();
    return m_names;
}

Result<void> BlockReader::lookForCommits()
{
    const auto version = m_database.number("PRAGMA data_version");
    if (!version)
        return version.error();
    if (*version != m_dataVersion)
        m_namesFresh = m_rangeFresh = false;
    m_dataVersion = *version;
    return {};
}

Result<void> BlockReader::refreshNames()
{
    if (auto done = lookForCommits(); !done || m_namesFresh)
        return done;
    if (auto done = loadNames(m_database, *m_names, m_mark); !done)
        return done;
    follow(m_names->subjects, m_subjects);
    follow(m_names->pops, m_pops);
    follow(m_names->workers, m_workers);
    for (const IdentityId id : m_names->identities.changedSince(m_identityRevision)) {
        const Identity whole = m_names->identities.at(id);
        m_identities.resize(std::max<std::size_t>(m_identities.size(), std::size_t{id.value} + 1));
        Identity& kept = m_identities[id.value];
        kept.evidence = whole.evidence;
        kept.notBefore = whole.notBefore;
        kept.expires = whole.expires;
    }
    if (auto done = loadStreams(); !done)
        return done;
    m_namesFresh = true;
    return {};
}

Result<void> BlockReader::loadStreams()
{
    const auto known = hasColumn(m_database, "recording", "stream");
    if (!known || !*known)
        return known ? Result<void>() : known.error();
    auto rows = m_database.prepare("SELECT id, stream FROM recording WHERE id > ?");
    if (!rows)
        return rows.error();
    rows->bind(1, m_streams.empty() ? 0 : m_streams.rbegin()->first);
    return rows->forEachRow([&]() -> Result<void> {
        m_streams.emplace(rows->integer(0), m_names->streams.intern(rows->bytes(1)));
        return {};
    });
}

Result<std::pair<std::uint64_t, std::uint64_t>> BlockReader::seqRange()
{
    if (auto done = lookForCommits(); !done)
        return done.error();
    if (m_rangeFresh)
        return m_seqRange;
    const auto first = m_database.number("SELECT first_seq FROM block ORDER BY first_seq LIMIT 1");
    const auto last = m_database.number("SELECT last_seq FROM block ORDER BY first_seq DESC LIMIT 1");
    if (!first)
        return first.error();
    if (!last)
        return last.error();
    m_seqRange = {static_cast<std::uint64_t>(*first), static_cast<std::uint64_t>(*last)};
    m_rangeFresh = true;
    return m_seqRange;
}

Result<std::uint64_t> BlockReader::seqAt(Timestamp time)
{
    HistoryQuery query;
    query.from = time;
    query.limit = 1;
    query.columns = kEnvelopeOnly;
    std::uint64_t seq = 0;
    const auto done = scan(query, {}, [&](const std::shared_ptr<const Batch>& batch) {
        seq = batch->messages.front().seq;
        return false;
    });
    if (!done)
        return done.error();
    if (seq != 0)
        return seq;
    return seqRange().transform([](auto range) { return range.second + 1; });
}

Result<HistoryInfo> BlockReader::info()
{
    return readInfo(m_database, m_path);
}

Result<std::vector<Gap>> BlockReader::gaps(Timestamp from, Timestamp to)
{
    return readGaps(m_database, from, to, WriterLock::isHeld(m_path));
}

Result<ScanSummary> BlockReader::scan(const HistoryQuery& query, std::stop_token stop,
                                      const std::function<bool(const std::shared_ptr<const Batch>&)>& visit)
{
    // The end is fixed before the names are read: whatever lies before it has its names.
    auto rows = BlockScan::begin(m_database, query);
    if (!rows)
        return rows.error();
    if (auto done = refreshNames(); !done)
        return done.error();
    auto pruner = BlockPruner::make(query.filter, *m_names, m_database);
    if (!pruner)
        return pruner.error();
    ScanSummary summary;
    while (summary.matched < query.limit && !stop.stop_requested()) {
        const auto row = rows->next();
        if (!row)
            return row.error();
        if (!*row)
            return summary;
        const bool sound = (*row)->row.checksum() == (*row)->checksum;
        if (sound && !pruner->mayMatch((*row)->row)) {
            summary.scanned += (*row)->row.count;
            continue;
        }
        ++summary.openedBlocks;
        auto messages = readBlock(**row, query);
        if (!messages) {
            ++summary.damagedBlocks;
            summary.damage.push_back(nameBlock(**row, messages.error()));
            continue;
        }
        summary.scanned += (*row)->row.count;
        if (messages->empty())
            continue;
        if (query.order == Order::NewestFirst)
            std::reverse(messages->begin(), messages->end());
        messages->resize(std::min<std::uint64_t>(messages->size(), query.limit - summary.matched));
        summary.matched += messages->size();
        if (!visit(batchOf(std::move(*messages), m_names, m_decoder.storage())))
            break;
    }
    summary.stoppedEarly = true;
    return summary;
}

Result<std::vector<Message>> BlockReader::readBlock(const FoundBlock& found, const HistoryQuery& query)
{
    if (found.row.checksum() != found.checksum)
        return Error{ErrorCode::Format, {}, "the checksum of its row differs", {}};
    const auto blob =
        Blob::open(m_database, "block_body", "body", static_cast<std::int64_t>(found.row.firstSeq));
    if (!blob)
        return blob.error();
    const auto read = [&](std::size_t offset, std::size_t length, std::string& out) {
        return blob->read(offset, length, out);
    };
    std::vector<Message> messages;
    if (auto done = m_decoder.open(found.row, blob->size(), read); !done)
        return done.error();
    if (auto done = m_decoder.envelope(messages); !done)
        return done.error();
    fillNames(messages, found.row.recording);
    const ColumnSet first = query.filter.isEmpty() ? 0 : query.filter.columns();
    if (auto done = readColumns(messages, first); !done)
        return done.error();
    const std::vector<bool> keep = select(messages, query);
    if (std::find(keep.begin(), keep.end(), true) == keep.end())
        return std::vector<Message>();
    if (auto done = readColumns(messages, query.columns & ~first); !done)
        return done.error();
    std::size_t row = 0;
    std::erase_if(messages, [&](const Message&) { return !keep[row++]; });
    return messages;
}

std::vector<bool> BlockReader::select(const std::vector<Message>& messages, const HistoryQuery& query) const
{
    std::vector<bool> keep(messages.size());
    for (std::size_t i = 0; i < messages.size(); ++i) {
        const Message& message = messages[i];
        keep[i] = message.seq >= query.firstSeq && message.seq <= query.lastSeq &&
                  message.time >= query.from && message.time < query.to &&
                  (query.filter.isEmpty() || query.filter.matches(message, *m_names));
    }
    return keep;
}

Result<void> BlockReader::readColumns(std::vector<Message>& messages, ColumnSet columns)
{
    const auto wants = [&](Column column) { return (columns & static_cast<ColumnSet>(column)) != 0; };
    if (wants(Column::Reply)) {
        if (auto done = m_decoder.replies(messages); !done)
            return done;
    }
    if (wants(Column::Headers)) {
        if (auto done = m_decoder.headers(messages); !done)
            return done;
    }
    if (wants(Column::Payload))
        return m_decoder.payloads(
            messages, [&](std::uint64_t seq, std::uint64_t size) { return readLarge(seq, size); });
    return {};
}

Result<std::string> BlockReader::readLarge(std::uint64_t seq, std::uint64_t size)
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

void BlockReader::fillNames(std::vector<Message>& messages, std::int64_t recording) const
{
    const auto found = m_streams.find(recording);
    const StreamId stream = found != m_streams.end() ? found->second : StreamId{};
    for (Message& message : messages) {
        message.subjectName = nameAt(m_subjects, message.subject.value);
        message.popName = nameAt(m_pops, message.pop.value);
        message.workerName = nameAt(m_workers, message.worker.value);
        message.stream = stream;
        // A token may have been verified after its messages were stored.
        if (!message.identity.isNone() && message.identity.value < m_identities.size())
            message.evidence =
                std::max(message.evidence, evidenceAt(m_identities[message.identity.value], message.time));
    }
}

} // namespace weir
