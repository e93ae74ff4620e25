// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/topology/CredentialUse.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

#include <algorithm>

using namespace weir;
using namespace std::chrono_literals;

namespace {

const Timestamp kNow(10h);
const std::string kNkey = "U" + std::string(55, 'A');

SeenConnection connection(const std::string& user, std::uint64_t cid = 1)
{
    SeenConnection made;
    made.server = "S1";
    made.cid = cid;
    made.account = "A1";
    made.user = user;
    made.name = user + "-client";
    made.start = kNow - 1h;
    made.told = kNow;
    return made;
}

SeenConnection withJwt(const std::string& user, Nanoseconds sinceIssued, Nanoseconds left,
                       std::uint64_t cid = 1)
{
    SeenConnection made = connection(user, cid);
    made.permissions = UserPermissions{{"orders.>"}, {"orders.secret"}, {}, {}};
    made.issued = kNow - sinceIssued;
    made.expires = left == Nanoseconds::max() ? kNoTime : kNow + left;
    return made;
}

RangeLooks looksOf(std::vector<SeenConnection> connections)
{
    BrokerLook look;
    look.time = kNow;
    look.servers.resize(1);
    look.servers[0].id = "S1";
    look.servers[0].name = "eu-1";
    look.accounts.push_back({"A1", "EDGE", false, {}});
    look.connections = std::move(connections);
    RangeLooks looks;
    looks.now = std::make_shared<const BrokerLook>(std::move(look));
    return looks;
}

/// The same with something else in the look.
template<typename Change>
RangeLooks changed(const RangeLooks& looks, const Change& change)
{
    BrokerLook look = *looks.now;
    change(look);
    RangeLooks made = looks;
    made.now = std::make_shared<const BrokerLook>(std::move(look));
    return made;
}

QString statesOf(const CredentialList& list)
{
    QStringList words;
    for (const CredentialUse& use : list.uses)
        words += QString::fromStdString(use.name + ":" + std::string(credentialStateName(use.state)));
    return words.join(", ");
}

} // namespace

/// What a broker tells of credentials, put together.
class TestCredentialUse : public QObject
{
    Q_OBJECT

private slots:
    void whatEndsFirstStandsFirst()
    {
        const auto list = credentialsOf(
            looksOf({withJwt("later", 1h, 100h), withJwt("never", 1h, Nanoseconds::max()),
                     connection("password"), withJwt("over", 5h, -1min), withJwt("soon", 90min, 10min),
                     withJwt("sooner", 1h, 20h), withJwt("tenth", 19h, 2h)}),
            kNow - 1h);
        QCOMPARE(statesOf(list),
                 QString("over:ended, soon:ends soon, tenth:ends soon, sooner:valid, later:valid, "
                         "never:never ends, password:not told"));
        QCOMPARE(list.to, kNow);
    }

    /// A rotation that is not done yet: of one user two JWTs are in use.
    void olderOnesAreTold()
    {
        auto old = withJwt(kNkey, 9h, 3h, 2);
        old.userName = "billing";
        auto fresh = withJwt(kNkey, 1h, 11h, 3);
        fresh.userName = "billing";
        for (const auto& order : {std::vector{old, fresh}, std::vector{fresh, old}}) {
            const auto list = credentialsOf(looksOf(order), kNow - 1h);
            QCOMPARE(list.uses.size(), std::size_t{1});
            const CredentialUse& use = list.uses[0];
            QCOMPARE(use.state, CredentialState::Mixed);
            QCOMPARE(use.reason, std::string("1 of 2 connections came with an older one"));
            QCOMPARE(use.name, std::string("billing"));
            QCOMPARE(use.nkey, kNkey);
            QCOMPARE(use.account, std::string("EDGE"));
            QCOMPARE(use.expires, fresh.expires);
            QCOMPARE(use.connections[0].server, std::string("eu-1"));
        }
        // The older connection ends: the rotation is done.
        old.gone = kNow - 1min;
        const auto list = credentialsOf(looksOf({old, fresh}), kNow - 1h);
        QCOMPARE(list.uses[0].state, CredentialState::Valid);
        QCOMPARE(list.uses[0].present, std::size_t{1});
        QCOMPARE(list.uses[0].connections.size(), std::size_t{2});
        QCOMPARE(list.uses[0].connections[1].gone, old.gone);
    }

    /// Two users of one name in two accounts are two.
    void accountsKeepThemApart()
    {
        auto other = withJwt("billing", 1h, 10h, 2);
        other.account = "A2";
        const auto list = credentialsOf(looksOf({withJwt("billing", 1h, 10h), other}), kNow - 1h);
        QCOMPARE(list.uses.size(), std::size_t{2});
        QVERIFY(list.uses[0].id != list.uses[1].id);
        QVERIFY(list.uses[0].account != list.uses[1].account);
    }

    void whoWasRefusedStandsWithTheOneThatWasClaimed()
    {
        const auto looks = changed(looksOf({withJwt("billing", 1h, 100h)}), [](BrokerLook& look) {
            look.authErrors.push_back({"S1", "billing", "old", "10.0.0.1", "Authentication Expired", 2,
                                       kNow - 30min, kNow - 20min});
            look.authErrors.push_back({"S1", "billing", "older", "10.0.0.1", "Authorization Violation", 1,
                                       kNow - 10min, kNow - 10min});
            look.authErrors.push_back(
                {"S1", "nobody", "", "10.0.0.2", "Authorization Violation", 5, kNow - 5min, kNow - 5min});
            look.authErrors.push_back(
                {"S1", "before", "", "10.0.0.2", "Authorization Violation", 5, kNow - 9h, kNow - 8h});
        });
        const auto list = credentialsOf(looks, kNow - 1h);
        QCOMPARE(statesOf(list), QString("billing:refused, nobody:refused"));
        const auto nobody = std::find_if(list.uses.begin(), list.uses.end(),
                                         [](const CredentialUse& use) { return use.name == "nobody"; });
        QVERIFY(nobody->accountId.empty() && nobody->connections.empty());
        const auto billing = std::find_if(list.uses.begin(), list.uses.end(),
                                          [](const CredentialUse& use) { return use.name == "billing"; });
        QCOMPARE(billing->reason, std::string("not let in 3 times: Authorization Violation"));
        QCOMPARE(billing->refusals[0].name, std::string("older"));
        QCOMPARE(billing->present, std::size_t{1});
    }

    void whoCameAndWentIsTold()
    {
        const auto looks = changed(looksOf({}), [](BrokerLook& look) {
            look.visits.push_back(
                {"S1", 7, "A1", "probe", "job", "10.0.0.1", "Client Closed", kNow - 2h, kNow - 90min});
            look.visits.push_back(
                {"S1", 8, "A1", "probe", "job", "10.0.0.1", "Client Closed", kNow - 2min, kNow - 2min + 5ms});
            look.visitors = 40;
        });
        const auto list = credentialsOf(looks, kNow - 1h);
        QCOMPARE(list.uses.size(), std::size_t{1});
        QCOMPARE(list.uses[0].visits.size(), std::size_t{1}); // the other one was before
        QCOMPARE(list.uses[0].visits[0].cid, std::uint64_t{8});
        QVERIFY(list.coverage.at(0).starts_with("of 40 connections that came and went"));
    }

    void ratesAreGrowth()
    {
        auto then = connection("billing");
        then.inMessages = 1000;
        then.told = kNow - 100s;
        auto now = connection("billing");
        now.inMessages = 1500;
        now.outMessages = 300;
        auto began = connection("billing", 2); // in the range: its counters began with it
        began.start = kNow - 50s;
        began.inMessages = 100;
        RangeLooks looks = looksOf({now, began});
        looks.before = looksOf({then}).now;
        auto list = credentialsOf(looks, kNow - 1h);
        QCOMPARE(list.uses[0].published, std::optional<double>(5 + 2));
        QCOMPARE(list.uses[0].taken, std::optional<double>(3));
        // Of one that nobody knows since when there is no rate, and of both together none either.
        looks.before = nullptr;
        list = credentialsOf(looks, kNow - 30min);
        QVERIFY(!list.uses[0].published);
    }

    void namesFind()
    {
        auto one = withJwt(kNkey, 1h, 10h);
        one.userName = "billing";
        const CredentialUse use = credentialsOf(looksOf({one}), kNow).uses[0];
        QVERIFY(isNamed(use, "billing") && isNamed(use, kNkey) && isNamed(use, kNkey + "-client"));
        QVERIFY(!isNamed(use, "bill") && !isNamed(use, ""));
    }

    void writesJson()
    {
        auto hostile = withJwt("a\"\n\u202eb", 1h, 10h);
        hostile.name = std::string(4096, 'x');
        const CredentialUse use = credentialsOf(looksOf({hostile}), kNow - 2h).uses[0];
        const QJsonObject json =
            QJsonDocument::fromJson(QByteArray::fromStdString(credentialJson(use))).object();
        QCOMPARE(json["name"].toString().toStdString(), use.name);
        QCOMPARE(json["state"].toString(), QString("valid"));
        QCOMPARE(json["publish_allow"].toArray(), QJsonArray{"orders.>"});
        QCOMPARE(json["publish_deny"].toArray(), QJsonArray{"orders.secret"});
        QCOMPARE(json["expires"].toString(), QString("1970-01-01T20:00:00.000000000Z"));
        QCOMPARE(json["connections"].toArray().size(), 1);
        QCOMPARE(json["connections"][0]["client"].toString().size(), 4096);
        QCOMPARE(json["connections"][0]["gone"], QJsonValue());
    }

    void nothingKnownIsEmpty() { QVERIFY(credentialsOf({}, kNow).uses.empty()); }
};

QTEST_APPLESS_MAIN(TestCredentialUse)
#include "tst_credentialuse.moc"
