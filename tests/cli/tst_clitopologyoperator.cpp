// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/cli/Shell.h"
#include "tests/support/OperatorBroker.h"
#include "tests/support/ServerVarz.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QTest>

#include <csignal>
#include <map>

using namespace weir;
using namespace weir::test;

/// `weir topology` of a real server in operator mode, whose users have permissions: who published what says
/// nothing of its publisher, and what asks for a look.
class TestCliTopologyOperator : public QObject
{
    Q_OBJECT
private slots:
    void whoPublished_data();
    void whoPublished();
    void findsWhatIsWrongAndNothingElse();

private:
    /// What the topology shows of `subjects` while `meanwhile` happens, between two looks at the broker.
    [[nodiscard]] Said observe(const OperatorBroker& broker, const QStringList& subjects,
                               const std::function<void()>& meanwhile) const;
    Shell m_shell;
};

namespace {

/// Weir's own user: one that publishes nothing.
constexpr const char* kMayNotPublish = "\"pub\":{\"deny\":[\">\"]}";

QByteArray mayPublish(const QByteArray& subjects)
{
    return "\"pub\":{\"allow\":[" + subjects + "]}";
}

bool publish(const NatsConnectionPtr& by, const char* subject, int count)
{
    for (int i = 0; i < count; ++i) {
        if (natsConnection_PublishString(by.get(), subject, "x") != NATS_OK)
            return false;
    }
    return natsConnection_Flush(by.get()) == NATS_OK;
}

} // namespace

Said TestCliTopologyOperator::observe(const OperatorBroker& broker, const QStringList& subjects,
                                      const std::function<void()>& meanwhile) const
{
    QStringList arguments{"topology",
                          "--duration",
                          "10min",
                          "--format",
                          "json",
                          "--server",
                          broker.server().url(),
                          "--creds",
                          QString::fromStdString(broker.profile().credsFile),
                          "--monitor",
                          broker.server().monitorUrl()};
    for (const QString& subject : subjects)
        arguments += {"--subject", subject};
    const auto process = m_shell.start(arguments);
    QByteArray said;
    if (!waitFor(*process, "weir: observing ", said))
        return {-1, {}, said};
    meanwhile();
    if (::kill(static_cast<pid_t>(process->processId()), SIGINT) != 0)
        return {-1, {}, said};
    return finish(*process, said);
}

void TestCliTopologyOperator::whoPublished_data()
{
    QTest::addColumn<QByteArray>("others"); // where two others may publish
    QTest::addColumn<bool>("otherPublishes");
    QTest::addColumn<bool>("someoneVisits");
    QTest::addColumn<bool>("isNamed");
    QTest::addColumn<QString>("because");
    QTest::newRow("only one may") << QByteArray("\"x.>\"") << false << false << true
                                  << "the only connected client whose permissions let it publish there";
    QTest::newRow("several may, one did")
        << QByteArray("\"orders.>\"") << false << false << true
        << "of 3 connected clients that may publish there the only one that published: its server counted "
           "20 messages of it";
    QTest::newRow("several did") << QByteArray("\"orders.>\"") << true << false << false
                                 << "3 connected clients may publish there, and 2 of them published";
    QTest::newRow("one came and went") << QByteArray("\"orders.>\"") << false << true << false
                                       << "3 connected clients may publish there; a connection came and "
                                          "went between two looks";
}

void TestCliTopologyOperator::whoPublished()
{
    QFETCH(QByteArray, others);
    QFETCH(bool, otherPublishes);
    QFETCH(bool, someoneVisits);
    QFETCH(bool, isNamed);
    QFETCH(QString, because);
    OperatorBroker broker;
    QVERIFY(broker.start(kMayNotPublish));
    const TestOperator& keys = broker.keys();
    const auto shop = broker.connect("shop", keys.userCreds("shop", mayPublish("\"orders.>\"")));
    const auto till = broker.connect("till", keys.userCreds("till", mayPublish(others)));
    const auto desk = broker.connect("desk", keys.userCreds("desk", mayPublish(others)));
    QVERIFY(shop && till && desk);
    const Said said = observe(broker, {"orders.>"}, [&] {
        QVERIFY(publish(shop, "orders.new", 20));
        if (otherPublishes)
            QVERIFY(publish(till, "orders.new", 5));
        if (!someoneVisits)
            return;
        const int connections = varzOf(broker.server())["connections"].toInt();
        QVERIFY(broker.connect("visitor", keys.userCreds("visitor", mayPublish(others))));
        QTRY_COMPARE(varzOf(broker.server())["connections"].toInt(), connections); // else it is seen
    });
    QVERIFY2(said.code == 0, said.all());
    QJsonArray edges;
    for (const QJsonValue& edge : said.json()["edges"].toArray()) {
        if (edge["to"].toString() == "subjects:orders.new")
            edges.append(edge);
    }
    QVERIFY2(edges.size() == 1, said.all());
    const QJsonObject edge = edges.first().toObject();
    QVERIFY2((edge["from"].toString() == "identity:shop") == isNamed, said.all());
    QVERIFY2((edge["evidence"].toString() == "inferred") == isNamed, said.all());
    QVERIFY2(edge["because"].toString().endsWith(because), said.all());
    QCOMPARE(edge["messages"].toInt(), otherPublishes ? 25 : 20);
    for (const QJsonValue& node : said.json()["nodes"].toArray())
        QVERIFY2(isNamed || node["kind"].toString() != "identity" || node["name"].toString().isEmpty(),
                 said.all());
}

void TestCliTopologyOperator::findsWhatIsWrongAndNothingElse()
{
    OperatorBroker broker("server_tags: [\"iata:FRA\"]\n");
    QVERIFY(broker.start(kMayNotPublish));
    const TestOperator& keys = broker.keys();
    const auto shop = broker.connect("shop", keys.userCreds("shop", mayPublish("\"orders.>\",\"alerts.>\"")));
    const auto reader = broker.connect("reader", keys.userCreds("reader", mayPublish("\"reports.>\"")));
    const auto billing = broker.connect("billing", keys.userCreds("billing", kMayNotPublish));
    QVERIFY(shop && reader && billing);
    const auto subscribe = [](const NatsConnectionPtr& by, const char* subject) {
        natsSubscription* raw = nullptr;
        const bool done = natsConnection_SubscribeSync(&raw, by.get(), subject) == NATS_OK &&
                          natsConnection_Flush(by.get()) == NATS_OK;
        return NatsSubscriptionPtr(done ? raw : nullptr);
    };
    const auto config = subscribe(shop, "config.shop"); // an edge should only publish; not observed
    const auto orders = subscribe(billing, "orders.>");
    const auto audit = subscribe(billing, "audit.>"); // nothing comes
    QVERIFY(config && orders && audit);
    const Said said = observe(broker, {"orders.>", "alerts.>", "audit.>"}, [&] {
        const auto send = [&](const char* subject, const char* identity, const char* pop) {
            natsMsg* raw = nullptr;
            QVERIFY(natsMsg_Create(&raw, subject, nullptr, "x", 1) == NATS_OK);
            const NatsMsgPtr message(raw);
            QVERIFY(natsMsgHeader_Set(raw, "X-Edge-Identity", identity) == NATS_OK &&
                    natsMsgHeader_Set(raw, "Cf-Ray", pop) == NATS_OK &&
                    natsConnection_PublishMsg(shop.get(), raw) == NATS_OK);
        };
        for (int i = 0; i < 10; ++i) {
            send("orders.new", "shop", "1-FRA");
            send("orders.paid", "shop", "1-GRU");   // far from the only server
            send("orders.paid", "reader", "1-FRA"); // who may not
            send("alerts.lost", "shop", "1-FRA");   // nobody listens
        }
        QVERIFY(natsConnection_Flush(shop.get()) == NATS_OK);
    });
    QVERIFY2(said.code == 0, said.all());
    std::map<QString, QString> found;
    for (const QJsonValue& finding : said.json()["findings"].toArray()) {
        QVERIFY2(!found.contains(finding["kind"].toString()), said.all());
        found[finding["kind"].toString()] = finding["node"].toString() + ": " + finding["what"].toString();
    }
    const std::map<QString, QString> expected{
        {"edge_subscribes", "identity:shop: edge shop subscribes to config.shop"},
        {"far_pop", "pop:GRU: PoP GRU is 9800 km from the nearest server, in Frankfurt"},
        {"no_listener", "subjects:alerts.lost: nobody listens to alerts.lost"},
        {"no_traffic", ""},
        {"not_permitted",
         "identity:reader: reader publishes to orders.paid, which its credentials do not allow"}};
    for (const auto& [kind, what] : expected)
        QVERIFY2(found.contains(kind) && found[kind].startsWith(what), qPrintable(kind + "\n" + said.all()));
    QVERIFY2(found["no_traffic"].endsWith("/billing: nothing came for the subscription to audit.>"),
             said.all());
    QVERIFY2(found.size() == expected.size(), said.all());
}

QTEST_GUILESS_MAIN(TestCliTopologyOperator)
#include "tst_clitopologyoperator.moc"
