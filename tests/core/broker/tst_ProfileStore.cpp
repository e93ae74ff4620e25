// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/broker/ProfileStore.h"

#include <QFile>
#include <QFileInfo>
#include <QTemporaryDir>
#include <QTest>

using namespace weir;

class TestProfileStore : public QObject
{
    Q_OBJECT

private:
    QTemporaryDir m_dir;
    ProfileStore store() const { return ProfileStore((m_dir.path() + "/profiles").toStdString()); }

private slots:
    void keepsEverything()
    {
        ConnectionProfile p;
        p.name = "edge";
        p.description = "The edge";
        p.urls = {"nats://a:1", "tls://b:2"};
        p.user = "u";
        p.password = SecretRef::keyring("edge/password");
        p.token = SecretRef::environment("TOKEN");
        p.nkeySeed = SecretRef::file("/n.nk");
        p.credsFile = "/c.creds";
        p.certFile = "/c.pem";
        p.keyFile = "/k.pem";
        p.caFile = "/ca.pem";
        p.tlsVerify = false;
        p.tlsRequired = true;
        p.inboxPrefix = "_IN";
        p.jetstreamDomain = "hub";
        p.monitorUrl = "http://m:8222";
        p.systemCreds = "/system.creds";
        p.subjects = {"orders.>", "auth.*"};
        p.budget = {5, 0};
        p.identity = {{"/keys.json", "https://id.example.org/jwks"}, {"https://id.example.org"}, {"nats"}};
        p.otherFields["shiny"] = R"({"x":[1,"two"]})";
        const auto saved = store().save(p);
        QVERIFY2(saved, saved ? "" : saved.error().line().c_str());
        const auto loaded = store().load("edge");
        QVERIFY(loaded);
        const ConnectionProfile& q = loaded->profile;
        QVERIFY(q.name == p.name && q.description == p.description && q.urls == p.urls && q.user == p.user);
        QVERIFY(q.password.kind == SecretRef::Kind::Keyring && q.password.name == "edge/password");
        QVERIFY(q.token.kind == SecretRef::Kind::Environment && q.token.name == "TOKEN");
        QVERIFY(q.nkeySeed.kind == SecretRef::Kind::File && q.nkeySeed.name == "/n.nk");
        QVERIFY(!q.userJwt.isSet());
        QVERIFY(q.credsFile == p.credsFile && q.certFile == p.certFile && q.keyFile == p.keyFile &&
                q.caFile == p.caFile);
        QVERIFY(!q.tlsVerify && q.tlsRequired && !q.tlsFirst);
        QVERIFY(q.inboxPrefix == p.inboxPrefix && q.jetstreamDomain == p.jetstreamDomain &&
                q.monitorUrl == p.monitorUrl && q.systemCreds == p.systemCreds);
        QVERIFY(q.subjects == p.subjects);
        QVERIFY(q.identity.jwks == p.identity.jwks && q.identity.issuers == p.identity.issuers &&
                q.identity.audiences == p.identity.audiences);
        QVERIFY(q.budget.maxMessagesPerSecond == 5 && q.budget.maxBytesPerSecond == 0);
        QCOMPARE(QString::fromStdString(q.otherFields.at("shiny")), R"({"x":[1,"two"]})");
        QCOMPARE(loaded->warnings.size(), std::size_t{1});
        QVERIFY(store().list() == std::vector<std::string>{"edge"});
    }

    void isForItsOwnerOnly()
    {
        const QFileInfo file(m_dir.path() + "/profiles/edge.json");
        QVERIFY(!(file.permissions() &
                  (QFile::ReadGroup | QFile::ReadOther | QFile::WriteGroup | QFile::WriteOther)));
    }

    void holdsNoSecret()
    {
        ConnectionProfile p;
        p.name = "leaky";
        p.password = SecretRef::inClear("hunter2");
        QCOMPARE(int(store().save(p).error().code), int(ErrorCode::Usage));
        p.password = {};
        p.urls = {"nats://me:hunter2@host"};
        QCOMPARE(int(store().save(p).error().code), int(ErrorCode::Usage));
        QVERIFY(!QFile::exists(m_dir.path() + "/profiles/leaky.json"));
    }

    void refusesBadNamesAndFiles()
    {
        for (const char* name : {"", "../x", ".hidden", "a/b"}) {
            ConnectionProfile p;
            p.name = name;
            QCOMPARE(int(store().save(p).error().code), int(ErrorCode::Usage));
        }
        QFile broken(m_dir.path() + "/profiles/broken.json");
        QVERIFY(broken.open(QIODevice::WriteOnly));
        broken.write("{\"urls\":");
        broken.close();
        QCOMPARE(int(store().load("broken").error().code), int(ErrorCode::Format));
        const auto unknown = store().load("egde");
        QCOMPARE(int(unknown.error().code), int(ErrorCode::NotFound));
        QVERIFY(unknown.error().hint.find("edge") != std::string::npos);
    }

    void isRemoved()
    {
        QVERIFY(store().remove("edge"));
        QVERIFY(!store().remove("edge"));
    }
};

QTEST_GUILESS_MAIN(TestProfileStore)
#include "tst_ProfileStore.moc"
