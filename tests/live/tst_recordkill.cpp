// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/history/HistoryReader.h"
#include "tests/live/RecordedBlast.h"
#include "tests/support/NatsServer.h"
#include "tests/support/Program.h"

#include <QJsonArray>
#include <QRandomGenerator>
#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <chrono>
#include <vector>

using namespace weir;
using namespace weir::test;

/// What a kill -9 of `weir record` at full rate costs: promise 1 and the flush interval, end to end.
class TestRecordKill : public QObject
{
    Q_OBJECT
private slots:
    void losesAtMostAFlushAndSaysSo();
};

namespace {

constexpr int kKills = 20;

Timestamp now()
{
    return std::chrono::time_point_cast<Nanoseconds>(std::chrono::system_clock::now());
}

/// Number of places where the publisher's sequence does not go on by one.
struct Continuity
{
    std::uint64_t messages = 0;
    int breaks = 0;
    Timestamp last = kNoTime;
};

Continuity readAll(const std::filesystem::path& history)
{
    Continuity found;
    std::uint64_t expected = 0;
    auto reader = HistoryReader::open(history);
    if (!reader)
        qFatal("%s", reader.error().line().c_str());
    const auto scanned = (*reader)->scan({}, {}, [&](const std::shared_ptr<const Batch>& batch) {
        for (const Message& message : batch->messages) {
            const std::uint64_t sequence = publisherSequence(message.payload);
            if (found.messages > 0 && sequence != expected)
                ++found.breaks;
            expected = sequence + 1;
            ++found.messages;
            found.last = message.time;
        }
        return true;
    });
    if (!scanned || scanned->damagedBlocks > 0)
        qFatal("the history is damaged");
    return found;
}

} // namespace

void TestRecordKill::losesAtMostAFlushAndSaysSo()
{
    NatsServer server("max_pending: 256MB");
    QVERIFY2(server.start(), qPrintable(server.error()));
    QTemporaryDir dir;
    const QString history = dir.filePath("h.db");
    Program blast(WEIR_BLAST, {"--server", QString("127.0.0.1:%1").arg(server.port()), "--rate", "150000",
                               "--duration", "240", "--subjects", "100"});
    std::vector<double> lostMs;
    std::uint64_t before = 0;
    for (int i = 0; i < kKills; ++i) {
        Program record(WEIR_BINARY, {"record", "--server", server.url(), "--subject", "blast.>", "--max-rate",
                                     "0", "--history", history});
        QVERIFY2(record.says("recording"), record.errors().constData());
        const std::uint64_t enough = before + 10'000 + QRandomGenerator::global()->bounded(80'000U);
        QTRY_VERIFY_WITH_TIMEOUT(lastSeq(history.toStdString()) > enough, 30'000);
        const Timestamp killed = now();
        record.kill();
        const Continuity stored = readAll(history.toStdString());
        QVERIFY2(stored.messages > before, "nothing was stored in this recording");
        before = stored.messages;
        QVERIFY2(stored.breaks <= i, "messages are missing inside a recording");
        lostMs.push_back(std::chrono::duration<double, std::milli>(killed - stored.last).count());
    }
    blast.kill();

    Program info(WEIR_BINARY, {"info", "--history", history, "--format", "json"});
    QCOMPARE(info.exitCode(), 3); // something is missing
    const QJsonObject told = info.json();
    QCOMPARE(std::uint64_t(told["messages"].toDouble()), before);
    int unclean = 0;
    for (const auto& gap : told["gaps"].toArray())
        unclean += gap.toObject()["cause"].toString() == "unclean_end" ? 1 : 0;
    QCOMPARE(unclean, kKills);

    std::sort(lostMs.begin(), lostMs.end());
    qInfo("lost before each kill: median %.0f ms, worst %.0f ms", lostMs[lostMs.size() / 2], lostMs.back());
    QVERIFY2(lostMs[lostMs.size() / 2] <= 250, "more than the promised 250 ms is lost");
    QVERIFY2(lostMs.back() <= 1000,
             "a stalled disk may cost more than 250 ms, a second means that flushing is broken");
}

QTEST_GUILESS_MAIN(TestRecordKill)
#include "tst_recordkill.moc"
