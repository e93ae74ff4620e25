// SPDX-License-Identifier: GPL-3.0-or-later
#include "JwksServer.h"
#include "SigningKey.h"
#include "tests/support/ManualClock.h"

#include "core/identity/JwksFetch.h"
#include "core/identity/JwksStore.h"

#include <QFile>
#include <QSslCertificate>
#include <QSslKey>
#include <QSslServer>
#include <QTemporaryDir>
#include <QTest>

using namespace weir;
using namespace std::chrono_literals;
using test::SigningKey;
using Kind = SigningKey::Kind;

class TestJwksStore : public QObject
{
    Q_OBJECT
private slots:
    // First: Qt's network thread, which ends on its own time, holds memory of OpenSSL's till then.
    void aCertificateThatNobodyTrustsIsRefused();
    void readsAFileAndSeesItChange();
    void fetchesAUrlAndKeepsItForItsMaxAge();
    void anUnknownKeyIdFetchesAgainButNotTooOften();
    void aFailingPlaceKeepsItsKeys();
    void refusesPlaces_data();
    void refusesPlaces();
    void anAnswerThatIsTooLargeIsCut();
    void stopEndsAFetch();
    void aRedirectFromThisMachineIsNotFollowed();
};

namespace {

Jwt asking(const std::string& keyId, const std::string& algorithm = "ES256")
{
    Jwt jwt;
    jwt.keyId = keyId;
    jwt.algorithm = algorithm;
    return jwt;
}

void write(const QString& path, const std::string& text)
{
    QFile file(path);
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(QByteArray::fromStdString(text));
}

} // namespace

void TestJwksStore::readsAFileAndSeesItChange()
{
    const QTemporaryDir dir;
    const QString path = dir.filePath("jwks.json");
    const SigningKey key(Kind::P256);
    write(path, test::keySet({key.jwk("one")}));
    test::ManualClock clock;
    JwksStore store({path.toStdString()}, clock);
    QCOMPARE(store.find(asking("one"), {}).size(), 1U);
    QVERIFY(store.find(asking("two"), {}).empty());
    QVERIFY(store.find(asking("one", "RS256"), {}).empty());
    QCOMPARE(store.find(asking(""), {}).size(), 1U);
    write(path, test::keySet({key.jwk("one"), key.jwk("two")}));
    QVERIFY(store.find(asking("two"), {}).empty());
    clock.advance(1s);
    QCOMPARE(store.find(asking("two"), {}).size(), 1U);
    QCOMPARE(store.changes(), 2U);
    QVERIFY(store.problems().empty());
}

void TestJwksStore::fetchesAUrlAndKeepsItForItsMaxAge()
{
    const SigningKey key(Kind::P256);
    test::JwksServer server;
    server.body = test::keySet({key.jwk("one")});
    server.headers = "Cache-Control: public, max-age=300\r\n";
    test::ManualClock clock;
    JwksStore store({server.url()}, clock);
    QCOMPARE(store.find(asking("one"), {}).size(), 1U);
    clock.advance(299s);
    QCOMPARE(store.find(asking("one"), {}).size(), 1U);
    QCOMPARE(server.requests, 1);
    clock.advance(2s);
    QCOMPARE(store.find(asking("one"), {}).size(), 1U);
    QCOMPARE(server.requests, 2);
    QCOMPARE(store.changes(), 1U);
}

void TestJwksStore::anUnknownKeyIdFetchesAgainButNotTooOften()
{
    const SigningKey key(Kind::P256);
    test::JwksServer server;
    server.body = test::keySet({key.jwk("one")});
    test::ManualClock clock;
    JwksStore store({server.url()}, clock);
    QCOMPARE(store.find(asking("one"), {}).size(), 1U);
    server.body = test::keySet({key.jwk("two")});
    for (int i = 0; i < 20; ++i)
        QVERIFY(store.find(asking("x" + std::to_string(i)), {}).empty());
    QCOMPARE(server.requests, 1);
    clock.advance(10s);
    QCOMPARE(store.find(asking("two"), {}).size(), 1U);
    QCOMPARE(server.requests, 2);
    QVERIFY(!store.knows("one"));
}

void TestJwksStore::aFailingPlaceKeepsItsKeys()
{
    const SigningKey key(Kind::P256);
    test::JwksServer server;
    server.body = test::keySet({key.jwk("one")});
    test::ManualClock clock;
    JwksStore store({server.url()}, clock);
    QCOMPARE(store.find(asking("one"), {}).size(), 1U);
    server.status = "503 Service Unavailable";
    clock.advance(1h);
    QCOMPARE(store.find(asking("one"), {}).size(), 1U);
    QVERIFY(QString::fromStdString(store.problems()).contains("fetching keys from http://127.0.0.1"));
    server.status = "200 OK";
    server.body = "<html>";
    clock.advance(1h);
    QCOMPARE(store.find(asking("one"), {}).size(), 1U);
    QVERIFY(QString::fromStdString(store.problems()).contains("RFC 7517"));
    server.body = test::keySet({key.jwk("one")});
    clock.advance(1h);
    QCOMPARE(store.find(asking("one"), {}).size(), 1U);
    QVERIFY(store.problems().empty());
}

void TestJwksStore::refusesPlaces_data()
{
    QTest::addColumn<QString>("place");
    QTest::addColumn<QString>("why");
    const QTemporaryDir dir;
    QTest::newRow("http elsewhere") << "http://192.0.2.1/jwks.json"
                                    << "neither https";
    QTest::newRow("ftp") << "ftp://127.0.0.1/jwks.json"
                         << "neither https";
    QTest::newRow("file URL") << "file:///etc/passwd"
                              << "neither https";
    QTest::newRow("no file") << "/nowhere/jwks.json"
                             << "no such file";
    QTest::newRow("a folder") << "/"
                              << "not a file";
    QTest::newRow("nobody listens") << "http://127.0.0.1:1/jwks.json"
                                    << "fetching keys";
}

void TestJwksStore::refusesPlaces()
{
    QFETCH(QString, place);
    QFETCH(QString, why);
    test::ManualClock clock;
    JwksStore store({place.toStdString()}, clock);
    QVERIFY(store.find(asking("one"), {}).empty());
    QVERIFY2(QString::fromStdString(store.problems()).contains(why), store.problems().c_str());
}

void TestJwksStore::anAnswerThatIsTooLargeIsCut()
{
    test::JwksServer server;
    server.body = std::string(3 << 20, ' ');
    const auto fetched = fetchJwks(server.url(), {});
    QVERIFY(!fetched);
    QVERIFY(fetched.error().code == ErrorCode::Limit);
}

void TestJwksStore::stopEndsAFetch()
{
    test::JwksServer server;
    server.silent = true;
    std::stop_source stop;
    QObject context;
    QMetaObject::invokeMethod(
        &context, [&] { stop.request_stop(); }, Qt::QueuedConnection);
    const auto fetched = fetchJwks(server.url(), stop.get_token());
    QVERIFY(!fetched);
    QVERIFY(fetched.error().code == ErrorCode::Cancelled);
}

void TestJwksStore::aRedirectFromThisMachineIsNotFollowed()
{
    test::JwksServer server;
    test::JwksServer other;
    server.status = "302 Found";
    server.headers = "Location: " + QByteArray::fromStdString(other.url()) + "\r\n";
    const auto fetched = fetchJwks(server.url(), {});
    QVERIFY(!fetched);
    QVERIFY2(fetched.error().why == "the server answered 302", fetched.error().why.c_str());
    QCOMPARE(other.requests, 0);
}

void TestJwksStore::aCertificateThatNobodyTrustsIsRefused()
{
    const SigningKey key(Kind::P256);
    QSslServer server;
    QSslConfiguration settings = QSslConfiguration::defaultConfiguration();
    settings.setLocalCertificate(QSslCertificate(QByteArray::fromStdString(key.selfSignedCertificate())));
    settings.setPrivateKey(QSslKey(QByteArray::fromStdString(key.privatePem()), QSsl::Ec));
    server.setSslConfiguration(settings);
    QVERIFY(server.listen(QHostAddress::LocalHost));
    const auto fetched =
        fetchJwks("https://127.0.0.1:" + std::to_string(server.serverPort()) + "/jwks.json", {});
    QVERIFY(!fetched);
    QVERIFY2(fetched.error().code == ErrorCode::Tls, fetched.error().line().c_str());
    QVERIFY2(QString::fromStdString(fetched.error().why).contains("self-signed"),
             fetched.error().why.c_str());
}

QTEST_GUILESS_MAIN(TestJwksStore)
#include "tst_jwksstore.moc"
