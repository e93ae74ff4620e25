// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/core/history/HistoryFixture.h"
#include "tests/support/FailingVfs.h"

#include <QtTest>

#include <future>

using namespace weir;
using namespace weir::test;
using namespace std::chrono_literals;

/// A full or broken disk: what was committed reads back, what did not make it is counted, and the recording
/// goes on by itself when the disk does.
class HistoryFaults : public QObject
{
    Q_OBJECT

private slots:
    void init();
    void cleanup();
    void refusesAFullDiskAtOpen();
    void survivesAndRecovers_data();
    void survivesAndRecovers();
    void givesUpWhatMemoryCannotKeep();
    void holdsForSourcesThatKeepTheirMessages();
    void closesOnAFullDisk();

private:
    /// Puts `count` messages and lets a flush interval pass.
    void putAndPass(std::size_t count);
    std::unique_ptr<FailingVfs> m_disk;
    std::unique_ptr<HistoryFixture> m_history;
};

void HistoryFaults::init()
{
    m_disk = std::make_unique<FailingVfs>();
    m_history = std::make_unique<HistoryFixture>();
}

void HistoryFaults::cleanup()
{
    m_disk->heal();
    m_history->writer.reset();
    m_history.reset();
    m_disk.reset();
}

void HistoryFaults::putAndPass(std::size_t count)
{
    m_history->put(count);
    m_history->pass(250ms);
}

void HistoryFaults::refusesAFullDiskAtOpen()
{
    for (const std::int64_t room : {0, 5000, 60000}) {
        m_disk->failAfter(room, FailingVfs::Fault::DiskFull);
        const std::string refused = m_history->open();
        QVERIFY2(refused.find("disk") != std::string::npos, refused.c_str());
        QVERIFY2(refused.find("make room") != std::string::npos, refused.c_str());
    }
    m_disk->heal();
    QCOMPARE(m_history->open(), std::string()); // what a failed creation left is no obstacle
    putAndPass(10);
    QCOMPARE(m_history->close(), std::string());
    QCOMPARE(m_history->seqs().size(), 10U);
}

void HistoryFaults::survivesAndRecovers_data()
{
    QTest::addColumn<int>("fault");
    QTest::addColumn<int>("room");
    for (const int room : {0, 1, 100, 5000, 20000, 50000, 200000}) {
        QTest::addRow("full after %d", room) << static_cast<int>(FailingVfs::Fault::DiskFull) << room;
        QTest::addRow("broken after %d", room) << static_cast<int>(FailingVfs::Fault::Broken) << room;
        QTest::addRow("short write at %d", room) << static_cast<int>(FailingVfs::Fault::ShortWrite) << room;
    }
}

void HistoryFaults::survivesAndRecovers()
{
    QFETCH(const int, fault);
    QFETCH(const int, room);
    QCOMPARE(m_history->open(), std::string());
    putAndPass(1000);
    QTRY_COMPARE(m_history->ledger->snapshot().stored, 1000U);
    m_disk->failAfter(room, static_cast<FailingVfs::Fault>(fault));
    std::uint64_t put = 1000;
    while (!m_history->writer->failure()) {
        QVERIFY2(put < 50000, "the disk never failed");
        putAndPass(500);
        put += 500;
        QTRY_VERIFY(m_history->ledger->snapshot().stored == put || m_history->writer->failure());
    }
    QVERIFY(!m_history->writer->failure()->why.empty());
    const std::uint64_t stored = m_history->ledger->snapshot().stored;
    QCOMPARE(m_history->committed.load(), stored);
    QCOMPARE(m_history->seqs().size(), stored); // nothing committed is harmed, nothing else is there
    m_history->pass(250ms);
    QVERIFY(m_history->writer->failure());
    m_disk->heal();
    m_history->pass(250ms);
    QTRY_VERIFY(!m_history->writer->failure());
    putAndPass(10);
    QTRY_COMPARE(m_history->ledger->snapshot().stored, put + 10);
    QCOMPARE(m_history->ledger->snapshot().failed, 0U);
    QCOMPARE(m_history->close(), std::string());
    QCOMPARE(m_history->seqs().size(), put + 10);
    QCOMPARE(m_history->integrity(), std::string("ok"));
    QCOMPARE(m_history->gaps().size(), 0U); // nothing is missing
}

void HistoryFaults::givesUpWhatMemoryCannotKeep()
{
    HistoryWriter::Options options;
    options.waitingBudget = 1 << 20;
    QCOMPARE(m_history->open(options), std::string());
    putAndPass(1000);
    QTRY_COMPARE(m_history->ledger->snapshot().stored, 1000U);
    m_disk->failAfter(0, FailingVfs::Fault::DiskFull);
    const Timestamp began = m_history->clock.now();
    std::uint64_t put = 1000;
    while (m_history->ledger->snapshot().failed == 0) {
        QVERIFY(put < 100000);
        putAndPass(2000);
        put += 2000;
    }
    const auto failure = m_history->writer->failure();
    QVERIFY(failure);
    QCOMPARE(failure->code, ErrorCode::DiskFull);
    m_disk->heal();
    m_history->pass(250ms);
    QTRY_VERIFY(!m_history->writer->failure());
    putAndPass(10);
    put += 10;
    QTRY_COMPARE(m_history->ledger->snapshot().inFlight(), 0U);
    const Coverage counts = m_history->ledger->snapshot();
    QCOMPARE(counts.stored + counts.failed, put);
    QVERIFY(m_history->committed < counts.stored); // never past what was lost
    QCOMPARE(m_history->close(), std::string());
    QCOMPARE(m_history->seqs().size(), counts.stored);
    QCOMPARE(m_history->seqs().back(), put);
    const auto info = m_history->reader()->info();
    QCOMPARE(info->failed, counts.failed);
    QCOMPARE(info->gaps.size(), 1U);
    QCOMPARE(info->gaps[0].cause, GapCause::StoreFailed);
    QCOMPARE(info->gaps[0].messages, std::optional(counts.failed));
    QVERIFY(info->gaps[0].from > began && info->gaps[0].to >= info->gaps[0].from);
    QVERIFY(info->gaps[0].to < m_history->clock.now());
}

void HistoryFaults::holdsForSourcesThatKeepTheirMessages()
{
    HistoryWriter::Options options;
    options.waitingBudget = 1 << 20;
    options.holdWhileFailing = true;
    QCOMPARE(m_history->open(options), std::string());
    m_disk->failAfter(0, FailingVfs::Fault::DiskFull);
    putAndPass(1000);
    QTRY_VERIFY(m_history->writer->failure());
    // The pipeline's thread: it comes to rest in consume() until the disk is back.
    auto pipeline = std::async(std::launch::async, [this] {
        for (int i = 0; i < 40; ++i)
            m_history->put(1000);
    });
    QTRY_VERIFY(m_history->ledger->snapshot().received > 8000);
    m_history->pass(250ms);
    m_disk->heal();
    const auto done = [&] {
        m_history->pass(250ms);
        return pipeline.wait_for(0s) == std::future_status::ready;
    };
    QTRY_VERIFY_WITH_TIMEOUT(done(), 60'000);
    QCOMPARE(m_history->close(), std::string());
    QCOMPARE(m_history->ledger->snapshot().stored, 41000U);
    QCOMPARE(m_history->ledger->snapshot().failed, 0U);
    QCOMPARE(m_history->seqs().size(), 41000U);
}

void HistoryFaults::closesOnAFullDisk()
{
    QCOMPARE(m_history->open(), std::string());
    putAndPass(1000);
    QTRY_COMPARE(m_history->ledger->snapshot().stored, 1000U);
    m_disk->failAfter(0, FailingVfs::Fault::DiskFull);
    m_history->put(50);
    QVERIFY(!m_history->close().empty());
    QCOMPARE(m_history->ledger->snapshot().failed, 50U);
    QCOMPARE(m_history->ledger->snapshot().inFlight(), 0U);
    m_disk->heal();
    QCOMPARE(m_history->seqs().size(), 1000U);
    const auto gaps = m_history->gaps();
    QCOMPARE(gaps.size(), 1U); // the file could not be told more
    QCOMPARE(gaps[0].cause, GapCause::UncleanEnd);
    QCOMPARE(m_history->open(), std::string());
    QCOMPARE(m_history->writer->firstSeq(), 1001U);
}

QTEST_GUILESS_MAIN(HistoryFaults)
#include "tst_historyfaults.moc"
