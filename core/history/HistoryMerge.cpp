// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/history/HistoryMerge.h"

#include "core/history/LookStore.h"
#include "core/history/RollupStore.h"
#include "core/history/UncleanEnd.h"

#include <algorithm>
#include <limits>
#include <set>

namespace weir {
namespace {

/// What a message takes in a block, about.
std::size_t bytesOf(const Message& message)
{
    return 40 + message.headers.size() + message.reply.size() + message.payload.size();
}

} // namespace

HistoryMerge::HistoryMerge(MergeSource& first, MergeSource& second, HistoryBuilder& to,
                           HistoryCheck::Tell tell, HistoryCheck::Progress progress)
    : m_sources{&first, &second}, m_to(to), m_tell(std::move(tell)), m_progress(std::move(progress))
{
}

Result<MergedHistory> HistoryMerge::run()
{
    for (MergeSource* source : m_sources) {
        if (auto done = source->mapNames(m_to.names()); !done)
            return done.error();
    }
    for (const auto step :
         {&HistoryMerge::copyRecordings, &HistoryMerge::copyGaps, &HistoryMerge::findDoubles,
          &HistoryMerge::takeExpired, &HistoryMerge::mergeMessages, &HistoryMerge::copyBrokerLooks,
          &HistoryMerge::tellDamage}) {
        if (auto done = (this->*step)(); !done)
            return done.error();
    }
    if (auto done = settleCounts(); !done)
        return done.error();
    if (auto done = m_to.finish(); !done)
        return done.error();
    return m_done;
}

/// What was in both was stored once.
Result<void> HistoryMerge::settleCounts()
{
    auto count =
        m_to.database().prepare("UPDATE recording SET stored = stored - ?2, received = received - ?2, "
                                "first_seq = coalesce((SELECT min(first_seq) FROM block WHERE "
                                "recording = ?1), ?3) WHERE id = ?1");
    if (!count)
        return count.error();
    for (MergeSource* source : m_sources) {
        for (const auto& [id, recording] : source->recordings()) {
            const auto dropped = m_dropped.find(recording.id);
            count->bind(1, recording.id)
                .bind(2, dropped == m_dropped.end() ? std::uint64_t{0} : dropped->second);
            if (auto done = count->bind(3, m_nextSeq).run(); !done)
                return done;
        }
    }
    return {};
}

/// In the order in which they began; what did not end cleanly ends where its gap says.
Result<void> HistoryMerge::copyRecordings()
{
    struct Place
    {
        std::int64_t started;
        MergeSource* source;
        std::int64_t id;
    };
    std::vector<Place> places;
    for (MergeSource* source : m_sources) {
        auto rows = source->database().prepare("SELECT id, started FROM recording ORDER BY id");
        if (!rows)
            return rows.error();
        const auto read = rows->forEachRow([&]() -> Result<void> {
            places.push_back({rows->integer(1), source, rows->integer(0)});
            return {};
        });
        if (!read)
            return read;
    }
    std::stable_sort(places.begin(), places.end(),
                     [](const Place& a, const Place& b) { return a.started < b.started; });
    std::int64_t next = 1;
    for (const Place& place : places) {
        const auto columns = HistoryBuilder::recordingColumns(place.source->database());
        if (!columns)
            return columns.error();
        auto row = place.source->database().prepare("SELECT " + *columns + " FROM recording WHERE id = ?");
        const auto found = row ? row->bind(1, place.id).step() : Result<bool>(row.error());
        if (!found)
            return found.error();
        place.source->recordings()[place.id] = {next, std::string(row->bytes(row->columns() - 1))};
        if (auto done = m_to.copyRecording(*row, next); !done)
            return done;
        ++next;
    }
    return m_to.database().run("UPDATE recording SET ended = last_commit + flush_ns WHERE ended IS NULL");
}

Result<void> HistoryMerge::copyGaps()
{
    for (MergeSource* source : m_sources) {
        const auto gaps = readGaps(source->database(), Timestamp::min(), Timestamp::max(), false);
        if (!gaps)
            return gaps.error();
        // Which recording a gap is of only says who wrote it down.
        const std::int64_t recording =
            source->recordings().empty() ? 1 : source->recordings().rbegin()->second.id;
        for (const Gap& gap : *gaps) {
            if (auto done = m_to.addGap(recording, gap); !done)
                return done;
        }
    }
    return {};
}

Result<void> HistoryMerge::findDoubles()
{
    std::set<std::string> second;
    for (const auto& [id, recording] : m_sources[1]->recordings())
        second.insert(recording.stream);
    std::vector<std::int64_t> both;
    for (const auto& [id, recording] : m_sources[0]->recordings()) {
        if (!recording.stream.empty() && second.contains(recording.stream))
            both.push_back(id);
    }
    BlockInspector inspector(m_sources[0]->database());
    if (auto begun = inspector.begin(); !begun)
        return begun;
    for (const std::int64_t id : both) {
        std::vector<StreamPlace>& places = m_places[m_sources[0]->recordings()[id].stream];
        auto rows = m_sources[0]->database().prepare("SELECT * FROM block WHERE recording = ?");
        if (!rows)
            return rows.error();
        rows->bind(1, id);
        const auto read = rows->forEachRow([&]() -> Result<void> {
            const InspectedBlock block = inspector.inspect(blockOf(*rows), BlockInspector::Large::Unread);
            for (const Message& message : block.faults.empty() ? block.messages : std::vector<Message>()) {
                if (message.streamSeq != 0)
                    places.emplace_back(message.streamSeq, toUnixNanos(message.stored));
            }
            return {};
        });
        if (!read)
            return read;
    }
    for (auto& [stream, places] : m_places)
        std::sort(places.begin(), places.end());
    return {};
}

bool HistoryMerge::isDouble(const MergeSource& source) const
{
    if (&source != m_sources[1])
        return false;
    const auto places = m_places.find(source.recording().stream);
    const Message& message = source.message();
    return places != m_places.end() && message.streamSeq != 0 &&
           std::binary_search(places->second.begin(), places->second.end(),
                              StreamPlace(message.streamSeq, toUnixNanos(message.stored)));
}

void HistoryMerge::tell(std::string what)
{
    HistoryDamage damage;
    damage.what.push_back(std::move(what));
    ++m_done.damages;
    m_tell(damage);
}

Result<void> HistoryMerge::copyBrokerLooks()
{
    for (MergeSource* source : m_sources) {
        const auto recording = [source](std::int64_t id) {
            const auto known = source->recordings().find(id);
            return known == source->recordings().end() ? 0 : known->second.id;
        };
        const auto wrong = [this](std::string what) { tell(std::move(what)); };
        if (auto done = copyLooks(source->database(), m_to.database(), recording, wrong); !done)
            return done;
    }
    return {};
}

Result<void> HistoryMerge::takeExpired()
{
    const auto wrong = [this](std::string what) { tell(std::move(what)); };
    bool leftOut = false;
    for (MergeSource* source : m_sources) {
        const auto oldest =
            source->database().number("SELECT coalesce(min(first_seq), 9223372036854775807) FROM block");
        if (!oldest)
            return oldest.error();
        const auto take = [&](RollupSlot& slot) -> Result<void> {
            leftOut = !m_places.empty(); // they may be the same messages
            if (leftOut)
                return {};
            source->rename(slot);
            slot.firstSeq = m_nextSeq;
            for (const RollupCell& cell : slot.cells)
                m_nextSeq += cell.count;
            slot.lastSeq = m_nextSeq - 1;
            return m_to.addExpired(slot);
        };
        if (auto read =
                readSecondsBefore(source->database(), static_cast<std::uint64_t>(*oldest), take, wrong);
            !read)
            return read;
    }
    if (leftOut)
        tell("the sums of what had expired are left out: both recorded stream " + m_places.begin()->first);
    if (m_nextSeq == 1)
        return {};
    return m_to.endExpired(m_nextSeq - 1);
}

Result<void> HistoryMerge::mergeMessages()
{
    std::array<bool, 2> more{};
    for (std::size_t i = 0; i < 2; ++i) {
        const auto first = m_sources.at(i)->next();
        if (!first)
            return first.error();
        more.at(i) = *first;
    }
    while (more[0] || more[1]) {
        const bool second =
            !more[0] || (more[1] && m_sources[1]->message().time < m_sources[0]->message().time);
        MergeSource& source = *m_sources.at(second ? 1 : 0);
        if (auto done = take(source); !done)
            return done;
        const auto next = source.next();
        if (!next)
            return next.error();
        more.at(second ? 1 : 0) = *next;
    }
    return write();
}

Result<void> HistoryMerge::take(MergeSource& source)
{
    if (isDouble(source)) {
        ++m_done.doubles;
        ++m_dropped[source.recording().id];
        return {};
    }
    m_waiting.push_back({source.message(), &source, source.recording().id, source.storage()});
    m_waitingBytes += bytesOf(source.message());
    if (m_waiting.size() < kBlockMessages && m_waitingBytes < kBlockBytes)
        return {};
    if (m_progress)
        m_progress(m_sources[0]->blocksRead() + m_sources[1]->blocksRead(),
                   m_sources[0]->blocks() + m_sources[1]->blocks());
    return write();
}

Result<void> HistoryMerge::write()
{
    std::stable_sort(m_waiting.begin(), m_waiting.end(),
                     [](const Waiting& a, const Waiting& b) { return a.recording < b.recording; });
    for (std::size_t from = 0; from < m_waiting.size();) {
        std::size_t to = from;
        while (to < m_waiting.size() && m_waiting[to].recording == m_waiting[from].recording)
            ++to;
        if (auto done = writeRun(from, to); !done)
            return done;
        from = to;
    }
    m_waiting.clear();
    m_waitingBytes = 0;
    return {};
}

Result<void> HistoryMerge::writeRun(std::size_t from, std::size_t to)
{
    std::vector<const Message*> rows;
    for (std::size_t i = from; i < to; ++i) {
        Waiting& waiting = m_waiting[i];
        const std::uint64_t before = std::exchange(waiting.message.seq, m_nextSeq++);
        rows.push_back(&waiting.message);
        if (waiting.message.payloadSize <= kLargePayload)
            continue;
        auto row = waiting.source->database().prepare(
            "SELECT size, codec, checksum, body FROM large_payload WHERE seq = ?");
        const auto found = row ? row->bind(1, before).step() : Result<bool>(row.error());
        if (!found)
            return found.error();
        if (auto done = m_to.copyLarge(waiting.message.seq, *row); !done)
            return done;
    }
    EncodedBlock block = m_encoder.encode(rows);
    block.row.recording = m_waiting[from].recording;
    ++m_done.blocks;
    m_done.messages += block.row.count;
    return m_to.add(block, rows);
}

Result<void> HistoryMerge::tellDamage()
{
    for (MergeSource* source : m_sources) {
        for (const InspectedBlock& block : source->damaged()) {
            const BlockRow& row = block.found.row;
            ++m_done.damages;
            m_tell({row.firstSeq, row.firstSeq, row.lastSeq, fromUnixNanos(row.timeMin),
                    fromUnixNanos(row.timeMax), block.faults});
            Gap gap;
            gap.from = fromUnixNanos(row.timeMin);
            gap.to = std::max(fromUnixNanos(row.timeMax), gap.from) + Nanoseconds(1);
            gap.cause = GapCause::Damaged;
            gap.messages = row.count;
            gap.estimated = !block.rowIsSound;
            gap.detail =
                "a block of a history that was merged into this one was damaged: " + block.faults.front();
            m_done.lostMessages += row.count;
            const auto recording = source->recordings().find(row.recording);
            if (auto done =
                    m_to.addGap(recording == source->recordings().end() ? 1 : recording->second.id, gap);
                !done)
                return done;
        }
    }
    return {};
}

} // namespace weir
