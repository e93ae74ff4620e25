// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/history/HistoryMerge.h"
#include "core/history/Schema.h"
#include "tests/core/history/HistoryFixture.h"

#include <QFile>
#include <QtTest>

#include <map>

using namespace weir;
using namespace weir::test;
using namespace std::chrono_literals;

/// Two histories become one: by time, each message once, with everything that it says.
class HistoryMergeTest : public QObject
{
    Q_OBJECT

private slots:
    void init();
    void cleanup();
    void oneBehindTheOther();
    void overlappingInTime();
    void keepsWhatAStreamHasInBothOnce();
    void namesDamage();
    void leavesNothingWhenItFails();

private:
    using Contents = std::vector<std::pair<Message, std::shared_ptr<const Batch>>>;
    [[nodiscard]] std::filesystem::path made() const { return m_a->dir.filePath("made.db").toStdString(); }
    [[nodiscard]] Result<MergedHistory> merge();
    [[nodiscard]] static Contents read(const std::filesystem::path& path);
    /// What a full check says of what was made; empty: nothing.
    [[nodiscard]] std::string damage() const;
    std::unique_ptr<HistoryFixture> m_a;
    std::unique_ptr<HistoryFixture> m_b;
    std::vector<std::string> m_told;
};

namespace {

/// All that a message says, but its number.
std::string sayings(const Message& m)
{
    return std::to_string(toUnixNanos(m.time)) + '|' + std::to_string(toUnixNanos(m.sent)) + '|' +
           std::to_string(m.streamSeq) + '|' + std::string(m.subjectName) + '|' + std::string(m.popName) +
           '|' + std::string(m.workerName) + '|' + std::string(m.trace) + '|' + std::string(m.headers) + '|' +
           std::string(m.payload);
}

} // namespace

void HistoryMergeTest::init()
{
    m_a = std::make_unique<HistoryFixture>();
    m_b = std::make_unique<HistoryFixture>();
    m_told.clear();
}

void HistoryMergeTest::cleanup()
{
    m_a.reset();
    m_b.reset();
}

Result<MergedHistory> HistoryMergeTest::merge()
{
    auto a = MergeSource::open(m_a->path());
    auto b = MergeSource::open(m_b->path());
    if (!a || !b)
        return a ? b.error() : a.error();
    auto to = HistoryBuilder::create(made(), m_a->clock.now());
    if (!to)
        return to.error();
    return HistoryMerge(**a, **b, **to, [this](const HistoryDamage& d) { m_told.push_back(d.what.front()); },
                        {})
        .run();
}

HistoryMergeTest::Contents HistoryMergeTest::read(const std::filesystem::path& path)
{
    Contents all;
    const auto reader = HistoryReader::open(path);
    const auto done = (*reader)->scan({}, {}, [&](const std::shared_ptr<const Batch>& batch) {
        for (const Message& message : batch->messages)
            all.emplace_back(message, batch);
        return true;
    });
    return done ? all : Contents();
}

std::string HistoryMergeTest::damage() const
{
    auto database = openForReading(made());
    std::string found;
    const auto done =
        HistoryCheck(*database, [&](const HistoryDamage& d) { found += d.what.front(); }, {}).run();
    return done ? found : done.error().line();
}

void HistoryMergeTest::oneBehindTheOther()
{
    QCOMPARE(m_b->open(), std::string()); // the second one is the earlier
    m_b->traffic->payloadSize = 100'000;
    m_b->put(3);
    m_b->traffic->payloadSize = 128;
    m_b->put(5000);
    m_b->pass(250ms);
    QCOMPARE(m_b->close(), std::string());
    m_a->clock.advance(1h);
    QCOMPARE(m_a->open(), std::string());
    (void)m_a->writer->names()->subjects.intern("only.here"); // so that ids differ
    m_a->put(200);
    m_a->ledger->endGap(
        m_a->ledger->beginGap({m_a->clock.now(), kNoTime, GapCause::QueueFull, 7, false, "a gap"}),
        m_a->clock.now() + 5ms);
    m_a->pass(250ms);
    QCOMPARE(m_a->close(), std::string());
    const auto done = merge();
    QVERIFY2(done, done ? "" : done.error().line().c_str());
    QCOMPARE(done->messages, 5203U);
    QCOMPARE(done->doubles, 0U);
    const Contents all = read(made());
    Contents wanted = read(m_b->path());
    for (const auto& one : read(m_a->path()))
        wanted.push_back(one);
    QCOMPARE(all.size(), wanted.size());
    for (std::size_t i = 0; i < all.size(); ++i) {
        QCOMPARE(all[i].first.seq, i + 1);
        QCOMPARE(sayings(all[i].first), sayings(wanted[i].first));
    }
    QCOMPARE(damage(), std::string());
    const auto info = (*HistoryReader::open(made()))->info();
    QCOMPARE(info->gaps.size(), 1U);
    QCOMPARE(info->gaps[0].detail, std::string("a gap"));
    QCOMPARE(info->gaps[0].messages, std::optional<std::uint64_t>(7));
    QCOMPARE(info->recordedFrom, (*HistoryReader::open(m_b->path()))->info()->recordedFrom);
    QVERIFY(!QFile::exists(QString::fromStdString(made().string() + ".lock")));
}

void HistoryMergeTest::overlappingInTime()
{
    QCOMPARE(m_a->open(), std::string());
    QCOMPARE(m_b->open(), std::string());
    m_b->clock.advance(50ms);
    for (int i = 0; i < 60; ++i) {
        m_a->put(100);
        m_b->put(150);
        m_a->pass(250ms);
        m_b->pass(250ms);
    }
    QCOMPARE(m_a->close(), std::string());
    m_b->writer.reset();
    const auto done = merge();
    QVERIFY(done);
    QCOMPARE(done->messages, 15000U);
    QVERIFY(done->blocks < 20);
    const Contents all = read(made());
    std::map<std::string, int> count;
    for (std::size_t i = 0; i < all.size(); ++i) {
        QCOMPARE(all[i].first.seq, i + 1);
        ++count[sayings(all[i].first)];
    }
    for (const auto& path : {m_a->path(), m_b->path()}) {
        for (const auto& [message, batch] : read(path))
            --count[sayings(message)];
    }
    QVERIFY(std::all_of(count.begin(), count.end(), [](const auto& one) { return one.second == 0; }));
    QCOMPARE(damage(), std::string());
    // A moment is found although recordings alternate.
    HistoryQuery query;
    query.from = m_a->clock.now() - 5s;
    query.to = m_a->clock.now() - 3s;
    const auto some = std::count_if(all.begin(), all.end(), [&](const auto& one) {
        return one.first.time >= query.from && one.first.time < query.to;
    });
    QVERIFY(some > 1000);
    QCOMPARE((*HistoryReader::open(made()))->count(query, {})->matched, static_cast<std::uint64_t>(some));
}

void HistoryMergeTest::keepsWhatAStreamHasInBothOnce()
{
    const auto record = [](HistoryFixture& into, const char* stream, std::uint64_t from, std::uint64_t to,
                           Nanoseconds later) {
        HistoryWriter::Options options;
        options.stream = stream;
        QCOMPARE(into.open(options), std::string());
        const auto batch = std::make_shared<Batch>(*into.traffic->next(to - from + 1, into.clock.now()));
        for (Message& message : batch->messages) {
            message.streamSeq = from + (message.seq - batch->messages.front().seq);
            message.stored =
                fromUnixNanos(1'000'000'000'000 + static_cast<std::int64_t>(message.streamSeq)) + later;
        }
        into.put(batch);
        into.pass(250ms);
        QCOMPARE(into.close(), std::string());
    };
    record(*m_a, "ORDERS", 1, 500, 0s);
    record(*m_b, "ORDERS", 401, 900, 0s);
    record(*m_b, "AUDIT", 1, 100, 0s);    // another stream
    record(*m_b, "ORDERS", 450, 460, 1s); // the stream was made anew: other messages under the same numbers
    const auto done = merge();
    QVERIFY(done);
    QCOMPARE(done->doubles, 100U);
    QCOMPARE(done->messages, 900U + 100 + 11);
    QCOMPARE(damage(), std::string());
    const auto reader = HistoryReader::open(made());
    HistoryQuery query;
    query.filter = Filter::parse("stream:ORDERS").value();
    QCOMPARE((*reader)->count(query, {})->matched, 911U);
    query.filter = Filter::parse("stream:AUDIT").value();
    QCOMPARE((*reader)->count(query, {})->matched, 100U);
}

void HistoryMergeTest::namesDamage()
{
    for (HistoryFixture* history : {m_a.get(), m_b.get()}) {
        QCOMPARE(history->open(), std::string());
        for (int i = 0; i < 3; ++i) {
            history->put(100);
            history->pass(250ms);
            QTRY_COMPARE(history->ledger->snapshot().inFlight(), 0U);
        }
        QCOMPARE(history->close(), std::string());
    }
    QVERIFY(m_b->flipBit("block_body", "body", 101, 400, 3));
    const auto done = merge();
    QVERIFY(done);
    QCOMPARE(done->messages, 500U);
    QCOMPARE(done->lostMessages, 100U);
    QCOMPARE(m_told.size(), 1U);
    QCOMPARE(damage(), std::string());
    const auto gaps = (*HistoryReader::open(made()))->info()->gaps;
    QCOMPARE(gaps.size(), 1U);
    QCOMPARE(gaps[0].cause, GapCause::Damaged);
    QCOMPARE(gaps[0].messages, std::optional<std::uint64_t>(100));
}

void HistoryMergeTest::leavesNothingWhenItFails()
{
    for (HistoryFixture* history : {m_a.get(), m_b.get()}) {
        QCOMPARE(history->open(), std::string());
        history->put(100);
        QCOMPARE(history->close(), std::string());
    }
    m_b->sql("DELETE FROM subject WHERE id = 1");
    QVERIFY(!merge());
    QVERIFY(!QFile::exists(QString::fromStdString(made().string())));
    QVERIFY(!QFile::exists(QString::fromStdString(made().string() + ".lock")));
    QFile taken(QString::fromStdString(made().string()));
    QVERIFY(taken.open(QIODevice::WriteOnly));
    taken.write("mine");
    taken.close();
    const auto refused = merge();
    QVERIFY(!refused);
    QVERIFY(refused.error().why.find("already") != std::string::npos);
    QCOMPARE(taken.size(), 4);
}

QTEST_GUILESS_MAIN(HistoryMergeTest)
#include "tst_historymerge.moc"
