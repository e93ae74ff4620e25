// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/history/HistoryRepair.h"

#include "core/history/Crc32c.h"
#include "core/history/LookStore.h"
#include "core/history/NamePack.h"
#include "core/history/RollupStore.h"
#include "core/history/Schema.h"

#include <algorithm>
#include <utility>

namespace weir {
namespace {

std::string joined(const std::vector<std::string>& words)
{
    std::string all;
    for (const std::string& word : words)
        all += (all.empty() ? "" : "; ") + word;
    return all;
}

template<typename IdType>
void fillUp(Dictionary<IdType>& names, const char* table, std::uint32_t upTo)
{
    while (names.size() < upTo)
        names.intern(std::string("lost-") + table + "-" + std::to_string(names.size() + 1));
}

void fillUp(IdentityTable& identities, std::uint32_t upTo)
{
    while (identities.size() < upTo) {
        Identity lost;
        lost.name = "lost-identity-" + std::to_string(identities.size() + 1);
        lost.proof = "its entry was damaged";
        identities.append(lost);
    }
}

} // namespace

HistoryRepair::HistoryRepair(Database& from, HistoryBuilder& to, Tell tell, Progress progress)
    : m_from(from), m_to(to), m_tell(std::move(tell)), m_progress(std::move(progress)), m_inspector(from)
{
}

Result<RepairedHistory> HistoryRepair::run()
{
    if (auto begun = m_from.run("BEGIN"); !begun)
        return begun.error();
    auto done = copyRecordings();
    for (const auto step : {&HistoryRepair::copyNames, &HistoryRepair::copySums, &HistoryRepair::copyBlocks,
                            &HistoryRepair::copyGaps, &HistoryRepair::copyBrokerLooks}) {
        if (done)
            done = (this->*step)();
    }
    m_from.rollback(); // it was only read
    if (done)
        done = m_to.finish();
    if (!done)
        return done.error();
    return m_done;
}

void HistoryRepair::tell(HistoryDamage damage)
{
    ++m_done.damages;
    m_tell(damage);
}

Result<void> HistoryRepair::copyRecordings()
{
    const auto columns = HistoryBuilder::recordingColumns(m_from);
    auto rows = columns ? m_from.prepare("SELECT " + *columns + ", id FROM recording ORDER BY id")
                        : Result<Statement>(columns.error());
    Result<void> failed; // of the new history
    const auto read = rows ? rows->forEachRow([&]() -> Result<void> {
        const std::int64_t id = rows->integer(rows->columns() - 1);
        m_recordings[id] = true;
        m_recording = id;
        failed = m_to.copyRecording(*rows, id);
        return failed;
    })
                           : Result<void>(rows.error());
    if (!failed)
        return failed;
    if (!read)
        tell({{}, 0, 0, kNoTime, kNoTime, {"the recordings cannot be read: " + read.error().why}});
    if (!m_recordings.empty())
        return {};
    // Blocks and gaps need one that they are of.
    m_recording = 1;
    m_recordings[1] = true;
    return m_to.database().run("INSERT INTO recording(id, started, ended, last_commit, flush_ns, source, "
                               "subjects, weir, first_seq) VALUES(1, 0, 0, 0, 0, 'lost', '', '', 1)");
}

template<typename IdType>
void HistoryRepair::copyDictionary(const char* table, Dictionary<IdType>& into)
{
    std::uint64_t lost = 0;
    const auto copy = [&](const NameRun& run) {
        auto id = static_cast<std::uint32_t>(run.firstId);
        if (!run.fault.empty())
            tell({{}, 0, 0, kNoTime, kNoTime, {run.fault}});
        if (run.names.empty() || id <= into.size()) { // those ids have names already
            lost += run.names.size();
            return;
        }
        lost += id - into.size() - 1;
        fillUp(into, table, id - 1);
        for (const std::string_view name : run.names) {
            if (into.intern(name).value != id) { // twice, or empty
                ++lost;
                fillUp(into, table, id);
            }
            ++id;
        }
    };
    auto reader = NameReader::begin(m_from, table, 0);
    auto read = reader ? Result<void>() : Result<void>(reader.error());
    for (NameRun run; read;) {
        const auto more = reader->next(run);
        if (more && !*more)
            break;
        if (more)
            copy(run);
        else
            read = more.error();
    }
    if (!read)
        tell({{},
              0,
              0,
              kNoTime,
              kNoTime,
              {std::string("the dictionary ") + table + " cannot be read to its end: " + read.error().why}});
    if (lost > 0)
        tell({{},
              0,
              0,
              kNoTime,
              kNoTime,
              {std::string("the dictionary ") + table + " lacks " + std::to_string(lost) +
               " of its entries: they are named lost-" + table + "-N"}});
}

Result<void> HistoryRepair::copyNames()
{
    Names& names = m_to.names();
    copyDictionary("subject", names.subjects);
    copyDictionary("pop", names.pops);
    copyDictionary("worker", names.workers);
    auto rows = m_from.prepare("SELECT id, name, issuer, evidence, proof, claims, token_sha256, not_before, "
                               "expires FROM identity WHERE id > 0 ORDER BY id");
    const auto read = rows ? rows->forEachRow([&]() -> Result<void> {
        fillUp(names.identities, static_cast<std::uint32_t>(rows->count(0)) - 1);
        Identity one;
        one.name = rows->bytes(1);
        one.issuer = rows->bytes(2);
        one.evidence = static_cast<Evidence>(rows->integer(3));
        one.proof = rows->bytes(4);
        one.claims = rows->bytes(5);
        one.tokenSha256 = rows->bytes(6);
        one.notBefore = rows->time(7);
        one.expires = rows->time(8);
        names.identities.append(one);
        return {};
    })
                           : Result<void>(rows.error());
    if (!read)
        tell({{},
              0,
              0,
              kNoTime,
              kNoTime,
              {"the dictionary identity cannot be read to its end: " + read.error().why}});
    return {};
}

/// All of them, or those of the messages that can still be read.
Result<void> HistoryRepair::copySums()
{
    const auto summedUp = hasTable(m_from, "rollup");
    if (!summedUp || !*summedUp) // what cannot be read is told by those who look for blocks
        return {};
    std::string wrong;
    const auto checked = checkRollups(m_from, [&wrong](const std::string& what) { wrong = what; });
    const auto from = m_from.number("SELECT value FROM meta WHERE key = 'rollup_from'");
    if (!checked)
        wrong = checked.error().why;
    else if (!from || *from < 1)
        wrong = "where the sums begin cannot be read";
    if (!wrong.empty()) {
        tell({{}, 0, 0, kNoTime, kNoTime, {wrong + ": the sums of what had expired are left out"}});
        return {};
    }
    copyDictionary("subject_group", m_to.names().groups);
    return m_to.takeSums(m_from);
}

Result<void> HistoryRepair::copyBrokerLooks()
{
    const auto recording = [this](std::int64_t id) { return m_recordings.contains(id) ? id : m_recording; };
    const auto wrong = [this](const std::string& what) { tell({{}, 0, 0, kNoTime, kNoTime, {what}}); };
    return copyLooks(m_from, m_to.database(), recording, wrong);
}

void HistoryRepair::nameAll(const std::vector<Message>& messages)
{
    Names& names = m_to.names();
    for (const Message& message : messages) {
        fillUp(names.subjects, "subject", message.subject.value);
        fillUp(names.pops, "pop", message.pop.value);
        fillUp(names.workers, "worker", message.worker.value);
        fillUp(names.identities, message.identity.value);
    }
}

Result<void> HistoryRepair::copyGaps()
{
    auto rows = m_from.prepare(
        "SELECT recording, from_time, to_time, cause, messages, estimated, detail FROM gap ORDER BY id");
    Result<void> failed;
    const auto read = rows ? rows->forEachRow([&]() -> Result<void> {
        Gap gap;
        gap.from = rows->time(1);
        gap.to = rows->time(2);
        gap.cause = static_cast<GapCause>(rows->integer(3));
        if (const auto messages = rows->optionalInteger(4))
            gap.messages = static_cast<std::uint64_t>(*messages);
        gap.estimated = rows->integer(5) != 0;
        gap.detail = rows->bytes(6);
        if ((gap.to != kNoTime && gap.to < gap.from) || rows->integer(3) < 1) {
            tell({{}, 0, 0, kNoTime, kNoTime, {"a gap makes no sense: only when it began is kept"}});
            gap.to = gap.from;
            gap.cause = GapCause::Damaged;
        }
        const bool known = m_recordings.contains(rows->integer(0));
        failed = m_to.addGap(known ? rows->integer(0) : m_recording, gap);
        return failed;
    })
                           : Result<void>(rows.error());
    if (!failed)
        return failed;
    if (!read)
        tell({{}, 0, 0, kNoTime, kNoTime, {"the gaps cannot be read to their end: " + read.error().why}});
    const auto expired = m_from.number("SELECT value FROM meta WHERE key = 'expired_seq'");
    if (!expired || *expired == 0)
        return {};
    auto insert = m_to.database().prepare("INSERT OR REPLACE INTO meta VALUES('expired_seq', ?)");
    return insert ? insert->bind(1, *expired).run() : insert.error();
}

Result<void> HistoryRepair::copyBlocks()
{
    if (auto begun = m_inspector.begin(); !begun && begun.error().code != ErrorCode::Format)
        return begun;
    const auto newest = m_from.number("SELECT max(first_seq) FROM block");
    for (;;) {
        const auto row = nextRow();
        if (!row)
            return row.error();
        if (!*row)
            return {};
        InspectedBlock block = m_inspector.inspect(**row);
        if (auto done = copyBlock(block); !done)
            return done;
        if (m_progress)
            m_progress((*row)->row.firstSeq, newest ? static_cast<std::uint64_t>(*newest) : 0);
    }
}

Result<std::optional<FoundBlock>> HistoryRepair::nextRow()
{
    const auto look = [this](const char* sql) -> Result<std::optional<FoundBlock>> {
        auto row = m_from.prepare(sql);
        if (!row)
            return row.error();
        const auto found = row->bind(1, m_key).step();
        if (!found)
            return found.error();
        return *found ? std::optional(blockOf(*row)) : std::nullopt;
    };
    auto found = look("SELECT * FROM block WHERE first_seq > ? ORDER BY first_seq LIMIT 1");
    if (!found && found.error().code != ErrorCode::Format)
        return found;
    if (found) {
        m_key = *found ? static_cast<std::int64_t>((*found)->row.firstSeq) : m_key;
        return found;
    }
    // A page of rows is damaged. Their bodies lie elsewhere, and so do the rows behind them.
    const std::string why = found.error().why;
    auto keys =
        m_from.prepare("SELECT first_seq FROM block_body WHERE first_seq > ? ORDER BY first_seq LIMIT 1");
    const auto key = keys ? keys->bind(1, m_key).step() : Result<bool>(keys.error());
    if (!key || !*key) {
        HistoryDamage damage;
        damage.what.push_back("the rows of blocks behind message " + std::to_string(m_lastSeq) +
                              " cannot be read: " + why);
        tell(damage);
        return std::optional<FoundBlock>();
    }
    FoundBlock rowless;
    m_key = keys->integer(0);
    rowless.row.firstSeq = static_cast<std::uint64_t>(m_key);
    rowless.row.lastSeq = rowless.row.firstSeq;
    rowless.row.timeMin = rowless.row.timeMax = toUnixNanos(m_lastTime);
    rowless.checksum = ~rowless.row.checksum();
    return std::optional(rowless);
}

std::int64_t HistoryRepair::recordingOf(const InspectedBlock& block) const
{
    return m_recordings.contains(block.found.row.recording) ? block.found.row.recording : m_recording;
}

Result<void> HistoryRepair::copyBlock(InspectedBlock& block)
{
    const bool readable = !block.messages.empty() && block.messages.front().seq > m_lastSeq;
    if (!block.messages.empty() && !readable)
        block.faults.emplace_back("it begins before the block before it ends");
    nameAll(block.messages);
    if (!block.faults.empty()) {
        const BlockRow& row = block.found.row;
        tell({row.firstSeq, row.firstSeq, row.lastSeq, fromUnixNanos(row.timeMin), fromUnixNanos(row.timeMax),
              block.faults});
    }
    const bool whole = block.rowIsSound && block.indexIsSound && block.damagedPayloads.empty();
    auto done = !readable ? lose(block, block.found.row.count)
                : whole   ? copyAsItIs(block)
                          : encodeAnew(block);
    m_recording = recordingOf(block);
    if (readable) {
        m_lastSeq = block.messages.back().seq;
        m_lastTime = block.messages.back().time;
    } else if (block.rowIsSound) {
        m_lastSeq = std::max(m_lastSeq, block.found.row.lastSeq);
        m_lastTime = fromUnixNanos(block.found.row.timeMax);
    }
    return done;
}

Result<void> HistoryRepair::copyAsItIs(const InspectedBlock& block)
{
    EncodedBlock copy;
    copy.row = block.found.row;
    copy.row.recording = recordingOf(block);
    copy.body = block.body;
    const std::array<std::string*, 5> sets{&copy.subjects, &copy.pops, &copy.workers, &copy.identities,
                                           &copy.traces};
    for (std::size_t set = 0; set < sets.size(); ++set) {
        if (!block.sets.at(set)) // of a file made before there was such a set
            continue;
        *sets.at(set) = *block.sets.at(set);
        appendCrc32c(*sets.at(set));
    }
    std::vector<const Message*> rows;
    for (const Message& message : block.messages) {
        rows.push_back(&message);
        if (message.payloadSize <= kLargePayload)
            continue;
        if (auto done = copyLarge(message.seq); !done)
            return done;
    }
    ++m_done.blocks;
    m_done.messages += copy.row.count;
    return m_to.add(copy, rows);
}

Result<void> HistoryRepair::encodeAnew(InspectedBlock& block)
{
    std::vector<const Message*> rows;
    for (Message& message : block.messages) {
        const auto& lost = block.damagedPayloads;
        if (std::find(lost.begin(), lost.end(), message.seq) != lost.end())
            continue;
        message.subjectName = m_to.names().subjects.name(message.subject);
        rows.push_back(&message);
        if (message.payloadSize <= kLargePayload)
            continue;
        if (auto done = copyLarge(message.seq); !done)
            return done;
    }
    if (rows.size() < block.messages.size()) {
        if (auto done = lose(block, block.messages.size() - rows.size()); !done)
            return done;
    }
    if (rows.empty())
        return {};
    EncodedBlock made = m_encoder.encode(rows);
    made.row.recording = recordingOf(block);
    ++m_done.blocks;
    m_done.messages += made.row.count;
    return m_to.add(made, rows);
}

Result<void> HistoryRepair::copyLarge(std::uint64_t seq)
{
    auto row = m_from.prepare("SELECT size, codec, checksum, body FROM large_payload WHERE seq = ?");
    const auto found = row ? row->bind(1, seq).step() : Result<bool>(row.error());
    if (!found)
        return found.error();
    return m_to.copyLarge(seq, *row);
}

Result<void> HistoryRepair::lose(const InspectedBlock& block, std::uint64_t messages)
{
    const BlockRow& row = block.found.row;
    Gap gap;
    gap.from = fromUnixNanos(row.timeMin);
    gap.to = fromUnixNanos(row.timeMax) + Nanoseconds(1);
    if (!block.rowIsSound) { // then its times are not to be believed
        gap.from = m_lastTime == kNoTime ? fromUnixNanos(0) : m_lastTime;
        gap.to = block.messages.empty() ? gap.from + Nanoseconds(1) : block.messages.back().time;
    }
    gap.to = std::max(gap.to, gap.from + Nanoseconds(1));
    gap.cause = GapCause::Damaged;
    if (block.rowIsSound || !block.messages.empty())
        gap.messages = messages;
    gap.detail = "messages " + std::to_string(row.firstSeq) + " to " + std::to_string(row.lastSeq) +
                 " could not be saved by a repair: " + joined(block.faults);
    m_done.lostMessages += gap.messages.value_or(0);
    return m_to.addGap(recordingOf(block), gap);
}

} // namespace weir
