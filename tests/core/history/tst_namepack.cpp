// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/history/HistoryFollower.h"
#include "core/history/HistoryMerge.h"
#include "core/history/HistoryRepair.h"
#include "core/history/NamePack.h"
#include "core/history/NamesStore.h"
#include "core/history/Schema.h"
#include "tests/core/history/HistoryFixture.h"

#include <QtTest>

#include <set>

using namespace weir;
using namespace weir::test;
using namespace std::chrono_literals;

/// Subjects that come in thousands lie in packs; no reader, check, repair or merge is the worse for it.
class NamePackTest : public QObject
{
    Q_OBJECT

private slots:
    void init();
    void cleanup();
    void fewHaveARowEach();
    void manyArePackedInTurnWithRows();
    void readerBesideTheWriterSeesEachOnce();
    void damageIsNamedAndCostsItsNames_data();
    void damageIsNamedAndCostsItsNames();
    void mergesWithOneThatHasRows();

private:
    /// One message of each of `count` further subjects.
    void putSubjects(std::uint32_t count);
    [[nodiscard]] std::string subject(std::uint32_t number) const;
    /// The subjects of all messages, in their order.
    [[nodiscard]] static std::vector<std::string> subjects(const std::filesystem::path& path);
    [[nodiscard]] std::vector<std::string> expected() const;
    [[nodiscard]] static std::string damage(const std::filesystem::path& path);

    std::unique_ptr<HistoryFixture> m_history;
    std::uint32_t m_put = 0;
};

void NamePackTest::init()
{
    m_history = std::make_unique<HistoryFixture>();
    m_put = 0;
}

void NamePackTest::cleanup()
{
    m_history->writer.reset();
    m_history.reset();
}

std::string NamePackTest::subject(std::uint32_t number) const
{
    // Of several lengths, and some of one shape.
    return number % 3 == 0 ? "sensors." + std::to_string(number)
                           : "plant.a.device-" + std::to_string(10'000'000 + number);
}

void NamePackTest::putSubjects(std::uint32_t count)
{
    const auto names = m_history->writer->names();
    for (const std::uint32_t end = m_put + count; m_put < end; ++m_put) {
        Message message;
        message.time = m_history->clock.now();
        m_history->put(m_history->traffic->own({message}, subject(m_put)));
    }
    m_history->pass(250ms);
    QTRY_COMPARE(m_history->ledger->snapshot().inFlight(), 0U);
}

std::vector<std::string> NamePackTest::subjects(const std::filesystem::path& path)
{
    std::vector<std::string> found;
    const auto reader = HistoryReader::open(path);
    const auto done = (*reader)->scan({}, {}, [&](const std::shared_ptr<const Batch>& batch) {
        for (const Message& message : batch->messages)
            found.emplace_back(message.subjectName);
        return true;
    });
    return done && done->damage.empty() ? found : std::vector<std::string>();
}

std::vector<std::string> NamePackTest::expected() const
{
    std::vector<std::string> all;
    for (std::uint32_t i = 0; i < m_put; ++i)
        all.push_back(subject(i));
    return all;
}

std::string NamePackTest::damage(const std::filesystem::path& path)
{
    auto database = openForReading(path);
    std::string found;
    const auto done =
        HistoryCheck(*database, [&](const HistoryDamage& d) { found += d.what.front() + "; "; }, {}).run();
    return done ? found : done.error().line();
}

void NamePackTest::fewHaveARowEach()
{
    QCOMPARE(m_history->open(), std::string());
    putSubjects(kFewestPacked - 1);
    putSubjects(kFewestPacked - 1);
    QCOMPARE(m_history->close(), std::string());
    QCOMPARE(m_history->sql("PRAGMA user_version"), 1); // so an older Weir reads it
    QCOMPARE(m_history->sql("SELECT count(*) FROM subject"), std::int64_t{2 * kFewestPacked - 2});
    QCOMPARE(subjects(m_history->path()), expected());
    QCOMPARE(damage(m_history->path()), std::string());
}

void NamePackTest::manyArePackedInTurnWithRows()
{
    QCOMPARE(m_history->open(), std::string());
    putSubjects(10);
    putSubjects(2 * kMostPacked + 300); // three packs
    putSubjects(5);
    QCOMPARE(m_history->close(), std::string());
    QCOMPARE(m_history->sql("PRAGMA user_version"), 2);
    QCOMPARE(m_history->sql("SELECT count(*) FROM subject_pack"), 3);
    QCOMPARE(m_history->sql("SELECT count(*) FROM subject"), 15);
    QCOMPARE(subjects(m_history->path()), expected());
    // The next recording knows them all and goes on behind them.
    QCOMPARE(m_history->open(), std::string());
    QCOMPARE(m_history->writer->names()->subjects.size(), m_put);
    QVERIFY(m_history->writer->names()->subjects.find(subject(5000)).has_value());
    putSubjects(kFewestPacked);
    putSubjects(1);
    QCOMPARE(m_history->close(), std::string());
    QCOMPARE(m_history->sql("SELECT count(*) FROM subject_pack"), 4);
    QCOMPARE(subjects(m_history->path()), expected());
    QCOMPARE(damage(m_history->path()), std::string());
    QCOMPARE(m_history->integrity(), std::string("ok"));
    HistoryQuery query;
    query.filter = *Filter::parse("subject:" + subject(5000));
    const auto count = m_history->reader()->count(query, {});
    QVERIFY(count);
    QCOMPARE(count->matched, 1U);
}

void NamePackTest::readerBesideTheWriterSeesEachOnce()
{
    QCOMPARE(m_history->open(), std::string());
    putSubjects(3);
    auto database = openForReading(m_history->path());
    Names names;
    NamesMark mark;
    const auto follow = [&] {
        const auto done = loadNames(*database, names, mark);
        QVERIFY2(done, done ? "" : done.error().line().c_str());
        QCOMPARE(names.subjects.size(), m_put);
        QCOMPARE(std::string(names.subjects.name({m_put})), subject(m_put - 1));
    };
    follow();
    putSubjects(kMostPacked + 1000);
    follow();
    putSubjects(7);
    follow();
    putSubjects(kFewestPacked);
    follow();
    QCOMPARE(m_history->close(), std::string());
}

void NamePackTest::damageIsNamedAndCostsItsNames_data()
{
    QTest::addColumn<QString>("sql");
    QTest::addColumn<QString>("told");
    QTest::newRow("bytes")
        << "UPDATE subject_pack SET body = substr(body, 1, 50) || x'00' || substr(body, 52) "
           "WHERE first_id = 4100"
        << "the checksum of the subjects from 4100 on differs; ";
    QTest::newRow("end") << "UPDATE subject_pack SET last_id = last_id + 1 WHERE first_id = 4100"
                         << "the checksum of the subjects from 4100 on differs; ";
    QTest::newRow("row") << "DELETE FROM subject_pack WHERE first_id = 4100"
                         << "the dictionary subject lacks 4096 of its entries; ";
}

void NamePackTest::damageIsNamedAndCostsItsNames()
{
    QFETCH(const QString, sql);
    QFETCH(const QString, told);
    QCOMPARE(m_history->open(), std::string());
    putSubjects(3);
    putSubjects(3 * kMostPacked); // from 4, 4100 and 8196 on
    QCOMPARE(m_history->close(), std::string());
    m_history->sql(sql.toStdString());
    const std::string found = damage(m_history->path());
    QVERIFY2(found.starts_with(told.toStdString()), found.c_str());
    const auto made = m_history->dir.filePath("made.db").toStdString();
    auto from = openForReading(m_history->path());
    auto to = HistoryBuilder::create(made, m_history->clock.now());
    QVERIFY(from && to);
    std::string repaired;
    const auto done =
        HistoryRepair(*from, **to, [&](const HistoryDamage& d) { repaired += d.what.front() + "; "; }, {})
            .run();
    QVERIFY2(done, done ? "" : done.error().line().c_str());
    to->reset();
    QVERIFY2(repaired.find("lacks 4096 of its entries") != std::string::npos, repaired.c_str());
    QCOMPARE(damage(made), std::string());
    const auto saved = subjects(made);
    const auto wanted = expected();
    QCOMPARE(saved.size(), wanted.size());
    for (std::size_t i = 0; i < saved.size(); ++i) {
        const bool lost = i + 1 >= 4100 && i + 1 < 4100 + 4096;
        QCOMPARE(saved[i], lost ? "lost-subject-" + std::to_string(i + 1) : wanted[i]);
    }
}

void NamePackTest::mergesWithOneThatHasRows()
{
    HistoryFixture other;
    QCOMPARE(other.open(), std::string());
    other.put(100);
    other.pass(250ms);
    QCOMPARE(other.close(), std::string());
    m_history->clock.advance(1h);
    QCOMPARE(m_history->open(), std::string());
    putSubjects(3000);
    QCOMPARE(m_history->close(), std::string());
    const auto made = m_history->dir.filePath("made.db").toStdString();
    auto a = MergeSource::open(other.path());
    auto b = MergeSource::open(m_history->path());
    auto to = HistoryBuilder::create(made, m_history->clock.now());
    QVERIFY(a && b && to);
    QVERIFY(HistoryMerge(**a, **b, **to, [](const HistoryDamage&) {}, {}).run());
    to->reset();
    auto wanted = subjects(other.path());
    for (const std::string& one : expected())
        wanted.push_back(one);
    QCOMPARE(subjects(made), wanted);
    QCOMPARE(damage(made), std::string());
}

QTEST_GUILESS_MAIN(NamePackTest)
#include "tst_namepack.moc"
