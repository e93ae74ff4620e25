// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/broker/EventBook.h"
#include "core/broker/NatsMonitor.h"
#include "tests/support/ManualClock.h"

#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

using namespace weir;
using namespace weir::test;

/// What events leave behind: lists that stay short whatever comes.
class TestEventBook : public QObject
{
    Q_OBJECT

private slots:
    void kinds_data();
    void kinds();
    void readsADisconnect();
    void countsWhoIsRefused();
    void staysShort();
    void saysWhatItCouldNotRead();

private:
    ManualClock m_clock;
    NatsMonitor m_monitor{NatsMonitor::Options(), m_clock};
};

namespace {

const char* const kRefused = "$SYS.SERVER.A.CLIENT.AUTH.ERR";
const char* const kLeft = "$SYS.ACCOUNT.ACC.DISCONNECT";

EventFeed::Event told(const char* subject, const QString& user, int cid = 7, int second = 0)
{
    const QJsonObject client{{"id", cid},          {"acc", "ACC"},      {"user", user},
                             {"host", "10.0.0.1"}, {"name", "service"}, {"start", "2026-11-21T10:00:00.5Z"}};
    const QJsonObject object{{"server", QJsonObject{{"id", "A"}}},
                             {"client", client},
                             {"reason", "Authentication Failure"},
                             {"timestamp", QString("2026-11-21T10:00:%1Z").arg(second, 2, 10, QChar('0'))}};
    return {subject, QJsonDocument(object).toJson()};
}

} // namespace

void TestEventBook::kinds_data()
{
    QTest::addColumn<QString>("subject");
    QTest::addColumn<int>("kind");
    const auto row = [](const char* subject, BrokerEventKind kind) {
        QTest::newRow(subject) << QString(subject) << static_cast<int>(kind);
    };
    row("$SYS.ACCOUNT.A.CONNECT", BrokerEventKind::Connect);
    row("$SYS.ACCOUNT.A.DISCONNECT", BrokerEventKind::Disconnect);
    row("$SYS.ACCOUNT.A.SERVER.CONNS", BrokerEventKind::Other);
    row("$SYS.ACCOUNT.CLIENT.AUTH.ERR", BrokerEventKind::Other);
    row("$SYS.SERVER.N.CLIENT.AUTH.ERR", BrokerEventKind::AuthError);
    row("$JS.EVENT.ADVISORY.STREAM.CREATED.ORDERS", BrokerEventKind::StreamChange);
    row("$JS.hub.EVENT.ADVISORY.CONSUMER.DELETED.S.C", BrokerEventKind::StreamChange);
    row("$JS.EVENT.METRIC.CONSUMER.ACK.S.C", BrokerEventKind::Other);
    row("", BrokerEventKind::Other);
}

void TestEventBook::kinds()
{
    QFETCH(const QString, subject);
    QFETCH(const int, kind);
    QCOMPARE(static_cast<int>(brokerEventKind(subject.toStdString())), kind);
}

void TestEventBook::readsADisconnect()
{
    const auto read = readClientEvent(told(kLeft, "me", 12, 9).payload);
    QVERIFY(read);
    QCOMPARE(read->server, std::string("A"));
    QCOMPARE(read->cid, std::uint64_t{12});
    QCOMPARE(read->account, std::string("ACC"));
    QCOMPARE(read->time - read->start, Nanoseconds(std::chrono::milliseconds(8500)));
    for (const char* const bad : {"", "{}", "[]", "{\"client\":7}", "{\"client\":{\"id\":1}}",
                                  "{\"client\":{},\"server\":{\"id\":\"A\"}}", "<html>"})
        QVERIFY2(!readClientEvent(bad), bad);
}

void TestEventBook::countsWhoIsRefused()
{
    EventBook book;
    book.take({{told(kRefused, "a", 1, 1), told(kRefused, "b", 2, 2), told(kRefused, "a", 3, 3)}, 0}, {},
              m_monitor);
    BrokerLook look;
    book.addTo(look);
    QCOMPARE(look.authErrors.size(), std::size_t{2});
    const SeenAuthError& last = look.authErrors.back(); // who tried last
    QCOMPARE(last.user, std::string("a"));
    QCOMPARE(last.times, std::uint64_t{2});
    QCOMPARE(last.last - last.first, Nanoseconds(std::chrono::seconds(2)));
    QCOMPARE(last.reason, std::string("Authentication Failure"));
}

void TestEventBook::staysShort()
{
    EventBook book;
    EventFeed::Batch batch;
    for (int i = 0; i < 5000; ++i) {
        batch.events.push_back(told(kRefused, QString::number(i)));
        batch.events.push_back(told(kLeft, QString::number(i)));
    }
    book.take(batch, {}, m_monitor);
    BrokerLook look;
    book.addTo(look);
    QCOMPARE(look.authErrors.size(), std::size_t{200});
    QCOMPARE(look.authErrors.back().user, std::string("4999"));
    QVERIFY(look.visits.empty()); // of servers that are not looked at
}

void TestEventBook::saysWhatItCouldNotRead()
{
    EventBook book;
    book.take({{{kRefused, "not an event"}, {kLeft, "{}"}, {"other", "x"}}, 12}, "ACC", m_monitor);
    BrokerLook look;
    book.addTo(look);
    QCOMPARE(look.notes, (std::vector<std::string>{"12 events came faster than they were read",
                                                   "2 events could not be read"}));
}

QTEST_GUILESS_MAIN(TestEventBook)
#include "tst_EventBook.moc"
