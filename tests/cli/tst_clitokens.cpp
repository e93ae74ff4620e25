// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/cli/Shell.h"
#include "tests/core/identity/SigningKey.h"
#include "tests/support/RawPublisher.h"

#include <QFile>
#include <QTest>

using namespace weir::test;

/// Whose tokens `weir record` believes: keys, issuer and audience.
class TestCliTokens : public QObject
{
    Q_OBJECT
private slots:
    void initTestCase();
    void verifies_data();
    void verifies();
    void takesAProfilesOwn();
    void saysThatKeysCannotBeRead();
    void refusesKeysThatAreNone_data();
    void refusesKeysThatAreNone();

private:
    /// The evidence that one message's token is stored with.
    [[nodiscard]] QString evidence(const QString& history, const QStringList& more) const;
    Shell m_shell;
    NatsServer m_server;
    QByteArray m_token;
};

void TestCliTokens::initTestCase()
{
    QVERIFY2(m_server.start(), qPrintable(m_server.error()));
    const SigningKey key(SigningKey::Kind::P256);
    const std::string claims = "{\"sub\":\"worker:checkout\",\"iss\":\"https://"
                               "id.example.org\",\"aud\":[\"nats\"],\"exp\":4102444800}";
    m_token = QByteArray::fromStdString(key.token("ES256", "k1", claims));
    QFile keys(m_shell.file("keys.json"));
    QVERIFY(keys.open(QIODevice::WriteOnly));
    keys.write(QByteArray::fromStdString(keySet({key.jwk("k1")})));
    QFile none(m_shell.file("none.json"));
    QVERIFY(none.open(QIODevice::WriteOnly));
    none.write("{}");
}

void TestCliTokens::verifies_data()
{
    QTest::addColumn<QStringList>("more");
    QTest::addColumn<QString>("evidence");
    const QStringList keys{"--jwks", "keys.json"};
    QTest::newRow("without keys") << QStringList() << "claimed";
    QTest::newRow("with keys") << keys << "verified";
    QTest::newRow("its issuer") << keys + QStringList{"--issuer", "https://id.example.org"} << "verified";
    QTest::newRow("one of two issuers")
        << keys + QStringList{"--issuer", "https://other", "--issuer", "https://id.example.org"}
        << "verified";
    QTest::newRow("another issuer") << keys + QStringList{"--issuer", "https://other"} << "claimed";
    QTest::newRow("its audience") << keys + QStringList{"--audience", "nats"} << "verified";
    QTest::newRow("another audience") << keys + QStringList{"--audience", "billing"} << "claimed";
    QTest::newRow("another of the two")
        << keys + QStringList{"--issuer", "https://id.example.org", "--audience", "billing"} << "claimed";
}

QString TestCliTokens::evidence(const QString& history, const QStringList& more) const
{
    const auto publish = [this] {
        RawPublisher publisher(m_server.port());
        publisher.publish("a", "1", "NATS/1.0\r\nX-Identity-Token: " + m_token + "\r\n\r\n");
        QVERIFY(publisher.flush());
    };
    const Said said = record(m_shell, m_server, history, 1, publish, more);
    const QList<QJsonObject> rows =
        m_shell.weir({"query", "--history", history, "--format", "ndjson"}).lines();
    if (said.code != 0 || rows.size() != 1)
        return QString::fromUtf8(said.all());
    return rows.first()["evidence"].toString();
}

void TestCliTokens::verifies()
{
    QFETCH(const QStringList, more);
    const QString history = QString("%1.db").arg(QTest::currentDataTag()).replace(' ', '-');
    QTEST(evidence(history, more), "evidence");
    // The raw token is nowhere.
    QVERIFY(!bytesOf(m_shell.file(history)).contains(m_token.split('.').last()));
}

void TestCliTokens::takesAProfilesOwn()
{
    QVERIFY(QDir(m_shell.file(".")).mkpath("config/weir/weir/profiles"));
    QFile profile(m_shell.file("config/weir/weir/profiles/edge.json"));
    QVERIFY(profile.open(QIODevice::WriteOnly));
    profile.write("{\"urls\":[\"" + m_server.url().toUtf8() +
                  "\"],\"jwks\":[\"keys.json\"],\"audiences\":[\"billing\"]}");
    profile.close();
    const QStringList edge{"--context", "edge"};
    QCOMPARE(evidence("profile.db", edge), QString("claimed")); // for another audience
    QCOMPARE(evidence("option.db", edge + QStringList{"--audience", "nats"}), QString("verified"));
}

void TestCliTokens::saysThatKeysCannotBeRead()
{
    const auto publish = [this] {
        RawPublisher publisher(m_server.port());
        publisher.publish("a", "1", "NATS/1.0\r\nX-Identity-Token: " + m_token + "\r\n\r\n");
        QVERIFY(publisher.flush());
    };
    const Said said =
        record(m_shell, m_server, "unread.db", 1, publish, {"--jwks", "http://127.0.0.1:1/jwks"});
    QCOMPARE(said.code, 3);
    QVERIFY2(said.json()["tokens_unchecked"].toBool(), said.all().constData());
    QVERIFY2(
        said.err.contains(
            "tokens are not verified, they count as claimed: fetching keys from http://127.0.0.1:1/jwks"),
        said.all().constData());
}

void TestCliTokens::refusesKeysThatAreNone_data()
{
    QTest::addColumn<QString>("place");
    QTest::addColumn<QByteArray>("why");
    QTest::newRow("no file") << "nope.json" << QByteArray("there is no such file (check the path)");
    QTest::newRow("no key set") << "none.json" << QByteArray("it is not a JSON object with a list \"keys\"");
}

void TestCliTokens::refusesKeysThatAreNone()
{
    QFETCH(const QString, place);
    QFETCH(const QByteArray, why);
    const Said said = m_shell.weir({"record", "--server", m_server.url(), "--subject", "a", "--history",
                                    "h.db", "--jwks", place, "--duration", "10ms"});
    QCOMPARE(said.code, 1);
    QVERIFY2(said.err.startsWith("weir: reading keys from " + place.toUtf8() + " failed: " + why),
             said.all().constData());
    QVERIFY(!QFile::exists(m_shell.file("h.db")));
}

QTEST_GUILESS_MAIN(TestCliTokens)
#include "tst_clitokens.moc"
