// SPDX-License-Identifier: GPL-3.0-or-later
#include "JwksServer.h"
#include "SigningKey.h"
#include "tests/support/ManualClock.h"

#include "core/identity/Base64Url.h"
#include "core/identity/Jwt.h"
#include "core/identity/Nkey.h"
#include "core/identity/TokenVerifier.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace weir;
using namespace std::chrono_literals;
using test::SigningKey;
using Kind = SigningKey::Kind;

namespace {

constexpr const char* kClaims = R"({"sub":"a","iss":"https://issuer","aud":["nats"],"exp":1767326600})";

/// A verifier with its table and the place of its keys.
class Bench
{
public:
    explicit Bench(IdentityConfig config)
        : m_verifier(std::move(config), std::shared_ptr<IdentityTable>(&table, [](IdentityTable*) {}), clock)
    {
        m_verifier.start();
    }
    IdentityId offer(const std::string& token)
    {
        Identity identity;
        identity.name = "a";
        identity.evidence = Evidence::Claimed;
        identity.proof = "waiting";
        identity.tokenSha256 = sha256Hex(token);
        const IdentityId id = table.intern(identity);
        return m_verifier.offer(id, token) ? id : IdentityId{};
    }
    QString proof(IdentityId id) const { return QString::fromStdString(table.at(id).proof); }

    IdentityTable table;
    test::ManualClock clock;

private:
    TokenVerifier m_verifier;
};

std::string writtenTo(const QString& path, const std::string& text)
{
    QFile file(path);
    if (file.open(QIODevice::WriteOnly))
        file.write(QByteArray::fromStdString(text));
    return path.toStdString();
}

} // namespace

class TestTokenVerifier : public QObject
{
    Q_OBJECT
private slots:
    void verdicts_data();
    void verdicts();
    void aRotatedKeyIsFetchedAndWaitingTokensAreTriedAgain();
    void anEndpointThatComesUpLaterStillVerifies();
    void natsTokens_data();
    void natsTokens();
    void aFullBacklogRefuses();
    void stopsInTheMiddleOfAFetch();
    void finishGivesTheLastVerdicts();
    void aTokenMadeByTheOfficialLibrary();
};

void TestTokenVerifier::verdicts_data()
{
    QTest::addColumn<QByteArray>("token");
    QTest::addColumn<QByteArray>("keys");
    QTest::addColumn<QStringList>("issuers");
    QTest::addColumn<QString>("proof"); // "not verified" begins every refusal
    const SigningKey ec(Kind::P256);
    const SigningKey rsa(Kind::Rsa2048);
    const SigningKey ed(Kind::Ed25519);
    const std::string set = test::keySet({ec.jwk("ec"), rsa.jwk("rsa"), ed.jwk("ed")});
    const auto row = [&set](const char* name, const std::string& token, const char* proof,
                            const QStringList& issuers = {}, const std::string& keys = {}) {
        QTest::newRow(name) << QByteArray::fromStdString(token)
                            << QByteArray::fromStdString(keys.empty() ? set : keys) << issuers
                            << QString(proof);
    };
    row("ES256", ec.token("ES256", "ec", kClaims), "ES256, key ec, ");
    row("RS256", rsa.token("RS256", "rsa", kClaims), "RS256, key rsa, ");
    row("PS512", rsa.token("PS512", "rsa", kClaims), "PS512, key rsa, ");
    row("EdDSA", ed.token("EdDSA", "ed", kClaims), "EdDSA, key ed, ");
    row("without kid", ec.sign("ES256", R"({"alg":"ES256"})", kClaims), "ES256, key ec, ");
    row("never expires", ec.token("ES256", "ec", R"({"sub":"a"})"), "; it never expires");
    row("accepted issuer", ec.token("ES256", "ec", kClaims), "ES256, key ec", {"https://issuer"});
    row("other issuer", ec.token("ES256", "ec", kClaims),
        "not verified: issuer 'https://issuer' is not an accepted one", {"https://other"});
    row("unknown kid", ec.token("ES256", "gone", kClaims), "not verified: no key with id gone");
    row("another's signature", SigningKey(Kind::P256).token("ES256", "ec", kClaims),
        "not verified: the signature does not hold");
    row("none", encodeBase64Url(R"({"alg":"none"})") + "." + encodeBase64Url(kClaims) + ".",
        "not verified: it is not signed");
    row("none with a signature", ec.sign("ES256", R"({"alg":"none","kid":"ec"})", kClaims),
        "not verified: it is not signed");
    row("None", ec.sign("ES256", R"({"alg":"None","kid":"ec"})", kClaims),
        "not verified: key ec is not for None");
    row("ES256 without a signature",
        encodeBase64Url(R"({"alg":"ES256","kid":"ec"})") + "." + encodeBase64Url(kClaims) + ".",
        "not verified: it is not signed");
    row("HMAC by the public key", test::hmacToken(rsa.publicPem(), R"({"alg":"HS256","kid":"rsa"})", kClaims),
        "not verified: HS256 is a shared secret");
    row("RS256 by an EC key", rsa.token("RS256", "ec", kClaims), "not verified: key ec is not for RS256");
    row("ES256 said, RSA signed", rsa.sign("RS256", R"({"alg":"ES256","kid":"rsa"})", kClaims),
        "not verified: key rsa is not for ES256");
    row("ES384 by a P-256 key", ec.token("ES384", "ec", kClaims), "not verified: key ec is not for ES384");
    row("crit", ec.sign("ES256", R"({"alg":"ES256","kid":"ec","crit":["b64"],"b64":false})", kClaims),
        "not verified: it demands extensions");
    row("its own key", ec.sign("ES256", R"({"alg":"ES256","jwk":)" + ec.jwk("x") + R"(,"kid":"x"})", kClaims),
        "not verified: no key with id x");
    row("its own key's place", ec.sign("ES256", R"({"alg":"ES256","jku":"https://evil","kid":"x"})", kClaims),
        "not verified: no key with id x");
    row("not a token", "a.b.c", "not verified: it is not base64url");
    row("the key is a secret", test::hmacToken("secret", R"({"alg":"HS256","kid":"s"})", kClaims),
        "not verified: HS256", {},
        test::keySet({R"({"kty":"oct","kid":"s","k":")" + encodeBase64Url("secret") + "\"}"}));
    row("keys are no keys", ec.token("ES256", "ec", kClaims), "not verified: no key with id ec (", {}, "[]");
}

void TestTokenVerifier::verdicts()
{
    QFETCH(QByteArray, token);
    QFETCH(QByteArray, keys);
    QFETCH(QStringList, issuers);
    QFETCH(QString, proof);
    const QTemporaryDir dir;
    IdentityConfig config;
    config.jwks = {writtenTo(dir.filePath("jwks.json"), keys.toStdString())};
    for (const QString& issuer : issuers)
        config.issuers.push_back(issuer.toStdString());
    Bench bench(config);
    const IdentityId id = bench.offer(token.toStdString());
    QTRY_VERIFY(bench.proof(id) != "waiting");
    QVERIFY2(bench.proof(id).contains(proof), qPrintable(bench.proof(id)));
    const bool verified = !bench.proof(id).startsWith("not verified");
    QVERIFY(bench.table.at(id).evidence == (verified ? Evidence::Verified : Evidence::Claimed));
}

void TestTokenVerifier::aRotatedKeyIsFetchedAndWaitingTokensAreTriedAgain()
{
    const SigningKey first(Kind::P256);
    const SigningKey second(Kind::P256);
    test::JwksServer server;
    server.body = test::keySet({first.jwk("one")});
    IdentityConfig config;
    config.jwks = {server.url()};
    config.audiences = {"nats"};
    Bench bench(config);
    const IdentityId old = bench.offer(first.token("ES256", "one", kClaims));
    QTRY_VERIFY(bench.table.at(old).evidence == Evidence::Verified);
    const IdentityId early = bench.offer(second.token("ES256", "two", kClaims));
    QTRY_VERIFY(bench.proof(early).startsWith("not verified: no key with id two"));
    server.body = test::keySet({second.jwk("two")});
    bench.clock.advance(11s);
    QTRY_VERIFY(bench.table.at(early).evidence == Evidence::Verified);
    QVERIFY(bench.table.at(old).evidence == Evidence::Verified);
    QCOMPARE(server.requests, 2);
}

void TestTokenVerifier::anEndpointThatComesUpLaterStillVerifies()
{
    const SigningKey key(Kind::P256);
    test::JwksServer server;
    server.body = test::keySet({key.jwk("one")});
    server.status = "503 Starting";
    IdentityConfig config;
    config.jwks = {server.url()};
    Bench bench(config);
    const IdentityId id = bench.offer(key.token("ES256", "one", kClaims));
    QTRY_VERIFY(bench.proof(id).contains("fetching keys from"));
    server.status = "200 OK";
    bench.clock.advance(11s);
    QTRY_VERIFY(bench.table.at(id).evidence == Evidence::Verified);
}

void TestTokenVerifier::natsTokens_data()
{
    QTest::addColumn<int>("issuer"); // Nkey::Kind
    QTest::addColumn<bool>("trusted");
    QTest::addColumn<bool>("forged");
    QTest::addColumn<QString>("proof");
    const int account = static_cast<int>(Nkey::Kind::Account);
    const int user = static_cast<int>(Nkey::Kind::User);
    QTest::newRow("trusted account") << account << true << false << "ed25519-nkey, issuer A";
    QTest::newRow("nobody's account")
        << account << false << false << "which nobody named as a trusted issuer";
    QTest::newRow("forged") << account << true << true << "not verified: the signature does not hold";
    QTest::newRow("a user as issuer")
        << user << true << false << "not verified: its issuer is not an account";
}

void TestTokenVerifier::natsTokens()
{
    QFETCH(int, issuer);
    QFETCH(bool, trusted);
    QFETCH(bool, forged);
    QFETCH(QString, proof);
    const SigningKey key(Kind::Ed25519);
    const std::string name = Nkey{static_cast<Nkey::Kind>(issuer), key.rawPublicKey()}.encode();
    IdentityConfig config;
    if (trusted)
        config.issuers = {name};
    Bench bench(config);
    const SigningKey& signer = forged ? SigningKey(Kind::Ed25519) : key;
    const IdentityId id = bench.offer(signer.sign("EdDSA", R"({"typ":"JWT","alg":"ed25519-nkey"})",
                                                  R"({"sub":"U1","iss":")" + name + "\"}"));
    QTRY_VERIFY(bench.proof(id) != "waiting");
    QVERIFY2(bench.proof(id).contains(proof), qPrintable(bench.proof(id)));
    QCOMPARE(bench.table.at(id).evidence == Evidence::Verified, proof.startsWith("ed25519"));
}

void TestTokenVerifier::aFullBacklogRefuses()
{
    IdentityTable table;
    test::ManualClock clock;
    // Not started: nothing is taken out.
    TokenVerifier verifier({}, std::shared_ptr<IdentityTable>(&table, [](IdentityTable*) {}), clock);
    for (std::size_t i = 0; i < TokenVerifier::kMaxBacklog; ++i)
        QVERIFY(verifier.offer(IdentityId{1}, "t"));
    QVERIFY(!verifier.offer(IdentityId{1}, "t"));
    verifier.start();
    QTRY_VERIFY(verifier.offer(IdentityId{1}, "t"));
}

void TestTokenVerifier::stopsInTheMiddleOfAFetch()
{
    test::JwksServer server;
    server.silent = true;
    IdentityConfig config;
    config.jwks = {server.url()};
    const SigningKey key(Kind::P256);
    Bench bench(config);
    const IdentityId id = bench.offer(key.token("ES256", "one", kClaims));
    QTRY_COMPARE(server.requests, 1);
    QCOMPARE(bench.proof(id), "waiting");
    // The bench's end must not wait for the answer: the test's own timeout is the judge.
}

void TestTokenVerifier::finishGivesTheLastVerdicts()
{
    const QTemporaryDir dir;
    const SigningKey key(Kind::P256);
    IdentityConfig config;
    config.jwks = {writtenTo(dir.filePath("jwks.json"), test::keySet({key.jwk("k")}))};
    test::ManualClock clock;
    IdentityTable table;
    TokenVerifier verifier(config, std::shared_ptr<IdentityTable>(&table, [](IdentityTable*) {}), clock);
    for (int i = 0; i < 50; ++i) {
        Identity identity;
        identity.tokenSha256 = std::to_string(i);
        QVERIFY(verifier.offer(table.intern(identity), key.token("ES256", "k", kClaims)));
    }
    verifier.start();
    verifier.finish(60s);
    for (std::uint32_t i = 1; i <= 50; ++i)
        QVERIFY(table.at({i}).evidence == Evidence::Verified);
}

void TestTokenVerifier::aTokenMadeByTheOfficialLibrary()
{
    // By @nats-io/jwt and @nats-io/nkeys from npm, encodeUser() with the raw seed 00 01 … 1f for both keys.
    const std::string token =
        "eyJ0eXAiOiJKV1QiLCJhbGciOiJlZDI1NTE5LW5rZXkifQ."
        "eyJhdWQiOiJOQVRTIiwibmFtZSI6ImNoZWNrb3V0Iiwic3ViIjoiVUFCMkNC"
        "NTc2UEhCQlBRNU9ET1JSWjJMWUNNV1BaR1dHQ04yS0RLN0RYT0lNWkFTS1VZM1JMS0siLCJuYXRzIjp7ImRhdGEiOi0xLCJwYXls"
        "b2FkIjot"
        "MSwic3VicyI6LTEsInB1YiI6eyJhbGxvdyI6WyJvcmRlcnMuPiJdfSwidHlwZSI6InVzZXIiLCJ2ZXJzaW9uIjoyfSwiaXNzIjoi"
        "QUFCMkNC"
        "NTc2UEhCQlBRNU9ET1JSWjJMWUNNV1BaR1dHQ04yS0RLN0RYT0lNWkFTS1VZM1FQWlYiLCJpYXQiOjE3OTUyMjI4NzUsImp0aSI6"
        "ImxnaXNQ"
        "STd5Q2NqcGIwY3ZxUXlTeTR1QXNGWGx2SHBBVmY4Y2VNQ3puRTUyWkZQMzlhdTZzM252aFdWTkJsZis0VlBQSi9Jb0owdWJwM25l"
        "amw3Z2lB"
        "PT0ifQ.dGHfdjAR_VY9IgjCfGYH1UVQlWP23FWeKlPpfamEdt22oEZ_RZ9dqoQvTywSrmdgNYMRfd9bNcEKlz05IlB-BA";
    IdentityConfig config;
    config.issuers = {"AAB2CB576PHBBPQ5ODORRZ2LYCMWPZGWGCN2KDK7DXOIMZASKUY3QPZV"};
    Bench bench(config);
    const IdentityId id = bench.offer(token);
    QTRY_VERIFY(bench.proof(id) != "waiting");
    QVERIFY2(bench.table.at(id).evidence == Evidence::Verified, qPrintable(bench.proof(id)));
}

QTEST_GUILESS_MAIN(TestTokenVerifier)
#include "tst_tokenverifier.moc"
