// SPDX-License-Identifier: GPL-3.0-or-later
#include "SigningKey.h"

#include "core/identity/Base64Url.h"
#include "core/identity/JsonWebKey.h"

#include <QTest>

using namespace weir;
using test::SigningKey;
using Kind = SigningKey::Kind;

class TestJsonWebKey : public QObject
{
    Q_OBJECT
private slots:
    void rfc7515Vectors_data();
    void rfc7515Vectors();
    void rfc8037Vector();
    void everyAlgorithm_data();
    void everyAlgorithm();
    void changedTokensDoNotHold();
    void refusesKeys_data();
    void refusesKeys();
    void setsKeepWhatIsUsable();
    void setsRefuse_data();
    void setsRefuse();
};

namespace {

// RFC 7515, appendices A.2.1 and A.3.1: the same payload.
const QByteArray kPayload =
    "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ";

} // namespace

void TestJsonWebKey::rfc7515Vectors_data()
{
    QTest::addColumn<QByteArray>("jwk");
    QTest::addColumn<QByteArray>("token");
    QTest::newRow("A.2 RS256")
        << QByteArray(
               R"({"kty":"RSA","n":"ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp-Vaw-4qP)"
               R"(CJrcS2mJPMEzP1Pt0Bm4d4QlL-yRT-SFd2lZS-pCgNMsD1W_YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb_7OMg0LOL-)"
               R"(bSf63kpaSHSXndS5z5rexMdbBYUsLA9e-KXBdQOS-UTo7WTBEMa2R2CapHg665xsmtdVMTBQY4uDZlxvb3qCo5ZwKh9k)"
               R"(G4LT6_I5IhlJH7aGhyxXFvUK-DWNmoudF8NAco9_h9iaGNj8q2ethFkMLs91kzk2PAcDTW9gb54h4FRWyuXpoQ",)"
               R"("e":"AQAB"})")
        << "eyJhbGciOiJSUzI1NiJ9." + kPayload +
               ".cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7AAuHIm4Bh-0Qc_lF5YKt_"
               "O8W2Fp5jujGb"
               "ds9uJdbF9CUAr7t1dnZcAcQjbKBYNX4BAynRFdiuB--f_"
               "nZLgrnbyTyWzO75vRK5h6xBArLIARNPvkSjtQBMHlb1L07Qe7K0Gar"
               "ZRmB_eSN9383LcOLn6_dO--xi12jzDwusC-"
               "eOkHWEsqtFZESc6BfI7noOPqvhJ1phCnvWh6IeYI2w9QOYEUipUTI8np6LbgGY9F"
               "s98rqVt5AXLIhWkWywlVmtVrBp0igcN_IoypGlUPQGe77Rw";
    QTest::newRow("A.3 ES256")
        << QByteArray(R"({"kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",)"
                      R"("y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"})")
        << "eyJhbGciOiJFUzI1NiJ9." + kPayload +
               ".DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q";
}

void TestJsonWebKey::rfc7515Vectors()
{
    QFETCH(QByteArray, jwk);
    QFETCH(QByteArray, token);
    const auto key = JsonWebKey::parse(jwk.toStdString());
    QVERIFY2(key, key ? "" : key.error().why.c_str());
    const auto jwt = Jwt::parse(token.toStdString());
    QVERIFY(jwt);
    QVERIFY(jwt->issuer == "joe");
    QVERIFY(key->verifies(*jwt, token.toStdString()));
}

void TestJsonWebKey::rfc8037Vector()
{
    // Appendix A.4; its payload is not JSON, so the signature alone is checked.
    const auto key = decodeBase64Url("11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo");
    const auto signature =
        decodeBase64Url("hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7"
                        "sVvpAr_MuM0KAg");
    const std::string input = "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc";
    QVERIFY(verifyEd25519(*key, input, *signature));
    QVERIFY(!verifyEd25519(*key, input + "x", *signature));
}

void TestJsonWebKey::everyAlgorithm_data()
{
    QTest::addColumn<int>("kind");
    QTest::addColumn<QString>("algorithm");
    const auto row = [](Kind kind, const char* algorithm) {
        QTest::newRow(algorithm) << static_cast<int>(kind) << QString(algorithm);
    };
    for (const char* algorithm : {"RS256", "RS384", "RS512", "PS256", "PS384", "PS512"})
        row(Kind::Rsa2048, algorithm);
    row(Kind::P256, "ES256");
    row(Kind::P384, "ES384");
    row(Kind::P521, "ES512");
    row(Kind::Ed25519, "EdDSA");
}

void TestJsonWebKey::everyAlgorithm()
{
    QFETCH(int, kind);
    QFETCH(QString, algorithm);
    const SigningKey signer(static_cast<Kind>(kind));
    const SigningKey other(static_cast<Kind>(kind));
    const auto key = JsonWebKey::parse(signer.jwk("k"));
    const auto wrong = JsonWebKey::parse(other.jwk("k"));
    QVERIFY(key && wrong);
    const std::string token = signer.token(algorithm.toStdString(), "k", R"({"sub":"a"})");
    const auto jwt = Jwt::parse(token);
    QVERIFY(jwt);
    QVERIFY(key->fits(algorithm.toStdString()));
    QVERIFY(key->verifies(*jwt, token));
    QVERIFY(!wrong->verifies(*jwt, token));
    for (const char* confused : {"none", "HS256", "", "es256", "ES256K"})
        QVERIFY(!key->fits(confused));
}

void TestJsonWebKey::changedTokensDoNotHold()
{
    const SigningKey signer(Kind::P256);
    const auto key = JsonWebKey::parse(signer.jwk("k"));
    QVERIFY(key);
    const std::string token = signer.token("ES256", "k", R"({"sub":"a","n":12345})");
    // Every changed character that still decodes must break the signature.
    int tried = 0;
    for (std::size_t i = 0; i < token.size(); ++i) {
        std::string changed = token;
        changed[i] = changed[i] == 'A' ? 'B' : 'A';
        const auto jwt = Jwt::parse(changed);
        if (changed == token || !jwt)
            continue;
        ++tried;
        QVERIFY2(!key->verifies(*jwt, changed), changed.c_str());
    }
    QVERIFY(tried > 50);
}

void TestJsonWebKey::refusesKeys_data()
{
    QTest::addColumn<QByteArray>("jwk");
    const auto row = [](const char* name, const std::string& jwk) {
        QTest::newRow(name) << QByteArray::fromStdString(jwk);
    };
    const SigningKey rsa(Kind::Rsa2048);
    row("not JSON", "{");
    row("a secret", R"({"kty":"oct","k":"AAAA","kid":"k"})");
    row("no kind", R"({"kid":"k"})");
    row("for encryption", rsa.jwk("k", R"(,"use":"enc")"));
    row("not to verify", rsa.jwk("k", R"(,"key_ops":["encrypt"])"));
    row("1024 bits", SigningKey(Kind::Rsa1024).jwk("k"));
    row("RSA without e", R"({"kty":"RSA","n":"AQAB"})");
    row("a point off the curve", R"({"kty":"EC","crv":"P-256","x":"AAAA","y":"AAAA"})");
    row("unknown curve", R"({"kty":"EC","crv":"secp256k1","x":"AAAA","y":"AAAA"})");
    row("short Ed25519", R"({"kty":"OKP","crv":"Ed25519","x":"AAAA"})");
    row("X25519", R"({"kty":"OKP","crv":"X25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"})");
    row("quote in a number", R"({"kty":"RSA","n":"A\"","e":"AQAB"})");
}

void TestJsonWebKey::refusesKeys()
{
    QFETCH(QByteArray, jwk);
    QVERIFY(!JsonWebKey::parse(jwk.toStdString()));
}

void TestJsonWebKey::setsKeepWhatIsUsable()
{
    const SigningKey signer(Kind::P256);
    const auto set = JsonWebKeySet::parse(
        test::keySet({R"({"kty":"oct","k":"AAAA"})", signer.jwk("a"), signer.jwk("b", R"(,"alg":"ES256")")}));
    QVERIFY(set);
    QCOMPARE(set->keys.size(), 2U);
    QCOMPARE(set->unusable, 1U);
    QVERIFY(set->keys[0].id() == "a");
    const auto bound = JsonWebKey::parse(SigningKey(Kind::Rsa2048).jwk("c", R"(,"alg":"RS256")"));
    QVERIFY(bound && bound->fits("RS256") && !bound->fits("PS256"));
}

void TestJsonWebKey::setsRefuse_data()
{
    QTest::addColumn<QByteArray>("json");
    QTest::newRow("empty") << QByteArray();
    QTest::newRow("an error page") << QByteArray("<html>502</html>");
    QTest::newRow("no keys") << QByteArray("{}");
    QTest::newRow("keys an object") << QByteArray(R"({"keys":{}})");
    QTest::newRow("too large") << QByteArray((1 << 20) + 1, ' ');
}

void TestJsonWebKey::setsRefuse()
{
    QFETCH(QByteArray, json);
    QVERIFY(!JsonWebKeySet::parse(json.toStdString()));
}

QTEST_GUILESS_MAIN(TestJsonWebKey)
#include "tst_jsonwebkey.moc"
