// SPDX-License-Identifier: GPL-3.0-or-later
#include "ReadMessage.h"
#include "Tokens.h"

#include "core/envelope/HeaderScan.h"
#include "core/identity/Base64Url.h"

#include <QTest>

using namespace weir;
using test::Envelope;

class TestRedaction : public QObject
{
    Q_OBJECT
private slots:
    void rewrites_data();
    void rewrites();
    void withoutSecretsNothingIsCopied();
    void noFactCarriesASecret();
    void claimsKeepNoSecrets();
    void findsJwts_data();
    void findsJwts();
    void twoTokensOfOneMessage();
};

namespace {

const std::string kToken = test::unsignedToken(R"({"sub":"a"})");
const QString kT = QString::fromStdString(kToken);

QString digest(const std::string& token)
{
    return "<redacted sha256:" + QString::fromStdString(sha256Hex(token)) + ">";
}

} // namespace

void TestRedaction::rewrites_data()
{
    QTest::addColumn<QString>("line");
    QTest::addColumn<QString>("kept");
    const QString d = digest(kToken);
    QTest::newRow("bearer") << "Authorization: Bearer " + kT << "Authorization: " + d;
    QTest::newRow("lower case") << "authorization:bearer " + kT << "authorization:" + d;
    QTest::newRow("opaque bearer") << "Authorization: Bearer abc123"
                                   << "Authorization: " + digest("abc123");
    QTest::newRow("basic") << "Authorization: Basic dTpw"
                           << "Authorization: <redacted>";
    QTest::newRow("EdgeGrid") << "Authorization: EG1-HMAC-SHA256 client_token=x;signature=y"
                              << "Authorization: <redacted>";
    QTest::newRow("proxy") << "Proxy-Authorization: Basic dTpw"
                           << "Proxy-Authorization: <redacted>";
    QTest::newRow("identity token") << "X-Identity-Token: " + kT << "X-Identity-Token: " + d;
    QTest::newRow("access") << "Cf-Access-Jwt-Assertion: " + kT << "Cf-Access-Jwt-Assertion: " + d;
    QTest::newRow("cookie") << "Cookie: a=1; s=2"
                            << "Cookie: <redacted>";
    QTest::newRow("cookie with a JWT") << "Cookie: s=" + kT << "Cookie: <redacted>";
    QTest::newRow("API key") << "x-api-key: k"
                             << "x-api-key: <redacted>";
    QTest::newRow("JWT anywhere") << "X-Anything: " + kT << "X-Anything: " + d;
    QTest::newRow("JWT inside a value") << "X-Url: /p?t=" + kT + "&x=1"
                                        << "X-Url: /p?t=" + d + "&x=1";
    QTest::newRow("bearer elsewhere") << "X-Forwarded-Authorization: Bearer abc"
                                      << "X-Forwarded-Authorization: " + digest("abc");
    QTest::newRow("bearer in prose") << "X-Note: bearer of bad news"
                                     << "X-Note: bearer of bad news";
    QTest::newRow("request info") << "Nats-Request-Info: {\"acc\":\"A\",\"jwt\":\"" + kT + "\"}"
                                  << "Nats-Request-Info: {\"acc\":\"A\",\"jwt\":\"" + d + "\"}";
    QTest::newRow("JWT as a name") << kT + ": 1" << d + ": 1";
    QTest::newRow("JWT as a name of a bearer") << kT + ": Bearer " + kT << d + ": " + d;
    QTest::newRow("JWT in a colonless line") << kT << d;
    QTest::newRow("folded secret") << "Authorization:\r\n Digest abc"
                                   << "Authorization:\r\n <redacted>";
    QTest::newRow("space before the colon") << "Authorization : Basic dTpw"
                                            << "Authorization : <redacted>";
    QTest::newRow("without signature") << "X: eyJhbGciOiJub25lIn0.e30."
                                       << "X: " + digest("eyJhbGciOiJub25lIn0.e30.");
    QTest::newRow("not a JWT") << "X: eyJust.a"
                               << "X: eyJust.a";
}

void TestRedaction::rewrites()
{
    QFETCH(QString, line);
    QFETCH(QString, kept);
    const QString before = "NATS/1.0\r\nA: 1\r\n";
    const QString after = "\r\nZ: 2\r\n\r\n";
    Envelope envelope;
    for (const QString& end : {after, QString()}) {
        const Message message = envelope.read((before + line + end).toStdString());
        const QString headers =
            QString::fromUtf8(message.headers.data(), static_cast<qsizetype>(message.headers.size()));
        QCOMPARE(headers, before + kept + end);
        QCOMPARE(message.headerSize, static_cast<std::uint32_t>((before + line + end).size()));
    }
}

void TestRedaction::withoutSecretsNothingIsCopied()
{
    Envelope envelope;
    const Message message = envelope.readLines({"X-Edge-Pop: FRA", "X-Edge-Identity: a", "Date: Jan"});
    QCOMPARE(envelope.arenaBytes, 0U);
    QVERIFY(message.headers.find("FRA") != std::string_view::npos);
}

void TestRedaction::noFactCarriesASecret()
{
    Envelope envelope;
    const Message message = envelope.readLines({"X-Request-Id: " + kToken, "X-Edge-Worker: " + kToken,
                                                "X-Edge-Identity: " + kToken, "Ce-Id: Bearer abc"});
    QVERIFY(message.trace.empty());
    QVERIFY(message.worker.isNone());
    QVERIFY(message.identity.isNone());
}

void TestRedaction::claimsKeepNoSecrets()
{
    Envelope envelope;
    const Message message = envelope.readLines(
        {"X-Identity-Token: " +
         test::unsignedToken(
             R"({"sub":"a","access_token":"s3cret","nested":{"password":"s3cret","t":["eyJx"]}})")});
    const Identity identity = envelope.names->identities.at(message.identity);
    QCOMPARE(
        QString::fromStdString(identity.claims),
        R"({"sub":"a","access_token":"<redacted>","nested":{"password":"<redacted>","t":["<redacted>"]}})");
    QCOMPARE(identity.tokenSha256.size(), 64U);
}

void TestRedaction::findsJwts_data()
{
    QTest::addColumn<QString>("in");
    QTest::addColumn<QString>("found");
    QTest::newRow("alone") << "eyJa.b.c"
                           << "eyJa.b.c";
    QTest::newRow("second J") << "JJ yJ eyJ.x eyJa.b.c;"
                              << "eyJa.b.c";
    QTest::newRow("five parts") << "\"eyJa.b.c.d.e\""
                                << "eyJa.b.c.d.e";
    QTest::newRow("two parts") << "eyJa.b"
                               << "";
    QTest::newRow("cut") << "eyJ"
                         << "";
    QTest::newRow("empty") << ""
                           << "";
}

void TestRedaction::findsJwts()
{
    QFETCH(QString, in);
    const std::string text = in.toStdString();
    const std::string_view found = findJwt(text);
    QTEST(QString::fromStdString(std::string(found)), "found");
}

void TestRedaction::twoTokensOfOneMessage()
{
    Envelope envelope;
    const std::string other = test::unsignedToken(R"({"sub":"b"})");
    const Message message =
        envelope.readLines({"Authorization: Bearer " + other, "X-A: " + kToken + " " + other});
    const std::string expected = "NATS/1.0\r\nAuthorization: " + digest(other).toStdString() +
                                 "\r\nX-A: " + digest(kToken).toStdString() + " " +
                                 digest(other).toStdString() + "\r\n\r\n";
    QVERIFY(message.headers == expected);
    QVERIFY(envelope.names->identities.at(message.identity).name == "b");
    QVERIFY(envelope.names->identities.at(message.identity).tokenSha256 == sha256Hex(other));
}

QTEST_GUILESS_MAIN(TestRedaction)
#include "tst_redaction.moc"
