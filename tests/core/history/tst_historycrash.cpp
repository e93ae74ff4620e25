// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/core/history/HistoryFixture.h"

#include <QProcess>
#include <QtTest>

#include <random>

using namespace weir;
using namespace weir::test;

/// kill -9 at full rate, over and over into the same file: never a damaged file, nothing that was said to be
/// durable is missing, and every end stands in it as a gap.
class HistoryCrash : public QObject
{
    Q_OBJECT

private slots:
    void killedTwentyTimes();
    void readerBesideAnotherProcess();

private:
    /// Runs the victim until `lines` answers have come and `more` microseconds have passed, kills it, and
    /// returns the last number it gave.
    std::uint64_t killAfter(const HistoryFixture& history, int lines, std::chrono::microseconds more);

    Timestamp m_killed = kNoTime;
};

std::uint64_t HistoryCrash::killAfter(const HistoryFixture& history, int lines,
                                      std::chrono::microseconds more)
{
    QProcess victim;
    victim.setProcessChannelMode(QProcess::ForwardedErrorChannel);
    victim.start(WEIR_VICTIM, {QString::fromStdString(history.path().string())});
    QByteArray said;
    while (said.count('\n') < lines && victim.waitForReadyRead(20000))
        said += victim.readAllStandardOutput();
    const auto end = std::chrono::steady_clock::now() + more;
    while (std::chrono::steady_clock::now() < end)
        victim.waitForReadyRead(0);
    m_killed = SystemClock().now();
    victim.kill();
    victim.waitForFinished();
    said += victim.readAllStandardOutput();
    const auto all = said.split('\n');
    return all.size() < 2 ? 0 : all[all.size() - 2].toULongLong();
}

void HistoryCrash::killedTwentyTimes()
{
    HistoryFixture history;
    std::mt19937 random(std::random_device{}());
    std::uint64_t durable = 0;
    std::uint64_t before = 0;
    Nanoseconds loss{0};
    for (int round = 1; round <= 20; ++round) {
        const int lines = 1 + static_cast<int>(random() % 4);
        const std::chrono::microseconds more(random() % 60000);
        const std::uint64_t said = killAfter(history, lines, more);
        QVERIFY2(said >= durable, "the numbers go on where they ended");
        durable = said;
        QCOMPARE(history.integrity(), std::string("ok"));
        std::vector<Error> damage;
        const auto seqs = history.seqs(&damage);
        QVERIFY2(damage.empty(), damage.empty() ? "" : damage[0].line().c_str());
        QVERIFY2(seqs.size() >= durable, qPrintable(QString("%1 of %2").arg(seqs.size()).arg(durable)));
        for (std::size_t i = 0; i < seqs.size(); ++i)
            QCOMPARE(seqs[i], i + 1);
        const auto gaps = history.gaps();
        const auto unclean = std::count_if(gaps.begin(), gaps.end(), [](const Gap& gap) {
            return gap.cause == GapCause::UncleanEnd && gap.to - gap.from <= std::chrono::milliseconds(250);
        });
        QCOMPARE(unclean, round);
        const auto info = history.reader()->info();
        QVERIFY(!info->beingWritten);
        QVERIFY(gaps.back().from >= info->lastTime);
        if (seqs.size() > before)
            loss = std::max(loss, m_killed - info->lastTime);
        durable = before = seqs.size();
    }
    QVERIFY(durable > 20000);
    qInfo("20 kills, %llu messages, none that was committed is missing; at most the last %s were lost",
          static_cast<unsigned long long>(durable), formatDuration(loss).c_str());
}

void HistoryCrash::readerBesideAnotherProcess()
{
    HistoryFixture history;
    QProcess writer;
    writer.start(WEIR_VICTIM, {QString::fromStdString(history.path().string())});
    QVERIFY(writer.waitForReadyRead(20000));
    const auto reader = history.reader();
    QVERIFY(reader);
    QVERIFY(reader->info()->beingWritten);
    std::uint64_t last = 0;
    int commits = 0;
    while (commits < 5 && writer.state() == QProcess::Running) {
        writer.waitForReadyRead(50);
        writer.readAllStandardOutput();
        HistoryQuery query;
        query.firstSeq = last + 1;
        const auto done = reader->scan(query, {}, [&](const std::shared_ptr<const Batch>& batch) {
            for (const Message& message : batch->messages) {
                if (message.seq != ++last || message.subjectName.empty())
                    return false;
            }
            return true;
        });
        QVERIFY2(done, done ? "" : done.error().line().c_str());
        QVERIFY(!done->stoppedEarly);
        QCOMPARE(done->damagedBlocks, 0U);
        commits += done->matched > 0 ? 1 : 0;
    }
    CoverageLedger ledger;
    HistoryWriter::Options options;
    options.path = history.path();
    const auto second = HistoryWriter::open(options, history.clock, ledger, {});
    QVERIFY(!second);
    QVERIFY(second.error().why.find("process " + std::to_string(writer.processId())) != std::string::npos);
    writer.kill();
    QVERIFY(writer.waitForFinished());
    QCOMPARE(commits, 5);
}

QTEST_GUILESS_MAIN(HistoryCrash)
#include "tst_historycrash.moc"
