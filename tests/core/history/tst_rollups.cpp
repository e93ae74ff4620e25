// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/envelope/Names.h"
#include "core/history/HistoryMerge.h"
#include "core/history/HistoryRepair.h"
#include "core/history/RollupBuilder.h"
#include "core/history/RollupCodec.h"
#include "core/history/RollupSum.h"
#include "core/history/Schema.h"
#include "core/history/SubjectGroup.h"
#include "core/latency/Histogram.h"
#include "tests/core/history/HistoryFixture.h"

#include <QProcess>
#include <QtTest>

#include <map>
#include <random>
#include <tuple>

using namespace weir;
using namespace weir::test;

/// Sums are what their messages add up to: while they are written, after the end, after a crash, and in a
/// file from before there were any.
class Rollups : public QObject
{
    Q_OBJECT

private slots:
    void subjectsFallIntoGroups_data();
    void subjectsFallIntoGroups();
    void errorsAreWhatTheHeadersSay();
    void damagedSumsAreRefused();
    void addUpWhileWrittenAndAfter();
    void addUpAfterACrash();
    void addUpInAFileFromBefore();
    void repairTakesThemOver();
    void mergeTakesOverWhatHasExpired();
    void tooManyKeysBecomeTheRest();
};

namespace {

using Key = std::tuple<std::int64_t, std::uint32_t, std::uint32_t, std::uint32_t, std::string>;

struct Figures
{
    std::uint64_t count = 0;
    std::uint64_t bytes = 0;
    std::uint64_t unknown = 0;
    std::uint64_t skewed = 0;
    Nanoseconds longest = kNoDuration;
    std::map<std::uint16_t, std::uint64_t> buckets;
    auto operator<=>(const Figures&) const = default;
};

using Table = std::map<Key, Figures>;

std::int64_t startOf(Timestamp time, std::int64_t width)
{
    const std::int64_t second = toUnixNanos(time) / 1'000'000'000;
    return second - second % width;
}

/// One message after the other, with none of the code that is tested.
Table counted(const HistoryFixture& history, std::int64_t width)
{
    Table table;
    const auto done = history.reader()->scan({}, {}, [&](const std::shared_ptr<const Batch>& batch) {
        for (const Message& message : batch->messages) {
            Figures& figures = table[{startOf(message.time, width), message.pop.value, message.worker.value,
                                      message.identity.value, subjectGroup(message.subjectName)}];
            ++figures.count;
            figures.bytes += message.headerSize + message.payloadSize;
            if (message.sent == kNoTime) {
                ++figures.unknown;
            } else if (message.time < message.sent) {
                ++figures.skewed;
            } else {
                const Nanoseconds latency = message.time - message.sent;
                figures.longest = std::max(figures.longest, latency);
                ++figures
                      .buckets[HistogramScale::indexOf(static_cast<std::uint64_t>(latency.count() / 1000))];
            }
        }
        return true;
    });
    return done ? table : Table();
}

Table summed(const HistoryFixture& history, std::int64_t width, Timestamp from = Timestamp::min(),
             Timestamp to = Timestamp::max())
{
    Table table;
    const auto reader = history.reader();
    const auto names = reader->names();
    const auto done = reader->sums(from, to, width, {}, [&](const RollupSlot& slot) {
        for (const RollupCell& cell : slot.cells) {
            Figures& figures =
                table[{slot.start, cell.key.pop.value, cell.key.worker.value, cell.key.identity.value,
                       std::string(names->groups.name(cell.key.group))}];
            figures.count += cell.count;
            figures.bytes += cell.bytes;
            figures.unknown += cell.unknown;
            figures.skewed += cell.skewed;
            figures.longest = std::max(figures.longest, cell.longest);
            for (std::uint32_t i = cell.begin; i < cell.end; ++i)
                figures.buckets[slot.buckets[i].index] += slot.buckets[i].count;
        }
        return true;
    });
    return done ? table : Table();
}

/// Some messages of a few seconds, some without a latency, some with a negative one; how many.
std::size_t putSome(HistoryFixture& history, std::mt19937& random)
{
    auto batch = std::make_shared<Batch>(*history.traffic->next(20 + random() % 50, history.clock.now(),
                                                                std::chrono::milliseconds(random() % 90)));
    for (Message& message : batch->messages) {
        if (random() % 5 == 0)
            message.sent = kNoTime;
        else if (random() % 5 == 0)
            message.sent = message.time + std::chrono::milliseconds(3);
    }
    history.clock.advance(batch->messages.back().time - history.clock.now());
    history.put(batch);
    history.pass(std::chrono::milliseconds(200 + random() % 2000));
    return batch->messages.size();
}

/// The file as a crash would leave it, under a name of its own.
bool copyAsItIs(const HistoryFixture& from, const HistoryFixture& to)
{
    bool fine = true;
    for (const QString suffix : {"", "-wal"}) // another process copies: SQLite's locks are this process's
        fine = fine && QProcess::execute("cp", {QString::fromStdString(from.path().string()) + suffix,
                                                QString::fromStdString(to.path().string()) + suffix}) == 0;
    return fine;
}

#define COMPARE_SUMS(history)                                                                                \
    for (const std::int64_t width : {kSecondSlot, kMinuteSlot}) {                                            \
        const Table expected = counted(history, width);                                                      \
        QVERIFY(!expected.empty());                                                                          \
        QVERIFY(summed(history, width) == expected);                                                         \
    }

} // namespace

void Rollups::subjectsFallIntoGroups_data()
{
    QTest::addColumn<QString>("subject");
    QTest::addColumn<QString>("group");
    QTest::newRow("plain") << "orders.eu.created"
                           << "orders.eu.created";
    QTest::newRow("number") << "orders.48213.created"
                            << "orders.*.created";
    QTest::newRow("uuid") << "a.0b7e1f6a-1c2d-4e5f-8a9b-0c1d2e3f4a5b"
                          << "a.*";
    QTest::newRow("nuid") << "job.9ZqX1mB7YhQd0Ks3vT2uLe"
                          << "job.*";
    QTest::newRow("version and region stay") << "v1.us-east-1.ew-5171"
                                             << "v1.us-east-1.ew-5171";
    QTest::newRow("a word of hex letters stays") << "facade.deadbeef"
                                                 << "facade.deadbeef";
    QTest::newRow("inbox") << "_INBOX.abc.1"
                           << "_INBOX.>";
    QTest::newRow("ack") << "$JS.ACK.ORDERS.worker.1.2.3.4.5"
                         << "$JS.ACK.ORDERS.>";
    QTest::newRow("deep") << "a.b.c.d.e.f.g.h.i.j"
                          << "a.b.c.d.e.f.g.h.>";
    QTest::newRow("empty tokens") << "a..b."
                                  << "a..b.";
    QTest::newRow("none") << ""
                          << "";
}

void Rollups::subjectsFallIntoGroups()
{
    QFETCH(QString, subject);
    QFETCH(QString, group);
    QCOMPARE(QString::fromStdString(subjectGroup(subject.toStdString())), group);
}

void Rollups::errorsAreWhatTheHeadersSay()
{
    QVERIFY(saysError("NATS/1.0 503\r\n\r\n"));
    QVERIFY(saysError("NATS/1.0\r\nA: b\r\nNats-Service-Error-Code: 500\r\n\r\n"));
    QVERIFY(!saysError("NATS/1.0 100 Idle Heartbeat\r\n\r\n"));
    QVERIFY(!saysError("NATS/1.0\r\nA: Nats-Service-Error-Code\r\n\r\n"));
    QVERIFY(!saysError(""));
}

void Rollups::damagedSumsAreRefused()
{
    HistoryFixture history;
    QCOMPARE(history.open(), std::string());
    const auto batch = history.traffic->next(300, history.clock.now());
    std::vector<const Message*> messages;
    for (const Message& message : batch->messages)
        messages.push_back(&message);
    RollupBuilder builder(history.writer->names());
    const auto perSecond = builder.sum(messages);
    QCOMPARE(perSecond.size(), std::size_t{1});
    Compressor compressor;
    Decompressor decompressor;
    RollupSum sum(kSecondSlot);
    sum.add(perSecond[0]);
    const RollupSlot slot = sum.take();
    const RollupRow row = encodeRollup(slot, compressor);
    const auto back = decodeRollup(row, decompressor);
    QVERIFY(back && back->cells == slot.cells && back->buckets == slot.buckets);
    std::mt19937 random(3);
    for (int i = 0; i < 2000; ++i) {
        RollupRow damaged = row;
        damaged.body[random() % damaged.body.size()] ^= static_cast<char>(1U << random() % 8);
        QVERIFY(damaged.checksum() != row.checksum());
        (void)decodeRollup(damaged, decompressor); // refuses or not, but reads nothing that is not there
        damaged.body.resize(random() % damaged.body.size());
        QVERIFY(!decodeRollup(damaged, decompressor));
    }
}

void Rollups::addUpWhileWrittenAndAfter()
{
    HistoryFixture history;
    QCOMPARE(history.open(), std::string());
    std::mt19937 random(20261121);
    std::size_t put = 0;
    for (int i = 0; i < 80; ++i) {
        put += putSome(history, random);
        if (i % 16 == 15) {
            history.pass(std::chrono::milliseconds(300));
            QTRY_COMPARE(history.committed.load(), put);
            COMPARE_SUMS(history);
        }
    }
    QCOMPARE(history.close(), std::string());
    COMPARE_SUMS(history);
    QVERIFY(history.sql("SELECT count(*) FROM rollup WHERE width = 60") >= 2);
    QCOMPARE(history.sql("SELECT max(last_seq) FROM rollup WHERE width = 1"),
             history.sql("SELECT max(last_seq) FROM block"));
    // A part of it: whole slots.
    const Table whole = counted(history, kMinuteSlot);
    const std::int64_t minute = std::get<0>(whole.rbegin()->first);
    const Timestamp within = Timestamp(std::chrono::seconds(minute + 1));
    for (const auto& [key, figures] : summed(history, kMinuteSlot, within, within + Nanoseconds(1))) {
        QCOMPARE(std::get<0>(key), minute);
        QVERIFY(whole.at(key) == figures);
    }
}

void Rollups::addUpAfterACrash()
{
    HistoryFixture history;
    QCOMPARE(history.open(), std::string());
    std::mt19937 random(7);
    std::size_t put = 0;
    for (int i = 0; i < 50; ++i)
        put += putSome(history, random);
    history.pass(std::chrono::milliseconds(300));
    QTRY_COMPARE(history.committed.load(), put);
    HistoryFixture crashed;
    QVERIFY(copyAsItIs(history, crashed));
    QVERIFY(crashed.sql("SELECT coalesce(max(last_seq), 0) FROM rollup WHERE width = 60") <
            crashed.sql("SELECT max(last_seq) FROM block"));
    COMPARE_SUMS(crashed);
    crashed.clock.advance(history.clock.now() - crashed.clock.now());
    QCOMPARE(crashed.open(), std::string());
    for (int i = 0; i < 50; ++i)
        putSome(crashed, random);
    QCOMPARE(crashed.close(), std::string());
    COMPARE_SUMS(crashed);
    QCOMPARE(crashed.sql("SELECT max(last_seq) FROM rollup WHERE width = 60"),
             crashed.sql("SELECT max(last_seq) FROM block"));
}

void Rollups::addUpInAFileFromBefore()
{
    HistoryFixture history;
    QCOMPARE(history.open(), std::string());
    std::mt19937 random(11);
    for (int i = 0; i < 20; ++i)
        putSome(history, random);
    QCOMPARE(history.close(), std::string());
    for (const char* sql :
         {"DROP TABLE rollup", "DROP TABLE subject_group", "DELETE FROM meta WHERE key = 'rollup_from'"})
        history.sql(sql);
    const auto withoutGroups = [](const Table& table) {
        std::uint64_t count = 0;
        for (const auto& [key, figures] : table)
            count += figures.count;
        return count;
    };
    QCOMPARE(withoutGroups(summed(history, kSecondSlot)), history.seqs().size());
    QCOMPARE(history.open(), std::string());
    for (int i = 0; i < 20; ++i)
        putSome(history, random);
    QCOMPARE(history.close(), std::string());
    QCOMPARE(withoutGroups(summed(history, kSecondSlot)), history.seqs().size());
    QCOMPARE(withoutGroups(summed(history, kMinuteSlot)), history.seqs().size());
    QVERIFY(history.sql("SELECT min(first_seq) FROM rollup") > 1);
}

void Rollups::repairTakesThemOver()
{
    HistoryFixture history;
    HistoryWriter::Options options;
    options.keep.age = std::chrono::minutes(10);
    QCOMPARE(history.open(options), std::string());
    std::mt19937 random(13);
    for (int i = 0; i < 30; ++i)
        putSome(history, random);
    history.pass(std::chrono::milliseconds(300));
    QTRY_COMPARE(history.ledger->snapshot().inFlight(), 0U);
    history.clock.advance(std::chrono::hours(1));
    QVERIFY(QTest::qWaitFor([&] {
        history.pass(std::chrono::milliseconds(100));
        return history.seqs().empty();
    }));
    for (int i = 0; i < 30; ++i) {
        putSome(history, random);
        history.pass(std::chrono::milliseconds(300));
        QTRY_COMPARE(history.ledger->snapshot().inFlight(), 0U);
    }
    QCOMPARE(history.close(), std::string());
    history.sql("DELETE FROM block_body WHERE first_seq = (SELECT max(first_seq) FROM block)");
    const Table seconds = summed(history, kSecondSlot);
    const Table minutes = summed(history, kMinuteSlot);
    QVERIFY(seconds.size() > counted(history, kSecondSlot).size());
    std::string told;
    const auto repair = [&](const HistoryFixture& into) {
        auto from = openForReading(history.path());
        auto to = HistoryBuilder::create(into.path(), history.clock.now());
        told.clear();
        const auto tell = [&told](const HistoryDamage& damage) { told += damage.what.front() + "; "; };
        return from && to && HistoryRepair(*from, **to, tell, {}).run();
    };
    const HistoryFixture repaired;
    QVERIFY(repair(repaired));
    QVERIFY(summed(repaired, kSecondSlot) == seconds);
    QVERIFY(summed(repaired, kMinuteSlot) == minutes);
    QVERIFY(repaired.gaps().size() == 2U); // what expired, and what was damaged
    // Where they are damaged, those of the messages that are left remain.
    QVERIFY(history.flipBit("rollup", "body", 1, 3, 2));
    const HistoryFixture anew;
    QVERIFY(repair(anew));
    QVERIFY2(told.find("sums of") != std::string::npos, told.c_str());
    QVERIFY(summed(anew, kSecondSlot) == counted(anew, kSecondSlot));
    QVERIFY(summed(anew, kMinuteSlot) == counted(anew, kMinuteSlot));
}

void Rollups::mergeTakesOverWhatHasExpired()
{
    std::array<HistoryFixture, 2> histories;
    std::mt19937 random(17);
    std::uint64_t wanted = 0;
    std::uint64_t live = 0;
    for (HistoryFixture& history : histories) {
        HistoryWriter::Options options;
        options.keep.age = std::chrono::minutes(10);
        QCOMPARE(history.open(options), std::string());
        for (int i = 0; i < 20; ++i)
            wanted += putSome(history, random);
        history.pass(std::chrono::milliseconds(300));
        QTRY_COMPARE(history.ledger->snapshot().inFlight(), 0U);
        history.clock.advance(std::chrono::hours(1));
        QVERIFY(QTest::qWaitFor([&] {
            history.pass(std::chrono::milliseconds(100));
            return history.seqs().empty();
        }));
        live += putSome(history, random);
        QCOMPARE(history.close(), std::string());
    }
    wanted += live;
    const HistoryFixture made;
    auto a = MergeSource::open(histories[0].path());
    auto b = MergeSource::open(histories[1].path());
    auto to = HistoryBuilder::create(made.path(), histories[0].clock.now());
    QVERIFY(a && b && to);
    const auto done = HistoryMerge(**a, **b, **to, [](const HistoryDamage&) {}, {}).run();
    QVERIFY2(done, done ? "" : done.error().line().c_str());
    QCOMPARE(done->messages, live);
    QCOMPARE(made.seqs().size(), live);
    QCOMPARE(made.seqs().front(), wanted - live + 1); // as after an expiry
    for (const std::int64_t width : {kSecondSlot, kMinuteSlot}) {
        Table both;
        for (const HistoryFixture& history : histories) {
            for (const auto& [key, figures] : summed(history, width))
                both[{std::get<0>(key), 0, 0, 0, std::get<4>(key)}].count += figures.count;
        }
        Table there;
        std::uint64_t count = 0;
        for (const auto& [key, figures] : summed(made, width)) {
            there[{std::get<0>(key), 0, 0, 0, std::get<4>(key)}].count += figures.count;
            count += figures.count;
        }
        QVERIFY(there == both);
        QCOMPARE(count, wanted);
    }
    auto database = openForReading(made.path());
    std::string damage;
    QVERIFY(HistoryCheck(*database, [&](const HistoryDamage& d) { damage += d.what.front(); }, {}).run());
    QCOMPARE(damage, std::string());
}

void Rollups::tooManyKeysBecomeTheRest()
{
    RollupSum sum(kSecondSlot);
    std::uint64_t all = 0;
    for (std::uint32_t id = 1; id <= 3 * kMaxRollupCells; ++id, ++all) {
        RollupSlot slot{5, kSecondSlot, id, id, {}, {{static_cast<std::uint16_t>(id % 300), 1}}};
        slot.cells.push_back({{{1}, {2}, {id}, {1}}, 1, 10, 0, 0, 0, std::chrono::microseconds(1), 0, 1});
        sum.add(slot);
    }
    const RollupSlot slot = sum.take();
    QCOMPARE(slot.cells.size(), kMaxRollupCells);
    QCOMPARE(slot.cells.front().key, RollupKey{});
    QCOMPARE(slot.cells.front().count, all - kMaxRollupCells + 1);
    QCOMPARE(slot.firstSeq, 1U);
    QCOMPARE(slot.lastSeq, all);
    std::uint64_t counted = 0;
    for (const RollupBucket& bucket : slot.buckets)
        counted += bucket.count;
    QCOMPARE(counted, all);
}

QTEST_GUILESS_MAIN(Rollups)
#include "tst_rollups.moc"
