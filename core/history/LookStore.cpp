// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/history/LookStore.h"

#include "core/history/BlockFormat.h"
#include "core/history/Bytes.h"
#include "core/history/Crc32c.h"
#include "core/history/LookText.h"
#include "core/history/Schema.h"
#include "core/history/Zstd.h"

#include <chrono>
#include <utility>

namespace weir {
namespace {

constexpr std::chrono::seconds kSoonest{5}; ///< after the look before
constexpr std::chrono::minutes kLatest{1};
constexpr std::chrono::hours kWholeEvery{1};
constexpr const char* kInsert = "INSERT INTO broker_look(id, recording, time, base, raw_bytes, checksum, "
                                "body) VALUES(?, ?, ?, ?, ?, ?, ?)";
constexpr const char* kSelect =
    "SELECT id, recording, time, base, raw_bytes, checksum, body FROM broker_look ";

/// What of a look is no counter.
std::size_t shapeOf(const ObservedLook& look)
{
    std::size_t shape = 0;
    const auto add = [&shape](const auto& part) {
        shape = shape * 31 + std::hash<std::decay_t<decltype(part)>>()(part);
    };
    add(look.account);
    for (const std::string& subject : look.observed)
        add(subject);
    for (const SeenServer& server : look.look->servers)
        add(server.id);
    for (const SeenLink& link : look.look->links) {
        add(link.server);
        add(link.remote);
        add(link.address);
    }
    for (const SeenConnection& connection : look.look->connections) {
        add(connection.server);
        add(connection.cid);
        for (const SeenSubscription& subscription : connection.subscriptions) {
            add(subscription.subject);
            add(subscription.queue);
        }
    }
    for (const SeenStream& stream : look.look->streams) {
        add(stream.account);
        add(stream.name);
        for (const std::string& subject : stream.subjects)
            add(subject);
        for (const SeenConsumer& consumer : stream.consumers)
            add(consumer.name);
    }
    for (const SeenAccount& account : look.look->accounts) {
        add(account.id);
        add(account.imports.size());
    }
    return shape;
}

std::uint32_t checksumOf(std::int64_t id, std::int64_t base, Timestamp time, std::uint64_t rawBytes,
                         std::string_view body)
{
    std::string bytes;
    for (const std::int64_t number : {id, base, toUnixNanos(time), static_cast<std::int64_t>(rawBytes)})
        appendFixed(bytes, static_cast<std::uint64_t>(number));
    return crc32c(body, crc32c(bytes));
}

Result<void> insertLook(Statement& insert, const LookRow& row, std::int64_t recording)
{
    const std::uint32_t checksum = checksumOf(row.id, row.base.value_or(0), row.time, row.rawBytes, row.body);
    insert.bind(1, row.id).bind(2, recording).bind(3, row.time).bind(4, row.base);
    insert.bind(5, row.rawBytes).bind(6, std::uint64_t{checksum}).bindBlob(7, row.body);
    return insert.run();
}

/// For a list of damages.
std::string inWords(const Error& error)
{
    return error.what.substr(error.what.find("look")) + ": " + error.why;
}

/// Looks as text, of rows in any order. Remembers the last whole one.
class LookTexts
{
public:
    explicit LookTexts(Database& database) : m_database(database) {}

    /// Of the row that `row` stands at.
    [[nodiscard]] Result<std::string> of(const Statement& row)
    {
        const std::int64_t base = row.optionalInteger(3).value_or(0);
        const std::uint64_t size = row.count(4);
        if (checksumOf(row.integer(0), base, row.time(2), size, row.bytes(6)) != row.count(5))
            return wrong(row, "its checksum differs");
        if (size > kMaxColumn)
            return wrong(row, "it claims to be too long");
        if (base == 0) {
            auto text = unpackAfter({}, row.bytes(6), size);
            if (!text)
                return wrong(row, "it cannot be unpacked");
            m_base = row.integer(0);
            m_baseText = *text;
            return *std::move(text);
        }
        if (base != m_base) {
            auto whole = m_database.prepare((std::string(kSelect) + "WHERE id = ? AND base IS NULL").c_str());
            if (!whole)
                return whole.error();
            const auto found = whole->bind(1, base).step();
            if (!found)
                return found.error();
            if (!*found)
                return wrong(row, "the whole look that it rests on is gone");
            if (const auto text = of(*whole); !text)
                return text.error();
        }
        auto text = unpackAfter(m_baseText, row.bytes(6), size);
        if (!text)
            return wrong(row, "it cannot be unpacked");
        return *std::move(text);
    }

private:
    static Error wrong(const Statement& row, const std::string& why)
    {
        return {ErrorCode::Format, "reading the look at the broker of " + formatRfc3339(row.time(2)), why,
                "weir history verify tells what else is damaged"};
    }

    Database& m_database;
    std::int64_t m_base = 0;
    std::string m_baseText;
};

/// Prepares kSelect + `where` if there are looks in this file.
Result<std::optional<Statement>> selectLooks(Database& database, const std::string& where)
{
    const auto there = hasTable(database, "broker_look");
    if (!there || !*there)
        return there ? Result<std::optional<Statement>>(std::nullopt) : there.error();
    auto rows = database.prepare((kSelect + where).c_str());
    if (!rows)
        return rows.error();
    return std::optional(std::move(*rows));
}

} // namespace

Result<LookStore> LookStore::begin(Database& database, std::int64_t recording)
{
    LookStore made;
    auto insert = database.prepare(kInsert);
    const auto next = database.number("SELECT 1 + coalesce(max(id), 0) FROM broker_look");
    if (!insert || !next)
        return insert ? next.error() : insert.error();
    made.m_insert = std::move(*insert);
    made.m_next = *next;
    made.m_recording = recording;
    return made;
}

void LookStore::offer(ObservedLook look)
{
    const std::size_t shape = shapeOf(look);
    const Nanoseconds since = m_kept == kNoTime ? Nanoseconds::max() : look.look->time - m_kept;
    m_last = std::move(look);
    if (since < kSoonest || (shape == m_shape && since < kLatest))
        return;
    m_shape = shape;
    keep(*std::exchange(m_last, std::nullopt));
}

void LookStore::keep(const ObservedLook& look)
{
    std::string text = lookText(look);
    LookRow row;
    row.id = m_next++;
    row.time = look.look->time;
    row.rawBytes = text.size();
    const bool whole = m_base == 0 || row.time - m_baseTime >= kWholeEvery || row.time < m_baseTime;
    if (!whole)
        row.base = m_base;
    row.body = packAfter(whole ? std::string_view() : m_baseText, text);
    m_kept = row.time;
    if (whole) {
        m_base = row.id;
        m_baseTime = row.time;
        m_baseText = std::move(text);
    }
    m_waiting.push_back(std::move(row));
}

Result<void> LookStore::write()
{
    m_written = 0;
    for (const LookRow& row : m_waiting) {
        if (auto done = insertLook(m_insert, row, m_recording); !done)
            return done;
        ++m_written;
    }
    return {};
}

void LookStore::committed()
{
    m_waiting.erase(m_waiting.begin(), m_waiting.begin() + static_cast<std::ptrdiff_t>(m_written));
    m_written = 0;
}

void LookStore::end()
{
    if (m_last)
        keep(*std::exchange(m_last, std::nullopt));
}

Result<std::vector<Timestamp>> readLookTimes(Database& database, Timestamp from, Timestamp to)
{
    auto rows = selectLooks(database, "WHERE time >= ? AND time < ? ORDER BY time");
    std::vector<Timestamp> times;
    if (!rows || !*rows)
        return rows ? Result<std::vector<Timestamp>>(times) : rows.error();
    (*rows)->bind(1, toUnixNanos(from)).bind(2, toUnixNanos(to));
    const auto read = (*rows)->forEachRow([&]() -> Result<void> {
        times.push_back((*rows)->time(2));
        return {};
    });
    if (!read)
        return read.error();
    return times;
}

Result<std::optional<ObservedLook>> readLook(Database& database, Timestamp time)
{
    auto row = selectLooks(database, "WHERE time <= ? ORDER BY time DESC, id DESC LIMIT 1");
    if (!row || !*row)
        return row ? Result<std::optional<ObservedLook>>(std::nullopt) : row.error();
    const auto found = (*row)->bind(1, toUnixNanos(time)).step();
    if (!found || !*found)
        return found ? Result<std::optional<ObservedLook>>(std::nullopt) : found.error();
    const auto text = LookTexts(database).of(**row);
    if (!text)
        return text.error();
    auto look = parseLook(*text);
    if (!look)
        return look.error();
    return std::optional(std::move(*look));
}

Result<void> checkLooks(Database& database, const std::function<void(std::string)>& tell)
{
    auto rows = selectLooks(database, "ORDER BY id");
    if (!rows || !*rows)
        return rows ? Result<void>() : rows.error();
    LookTexts texts(database);
    return (*rows)->forEachRow([&]() -> Result<void> {
        const auto text = texts.of(**rows);
        const auto look = text ? parseLook(*text) : Result<ObservedLook>(text.error());
        if (!look)
            tell(inWords(look.error()));
        return {};
    });
}

Result<void> copyLooks(Database& from, Database& into,
                       const std::function<std::int64_t(std::int64_t)>& recordingOf,
                       const std::function<void(std::string)>& tell)
{
    auto insert = into.prepare(kInsert);
    const auto before = into.number("SELECT coalesce(max(id), 0) FROM broker_look");
    if (!insert || !before)
        return insert ? before.error() : insert.error();
    auto rows = selectLooks(from, "ORDER BY id");
    LookTexts texts(from);
    Result<void> failed; // of the new history
    const auto copy = [&](const Statement& row) -> Result<void> {
        if (const auto text = texts.of(row); !text) {
            tell(inWords(text.error()));
            return {};
        }
        LookRow look;
        look.id = *before + row.integer(0);
        if (const auto base = row.optionalInteger(3))
            look.base = *before + *base;
        look.time = row.time(2);
        look.rawBytes = row.count(4);
        look.body = row.bytes(6);
        failed = insertLook(*insert, look, recordingOf(row.integer(1)));
        return failed;
    };
    const auto read = !rows   ? Result<void>(rows.error())
                      : *rows ? (*rows)->forEachRow([&] { return copy(**rows); })
                              : Result<void>();
    if (failed && !read)
        tell("looks at the broker: not all can be read: " + read.error().why);
    return failed;
}

Result<void> forgetLooks(Database& database, Timestamp before)
{
    auto old = database.prepare("DELETE FROM broker_look WHERE base IS NOT NULL AND time < ?");
    return old ? old->bind(1, toUnixNanos(before)).run() : old.error();
}

} // namespace weir
