// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/history/HistoryImport.h"

#include "core/broker/StreamLedger.h"
#include "core/envelope/FactParsers.h"

#include <algorithm>
#include <utility>

namespace weir {
namespace {

constexpr std::int64_t kRecording = 1;
constexpr std::size_t kRowBytes = 40; ///< about what a message's own columns take

/// A name that a document gives, as fit for a dictionary as one out of a header.
std::string_view clean(const std::string& name, FactBuffer& buffer, bool isPop)
{
    return isPop ? parsePop(name, buffer) : parseName(name, buffer);
}

} // namespace

HistoryImport::HistoryImport(ImportInput& input, HistoryBuilder& to, Options options, Tell tell,
                             Progress progress)
    : m_input(input),
      m_to(to),
      m_options(std::move(options)),
      m_tell(std::move(tell)),
      m_progress(std::move(progress)),
      m_envelope(m_options.rules, m_to.sharedNames(), {}, EnvelopeReader::Origin::File)
{
}

Result<ImportedHistory> HistoryImport::run()
{
    for (const auto step :
         {&HistoryImport::look, &HistoryImport::addRecording, &HistoryImport::takeAll, &HistoryImport::write,
          &HistoryImport::addGaps, &HistoryImport::settleRecording}) {
        if (auto done = (this->*step)(); !done)
            return done.error();
    }
    if (auto done = m_to.finish(); !done)
        return done.error();
    return m_done;
}

/// Whether the documents come in the order of their time; else where each stands.
Result<void> HistoryImport::look()
{
    ImportPlace place;
    std::string_view text;
    Timestamp before = Timestamp::min();
    const auto timeOf = [&] { return place.time == kNoTime ? m_reader.time(text) : place.time; };
    for (;;) {
        const auto more = m_input.next(place, text);
        if (!more)
            return more.error();
        if (!*more)
            break;
        const Timestamp time = timeOf();
        if (time == kNoTime)
            continue;
        m_done.sorted = m_done.sorted || time < before;
        before = time;
        if (m_done.sorted)
            break;
    }
    m_input.rewind();
    while (m_done.sorted) {
        const auto more = m_input.next(place, text);
        if (!more)
            return more.error();
        if (!*more)
            break;
        place.time = timeOf();
        m_order.push_back(place); // what names no time comes first, and is refused there
    }
    std::stable_sort(m_order.begin(), m_order.end(),
                     [](const ImportPlace& a, const ImportPlace& b) { return a.time < b.time; });
    return {};
}

Result<void> HistoryImport::takeAll()
{
    if (m_done.sorted) {
        for (const ImportPlace& place : std::exchange(m_order, {})) {
            const auto text = m_input.at(place);
            if (!text)
                return text.error();
            if (auto done = take(place, *text); !done)
                return done;
        }
        return {};
    }
    ImportPlace place;
    std::string_view text;
    for (;;) {
        const auto more = m_input.next(place, text);
        if (!more)
            return more.error();
        if (!*more)
            return {};
        if (auto done = take(place, text); !done)
            return done;
    }
}

Result<void> HistoryImport::take(const ImportPlace& place, std::string_view document)
{
    m_bytesDone += place.length;
    if (m_progress)
        m_progress(m_bytesDone, m_input.bytes());
    if (auto coverage = m_reader.coverage(document)) {
        m_done.coverageKnown = true;
        m_done.gaps += coverage->gaps.size();
        if (!m_coverage)
            m_coverage.emplace();
        m_coverage->filter = coverage->filter;
        m_coverage->gaps.insert(m_coverage->gaps.end(), coverage->gaps.begin(), coverage->gaps.end());
        return {};
    }
    auto told = m_reader.message(document);
    if (told && told->time == kNoTime)
        told->time = place.time;
    if (told && told->time == kNoTime)
        told = Error{ErrorCode::Format, "reading a message", "it does not say when it came",
                     "\"time\" in RFC 3339 does"};
    if (!told) {
        refuse(place, told.error());
        return {};
    }
    m_rows.push_back({std::move(*told), {}});
    Row& row = m_rows.back();
    readFacts(row);
    m_first = m_first == kNoTime ? row.message.time : m_first;
    m_last = std::max(m_last, row.message.time);
    m_bytesIn += row.told.subject.size() + row.told.reply.size() + row.message.size();
    m_rowBytes += kRowBytes + row.told.reply.size() + row.told.headers.size();
    m_rowBytes += row.told.payload.size() <= kLargePayload ? row.told.payload.size() : 0;
    return m_rows.size() < kBlockMessages && m_rowBytes < kBlockBytes ? Result<void>() : write();
}

void HistoryImport::refuse(const ImportPlace& place, const Error& error)
{
    ++m_done.refused;
    m_tell(m_input.nameOf(place), error);
    if (m_refusals.empty())
        m_refusals.push_back({kNoTime, kNoTime, GapCause::Damaged, 0, false,
                              "not messages, such as " + m_input.nameOf(place) + ": " + error.why});
    ++*m_refusals.front().messages;
}

void HistoryImport::readFacts(Row& row)
{
    const JsonMessage& told = row.told;
    const std::optional<AckSubject> ack = parseAckSubject(told.reply);
    RawMessage raw;
    raw.time = told.time;
    raw.stored = told.stored == kNoTime && ack ? ack->stored : told.stored;
    raw.streamSeq = told.streamSeq == 0 && ack ? ack->streamSeq : told.streamSeq;
    raw.subject = told.subject;
    raw.reply = told.reply;
    raw.headers = told.headers;
    raw.payload = told.payload;
    Message& message = row.message;
    m_envelope.read(raw, message,
                    [this](std::size_t size) { return m_room.emplace_back(size, '\0').data(); });
    message.seq = m_nextSeq++;
    if (told.size && *told.size >= told.payload.size())
        message.headerSize = static_cast<std::uint32_t>(*told.size - told.payload.size());
    if (message.sent == kNoTime && told.latency)
        message.sent = (raw.stored == kNoTime ? raw.time : raw.stored) - *told.latency;
    FactBuffer buffer;
    if (told.pop)
        message.pop = m_to.names().pops.intern(clean(*told.pop, buffer, true));
    if (told.worker)
        message.worker = m_to.names().workers.intern(clean(*told.worker, buffer, false));
    if (told.trace)
        message.trace = parseTraceId(*told.trace);
    if (told.identity)
        readIdentity(row);
    m_stream = m_stream.value_or(told.stream) == told.stream ? told.stream : std::string();
}

void HistoryImport::readIdentity(Row& row)
{
    FactBuffer buffer;
    Identity identity;
    identity.name = clean(*row.told.identity, buffer, false);
    identity.evidence = row.told.evidence.value_or(Evidence::Claimed);
    const bool unproven = identity.evidence > Evidence::Claimed && !m_options.keepEvidence;
    identity.proof = std::string("the imported file calls it ") +
                     std::string(evidenceName(identity.evidence)) +
                     (unproven ? ", and nothing in it proves that" : "");
    if (unproven)
        identity.evidence = Evidence::Claimed;
    if (identity.name.empty()) {
        row.message.identity = {};
        row.message.evidence = Evidence::Unknown;
        return;
    }
    m_done.unproven += unproven ? 1 : 0;
    row.message.identity = m_to.names().identities.intern(identity);
    row.message.evidence = identity.evidence;
}

Result<void> HistoryImport::addRecording()
{
    auto insert =
        m_to.database().prepare("INSERT INTO recording(id, started, last_commit, flush_ns, source, subjects, "
                                "weir, first_seq, stream) VALUES(?, 0, 0, 0, ?, '', ?, 1, '')");
    if (!insert)
        return insert.error();
    return insert->bind(1, kRecording)
        .bindText(2, "import of " + m_input.name())
        .bindText(3, WEIR_VERSION)
        .run();
}

Result<void> HistoryImport::write()
{
    if (m_rows.empty())
        return {};
    std::vector<const Message*> rows;
    rows.reserve(m_rows.size());
    for (const Row& row : m_rows)
        rows.push_back(&row.message);
    EncodedBlock block = m_encoder.encode(rows);
    block.row.recording = kRecording;
    ++m_done.blocks;
    m_done.messages += block.row.count;
    auto done = m_to.add(block, rows);
    m_rows.clear();
    m_room.clear();
    m_rowBytes = 0;
    return done;
}

/// Promise 1: what the input lacks, or that nobody knows what it lacks.
Result<void> HistoryImport::addGaps()
{
    if (m_done.messages == 0)
        return Error{ErrorCode::Format, "importing " + m_input.name(), "there is no message in it",
                     "weir query --format ndjson, and nats sub --dump, write what is read here"};
    std::vector<Gap> gaps = m_coverage.value_or(JsonCoverage{}).gaps;
    if (!m_done.coverageKnown)
        gaps.push_back({kNoTime, kNoTime, GapCause::Imported, std::nullopt, false,
                        "imported from " + m_input.name() + ", which does not say what it lacks"});
    gaps.insert(gaps.end(), m_refusals.begin(), m_refusals.end());
    for (Gap& gap : gaps) {
        if (gap.from == kNoTime)
            gap.from = m_first;
        if (gap.to == kNoTime) // nothing lasts in a file
            gap.to = std::max(m_last, gap.from) + Nanoseconds(1);
        if (auto done = m_to.addGap(kRecording, gap); !done)
            return done;
    }
    return {};
}

Result<void> HistoryImport::settleRecording()
{
    auto settle = m_to.database().prepare(
        "UPDATE recording SET started = ?2, last_commit = ?3, ended = ?3, received = ?4, stored = ?4, "
        "bytes_in = ?5, stream = ?6, subjects = ?7 WHERE id = ?1");
    if (!settle)
        return settle.error();
    settle->bind(1, kRecording).bind(2, m_first).bind(3, m_last).bind(4, m_done.messages).bind(5, m_bytesIn);
    const std::string filter = m_coverage ? m_coverage->filter : std::string();
    settle->bindText(6, m_stream.value_or("")).bindText(7, filter);
    return settle->run();
}

} // namespace weir
