// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/history/HistoryReader.h"
#include "tests/live/RecordedBlast.h"
#include "tests/support/NatsServer.h"
#include "tests/support/Program.h"
#include "tests/support/StreamBroker.h"

#include <QRandomGenerator>
#include <QTemporaryDir>
#include <QTest>

#include <map>

using namespace weir;
using namespace weir::test;

/// What a kill -9 of `weir record --stream` costs: nothing. Each message of the stream is in the history,
/// once.
class TestStreamKill : public QObject
{
    Q_OBJECT
private slots:
    void storesEachMessageOnce();
};

namespace {

constexpr int kKills = 10;
constexpr std::uint64_t kMessages = 2'000'000;

struct Stored
{
    std::uint64_t messages = 0;
    std::uint64_t twice = 0;
    std::uint64_t wrong = 0; ///< another message than the stream has under this sequence
    std::vector<bool> there; ///< by stream sequence
};

/// Reads all; a damaged block ends the test.
Stored readAll(const std::filesystem::path& history, std::uint64_t streamLast)
{
    Stored stored;
    stored.there.resize(streamLast + 1);
    auto reader = HistoryReader::open(history);
    if (!reader)
        qFatal("%s", reader.error().line().c_str());
    std::uint64_t offset = 0; // the publisher counts on from where it likes
    HistoryQuery query;
    query.filter = Filter::parse("stream:ORDERS").value();
    const auto scanned = (*reader)->scan(query, {}, [&](const std::shared_ptr<const Batch>& batch) {
        for (const Message& message : batch->messages) {
            const std::uint64_t published = publisherSequence(message.payload);
            if (stored.messages == 0)
                offset = published - message.streamSeq;
            ++stored.messages;
            stored.wrong += published - message.streamSeq == offset ? 0 : 1;
            const auto known = stored.there.at(message.streamSeq);
            stored.twice += known ? 1 : 0;
            stored.there.at(message.streamSeq) = true;
        }
        return true;
    });
    if (!scanned || scanned->damagedBlocks > 0)
        qFatal("the history is damaged");
    return stored;
}

} // namespace

void TestStreamKill::storesEachMessageOnce()
{
    StreamBroker broker;
    QVERIFY2(broker.start("ORDERS", "blast.>"), qPrintable(broker.server().error()));
    QTemporaryDir dir;
    const QString history = dir.filePath("h.db");
    const QStringList record{"record",     "--server", broker.server().url(), "--stream", "ORDERS",
                             "--consumer", "weir",     "--max-rate",          "0",        "--history",
                             history};
    Program blast(WEIR_BLAST, {"--server", QString("127.0.0.1:%1").arg(broker.server().port()), "--rate",
                               "50000", "--count", QString::number(kMessages), "--subjects", "100"});
    std::uint64_t before = 0;
    for (int i = 0; i < kKills; ++i) {
        Program recorder(WEIR_BINARY, record);
        QVERIFY2(recorder.says("recording"), recorder.errors().constData());
        // Far less and far more than may be unacknowledged at a time.
        const std::uint64_t enough = before + 2'000 + QRandomGenerator::global()->bounded(150'000U);
        QTRY_VERIFY_WITH_TIMEOUT(lastSeq(history.toStdString()) > enough, 60'000);
        recorder.kill();
        before = lastSeq(history.toStdString());
    }
    QCOMPARE(blast.exitCode(120'000), 0);
    const std::uint64_t last = broker.lastSequence("ORDERS");
    QVERIFY(last > before);
    Program recorder(WEIR_BINARY, record);
    // What is missing is delivered again once its time to acknowledge is over.
    QTRY_VERIFY_WITH_TIMEOUT(broker.isSettled("ORDERS", "weir"), 120'000);
    recorder.terminate();
    QVERIFY2(recorder.exitCode() >= 0, recorder.errors().constData());

    const Stored stored = readAll(history.toStdString(), last);
    qInfo("stream %llu, stored %llu, twice %llu, wrong %llu", static_cast<unsigned long long>(last),
          static_cast<unsigned long long>(stored.messages), static_cast<unsigned long long>(stored.twice),
          static_cast<unsigned long long>(stored.wrong));
    std::uint64_t missing = 0;
    for (std::uint64_t seq = 1; seq <= last; ++seq)
        missing += stored.there.at(seq) ? 0 : 1;
    QCOMPARE(missing, std::uint64_t{0});
    QCOMPARE(stored.twice, std::uint64_t{0});
    QCOMPARE(stored.wrong, std::uint64_t{0});
    QCOMPARE(stored.messages, last);
}

QTEST_GUILESS_MAIN(TestStreamKill)
#include "tst_streamkill.moc"
