// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/capture/CoverageLedger.h"
#include "core/history/HistoryReader.h"
#include "core/history/HistoryWriter.h"
#include "core/history/NumberColumn.h"
#include "tests/core/history/HistoryTraffic.h"
#include "tests/support/ManualClock.h"

#include <QTemporaryDir>
#include <QtTest>

#include <limits>
#include <random>
#include <set>

using namespace weir;
using namespace weir::test;

/// What is written comes back, whatever it is.
class HistoryRoundTrip : public QObject
{
    Q_OBJECT

private slots:
    void init();
    void cleanup();
    void ordinaryTraffic_data();
    void ordinaryTraffic();
    void oddMessages();
    void largePayloads();
    void tenThousandHeaders();
    void extremeNumbers();
    void setsOfIds_data();
    void setsOfIds();
    void orderRangeAndLimit();
    void columnsOnlyAsAsked();
    void visitorAndTokenStop();
    void laterVerdictCounts();
    void emptyHistory();

private:
    void openWriter();
    void put(const std::shared_ptr<const Batch>& batch);
    void closeAndOpenReader();
    void compareAll();
    void comparePart(const HistoryQuery& query, const std::vector<const Message*>& wanted);

    std::unique_ptr<QTemporaryDir> m_dir;
    std::unique_ptr<ManualClock> m_clock;
    std::unique_ptr<CoverageLedger> m_ledger;
    std::unique_ptr<HistoryWriter> m_writer;
    std::unique_ptr<HistoryTraffic> m_traffic;
    std::unique_ptr<HistoryReader> m_reader;
    std::vector<std::shared_ptr<const Batch>> m_put;
};

void HistoryRoundTrip::init()
{
    m_dir = std::make_unique<QTemporaryDir>();
    m_clock = std::make_unique<ManualClock>();
    m_put.clear();
    openWriter();
}

void HistoryRoundTrip::cleanup()
{
    m_reader.reset();
    m_writer.reset();
}

void HistoryRoundTrip::openWriter()
{
    m_ledger = std::make_unique<CoverageLedger>();
    HistoryWriter::Options options;
    options.path = m_dir->filePath("h.db").toStdString();
    auto writer = HistoryWriter::open(options, *m_clock, *m_ledger, {});
    QVERIFY2(writer, writer ? "" : writer.error().line().c_str());
    m_writer = std::move(*writer);
    m_traffic = std::make_unique<HistoryTraffic>(m_writer->names(), m_writer->firstSeq());
}

void HistoryRoundTrip::put(const std::shared_ptr<const Batch>& batch)
{
    m_put.push_back(batch);
    m_ledger->received(batch->messages.size(), batch->footprint);
    m_writer->consume(batch);
}

void HistoryRoundTrip::closeAndOpenReader()
{
    const auto closed = m_writer->close();
    QVERIFY2(closed, closed ? "" : closed.error().line().c_str());
    QCOMPARE(m_ledger->snapshot().inFlight(), 0U);
    auto reader = HistoryReader::open(m_dir->filePath("h.db").toStdString());
    QVERIFY2(reader, reader ? "" : reader.error().line().c_str());
    m_reader = std::move(*reader);
}

void HistoryRoundTrip::compareAll()
{
    closeAndOpenReader();
    std::vector<const Message*> wanted;
    for (const auto& batch : m_put) {
        for (const Message& message : batch->messages)
            wanted.push_back(&message);
    }
    std::size_t at = 0;
    const auto done = m_reader->scan({}, {}, [&](const std::shared_ptr<const Batch>& batch) {
        for (const Message& message : batch->messages) {
            const std::string differs =
                at < wanted.size() ? difference(*wanted[at++], message) : "there are too many";
            if (!differs.empty())
                qWarning("%s", differs.c_str());
            if (!differs.empty())
                return false;
        }
        return true;
    });
    QVERIFY2(done, done ? "" : done.error().line().c_str());
    for (const Error& error : done->damage)
        qWarning("%s", error.line().c_str());
    QCOMPARE(done->damagedBlocks, 0U);
    QVERIFY(!done->stoppedEarly);
    QCOMPARE(at, wanted.size());
    QCOMPARE(done->matched, wanted.size());
    for (std::size_t part = 0; part < 12 && !wanted.empty(); ++part) {
        HistoryQuery query; // ranges that begin and end within blocks
        const std::size_t begin = wanted.size() * part / 13;
        const std::size_t end = begin + (wanted.size() - begin) * (part % 4 + 1) / 5;
        query.firstSeq = wanted[begin]->seq;
        query.lastSeq = wanted[end]->seq;
        comparePart(query, wanted);
        auto named = Filter::parse("subject:" + std::string(wanted[begin]->subjectName));
        if (part % 3 != 0 || !named) // odd ones cannot be asked for so
            continue;
        query = {}; // rows here and there
        query.filter = std::move(*named);
        comparePart(query, wanted);
    }
}

void HistoryRoundTrip::comparePart(const HistoryQuery& query, const std::vector<const Message*>& wanted)
{
    std::vector<const Message*> part;
    for (const Message* message : wanted) {
        const bool named =
            query.filter.isEmpty() || "subject:" + std::string(message->subjectName) == query.filter.text();
        if (named && message->seq >= query.firstSeq && message->seq <= query.lastSeq)
            part.push_back(message);
    }
    std::size_t at = 0;
    std::string differs;
    const auto done = m_reader->scan(query, {}, [&](const std::shared_ptr<const Batch>& batch) {
        for (const Message& message : batch->messages) {
            if (differs.empty())
                differs = at < part.size() ? difference(*part[at++], message) : "there are too many";
        }
        return differs.empty();
    });
    QVERIFY2(differs.empty(), differs.c_str());
    QCOMPARE(done->damagedBlocks, 0U);
    QCOMPARE(at, part.size());
}

void HistoryRoundTrip::ordinaryTraffic_data()
{
    QTest::addColumn<int>("count");
    QTest::addColumn<int>("perBatch");
    for (const int count : {1, 2, 15, 16, 17, 4095, 4096, 4097, 20000})
        QTest::addRow("%d", count) << count << 1000;
    QTest::addRow("one by one") << 300 << 1;
}

void HistoryRoundTrip::ordinaryTraffic()
{
    QFETCH(const int, count);
    QFETCH(const int, perBatch);
    for (int done = 0; done < count; done += perBatch) {
        put(m_traffic->next(static_cast<std::size_t>(std::min(perBatch, count - done)), m_clock->now()));
        m_clock->advance(std::chrono::milliseconds(3));
    }
    compareAll();
}

void HistoryRoundTrip::oddMessages()
{
    const std::string rubbish("NATS/1.0\r\n\0\xff: \r\r\n:\n\x80\r\n", 22);
    std::vector<std::string_view> headers{"",
                                          "NATS/1.0\r\n\r\n",
                                          "NATS/1.0 503\r\n\r\n",
                                          "NATS/1.0\r\nA: b",
                                          "NATS/1.0\r\nA:b\r\nA:  b\r\n A\r\n\r\n",
                                          "NATS/1.0\r\ntraceparent: 00-abc-01\r\n\r\n",
                                          "no header at all",
                                          "\r\n",
                                          "\r",
                                          rubbish};
    std::vector<Message> messages;
    for (const std::string_view header : headers) {
        for (const std::string_view trace : {"", "abc", "\r\n", "nowhere"}) {
            Message& message = messages.emplace_back();
            message.time = m_clock->now();
            message.headers = header;
            message.headerSize = static_cast<std::uint32_t>(header.size());
            message.trace = trace;
            message.reply = messages.size() % 3 == 0 ? "_INBOX.x" : "";
            message.payload = messages.size() % 2 == 0 ? std::string_view(rubbish) : std::string_view();
        }
    }
    put(m_traffic->own(messages, "a..b"));
    put(m_traffic->own(messages, "")); // no subject: the dictionary's "none"
    put(m_traffic->own({messages[0]}, std::string("bin\0\xff", 5)));
    compareAll();
}

void HistoryRoundTrip::largePayloads()
{
    std::string big(8'500'000, 'x');
    for (std::size_t i = 0; i < big.size(); i += 7)
        big[i] = static_cast<char>(i * 2654435761U >> 13U);
    std::vector<Message> messages(5);
    for (Message& message : messages)
        message.time = m_clock->now();
    messages[1].payload = big;
    messages[2].payload = std::string_view(big).substr(0, 65536);
    messages[3].payload = std::string_view(big).substr(0, 65537);
    put(m_traffic->own(messages, "big"));
    put(m_traffic->next(100, m_clock->now()));
    compareAll();
}

void HistoryRoundTrip::tenThousandHeaders()
{
    std::string headers = "NATS/1.0\r\n";
    for (int i = 0; i < 10000; ++i)
        headers += "H" + std::to_string(i) + ": value " + std::to_string(i * i) + "\r\n";
    headers += "\r\n";
    std::vector<Message> messages(40);
    for (Message& message : messages) {
        message.time = m_clock->now();
        message.headers = headers;
        message.headerSize = static_cast<std::uint32_t>(headers.size());
    }
    put(m_traffic->own(messages, "many"));
    compareAll();
}

void HistoryRoundTrip::extremeNumbers()
{
    constexpr auto kMax = std::numeric_limits<std::int64_t>::max();
    std::vector<Message> messages(40);
    for (std::size_t i = 0; i < messages.size(); ++i) {
        messages[i].time = m_clock->now();
        messages[i].sent = i % 4 == 0 ? kNoTime : fromUnixNanos(i % 2 == 0 ? kMax : -kMax);
        messages[i].stored = i == 7 ? fromUnixNanos(0) : kNoTime;
        messages[i].streamSeq = i % 3 == 0 ? std::numeric_limits<std::uint64_t>::max() : i;
        messages[i].headerSize = i == 9 ? std::numeric_limits<std::uint32_t>::max() : 0;
        messages[i].evidence = static_cast<Evidence>(i % 5);
    }
    put(m_traffic->own(messages, "extreme"));
    compareAll();
}

void HistoryRoundTrip::setsOfIds_data()
{
    QTest::addColumn<int>("count");
    QTest::addColumn<quint32>("greatest");
    for (const int count : {0, 1, 255, 256, 4096}) {
        for (const quint32 greatest : {quint32{5000}, quint32{1} << 22U, std::numeric_limits<quint32>::max()})
            QTest::addRow("%d up to %u", count, greatest) << count << greatest;
    }
}

void HistoryRoundTrip::setsOfIds()
{
    QFETCH(const int, count);
    QFETCH(const quint32, greatest);
    std::mt19937 random(11);
    std::set<std::uint32_t> wanted;
    std::vector<std::uint32_t> ids;
    while (static_cast<int>(ids.size()) < count) {
        const auto id =
            static_cast<std::uint32_t>(std::uniform_int_distribution<std::uint64_t>(0, greatest)(random));
        if (wanted.insert(id).second)
            ids.push_back(id);
    }
    std::string bytes;
    appendIdSet(ids, bytes);
    std::vector<std::uint32_t> read;
    QVERIFY(readIdSet(bytes, read));
    QCOMPARE(read, std::vector<std::uint32_t>(wanted.begin(), wanted.end()));
}

void HistoryRoundTrip::orderRangeAndLimit()
{
    const Timestamp start = m_clock->now();
    put(m_traffic->next(10000, start, std::chrono::milliseconds(1)));
    closeAndOpenReader();
    std::vector<std::uint64_t> seqs;
    const auto collect = [&](const HistoryQuery& query) {
        seqs.clear();
        const auto done = m_reader->scan(query, {}, [&](const std::shared_ptr<const Batch>& batch) {
            for (const Message& message : batch->messages)
                seqs.push_back(message.seq);
            return true;
        });
        return done ? done->matched : 0;
    };
    HistoryQuery query;
    query.order = Order::NewestFirst;
    query.limit = 3;
    QCOMPARE(collect(query), 3U);
    QCOMPARE(seqs, (std::vector<std::uint64_t>{10000, 9999, 9998}));
    query.from = start + std::chrono::milliseconds(4094);
    query.to = start + std::chrono::milliseconds(4098);
    query.limit = 100;
    QCOMPARE(collect(query), 4U);
    QCOMPARE(seqs, (std::vector<std::uint64_t>{4098, 4097, 4096, 4095}));
    query.order = Order::OldestFirst;
    query.firstSeq = 4096;
    QCOMPARE(collect(query), 3U);
    query.lastSeq = 4097;
    QCOMPARE(collect(query), 2U);
    QCOMPARE(seqs, (std::vector<std::uint64_t>{4096, 4097}));
    query = {};
    query.from = start + std::chrono::hours(1);
    QCOMPARE(collect(query), 0U);
    query = {};
    query.to = start + std::chrono::milliseconds(10);
    query.order = Order::NewestFirst; // opens no block that began later
    const auto early = m_reader->scan(query, {}, [](const auto&) { return true; });
    QCOMPARE(early->matched, 10U);
    QVERIFY(early->scanned <= 4096);
    QCOMPARE(*m_reader->seqAt(start), 1U);
    QCOMPARE(*m_reader->seqAt(start + std::chrono::microseconds(4096500)), 4098U);
    QCOMPARE(*m_reader->seqAt(start + std::chrono::hours(1)), 10001U);
    QCOMPARE(m_reader->seqRange()->first, 1U);
    QCOMPARE(m_reader->seqRange()->second, 10000U);
}

void HistoryRoundTrip::columnsOnlyAsAsked()
{
    put(m_traffic->next(100, m_clock->now()));
    closeAndOpenReader();
    HistoryQuery query;
    query.columns = kEnvelopeOnly;
    const auto done = m_reader->scan(query, {}, [&](const std::shared_ptr<const Batch>& batch) {
        const Message& message = batch->messages.front();
        return message.payload.empty() && message.headers.empty() && message.payloadSize == 128 &&
               message.trace.size() == 32 && message.headerSize > 100;
    });
    QVERIFY(done);
    QVERIFY(!done->stoppedEarly);
}

void HistoryRoundTrip::visitorAndTokenStop()
{
    put(m_traffic->next(10000, m_clock->now()));
    closeAndOpenReader();
    int calls = 0;
    auto done = m_reader->scan({}, {}, [&](const auto&) { return ++calls < 2; });
    QCOMPARE(calls, 2);
    QVERIFY(done->stoppedEarly);
    std::stop_source stop;
    stop.request_stop();
    done = m_reader->scan({}, stop.get_token(), [&](const auto&) { return true; });
    QVERIFY(done->stoppedEarly);
    QCOMPARE(done->matched, 0U);
}

void HistoryRoundTrip::laterVerdictCounts()
{
    Identity identity;
    identity.name = "checkout@edge";
    identity.evidence = Evidence::Claimed;
    identity.claims = R"({"sub":"checkout@edge"})";
    identity.tokenSha256 = std::string(64, 'a');
    identity.expires = m_clock->now() + std::chrono::seconds(10);
    std::vector<Message> messages(2);
    for (Message& message : messages) {
        message.time = m_clock->now();
        message.evidence = Evidence::Claimed;
        message.identity = m_writer->names()->identities.intern(identity);
    }
    messages[1].time += std::chrono::seconds(11); // expired by then: stays claimed
    put(m_traffic->own(messages, "s"));
    m_writer->tick(m_clock->now());
    m_clock->advance(std::chrono::milliseconds(250));
    m_writer->tick(m_clock->now());
    QTRY_COMPARE(m_ledger->snapshot().stored, 2U);
    m_writer->names()->identities.giveVerdict({1}, Evidence::Verified, "key 1");
    closeAndOpenReader();
    std::vector<Evidence> found;
    const auto done = m_reader->scan({}, {}, [&](const std::shared_ptr<const Batch>& batch) {
        for (const Message& message : batch->messages)
            found.push_back(message.evidence);
        return true;
    });
    QVERIFY(done);
    QCOMPARE(found, (std::vector<Evidence>{Evidence::Verified, Evidence::Claimed}));
    QCOMPARE(m_reader->names()->identities.at({1}).proof, std::string("key 1"));
    QCOMPARE(m_reader->names()->identities.at({1}).claims, identity.claims);
}

void HistoryRoundTrip::emptyHistory()
{
    compareAll();
    QCOMPARE(m_reader->seqRange()->second, 0U);
    QCOMPARE(*m_reader->seqAt(m_clock->now()), 1U);
    const auto info = m_reader->info();
    QVERIFY(info);
    QCOMPARE(info->messages, 0U);
    QCOMPARE(info->firstTime, kNoTime);
    QVERIFY(info->gaps.empty());
}

QTEST_GUILESS_MAIN(HistoryRoundTrip)
#include "tst_historyroundtrip.moc"
