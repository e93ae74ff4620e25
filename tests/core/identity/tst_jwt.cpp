// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/identity/Base64Url.h"
#include "core/identity/Jwt.h"

#include <QTest>

using namespace weir;

class TestJwt : public QObject
{
    Q_OBJECT
private slots:
    void base64Url_data();
    void base64Url();
    void readsWhatItSays();
    void audienceMayBeAList();
    void refuses_data();
    void refuses();
};

namespace {

std::string joined(std::string_view header, std::string_view claims)
{
    return encodeBase64Url(header) + "." + encodeBase64Url(claims) + ".AAAA";
}

} // namespace

void TestJwt::base64Url_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<bool>("valid");
    QTest::addColumn<QByteArray>("bytes");
    QTest::newRow("empty") << QByteArray("") << true << QByteArray("");
    QTest::newRow("RFC 4648 f") << QByteArray("Zg") << true << QByteArray("f");
    QTest::newRow("RFC 4648 fo") << QByteArray("Zm8") << true << QByteArray("fo");
    QTest::newRow("RFC 4648 foobar") << QByteArray("Zm9vYmFy") << true << QByteArray("foobar");
    QTest::newRow("url alphabet") << QByteArray("-_8") << true << QByteArray("\xfb\xff");
    QTest::newRow("padding") << QByteArray("Zg==") << false << QByteArray();
    QTest::newRow("standard alphabet") << QByteArray("+/8") << false << QByteArray();
    QTest::newRow("one character") << QByteArray("Z") << false << QByteArray();
    QTest::newRow("stray bits") << QByteArray("Zh") << false << QByteArray();
    QTest::newRow("space") << QByteArray("Zm 8") << false << QByteArray();
}

void TestJwt::base64Url()
{
    QFETCH(QByteArray, text);
    QFETCH(bool, valid);
    QFETCH(QByteArray, bytes);
    const auto decoded = decodeBase64Url(text.toStdString());
    QCOMPARE(decoded.has_value(), valid);
    if (valid) {
        QCOMPARE(QByteArray::fromStdString(*decoded), bytes);
        QCOMPARE(QByteArray::fromStdString(encodeBase64Url(*decoded)), text);
    }
}

void TestJwt::readsWhatItSays()
{
    const auto jwt = Jwt::parse(joined(
        R"({"alg":"ES256","kid":"k\u0031","typ":"JWT"})",
        R"({"sub":"s","iss":"i","aud":"a","nbf":1767323000,"exp":1767323045.5,"iat":1767323000,"n":{"a":[1,"x"]}})"));
    QVERIFY(jwt);
    QVERIFY(jwt->algorithm == "ES256");
    QVERIFY(jwt->keyId == "k1");
    QVERIFY(jwt->subject == "s");
    QVERIFY(jwt->issuer == "i");
    QCOMPARE(jwt->audiences.size(), 1U);
    QCOMPARE(toUnixNanos(jwt->expires), 1'767'323'045'500'000'000);
    QCOMPARE(toUnixNanos(jwt->notBefore), 1'767'323'000'000'000'000);
    QVERIFY(!jwt->critical);
    QVERIFY(jwt->claims.find(R"("n":{"a":[1,"x"]})") != std::string::npos);
}

void TestJwt::audienceMayBeAList()
{
    const auto jwt = Jwt::parse(joined(R"({"alg":"ES256","crit":["x"]})", R"({"aud":["a",3,"b"]})"));
    QVERIFY(jwt);
    QCOMPARE(jwt->audiences.size(), 2U);
    QVERIFY(jwt->critical);
    QVERIFY(jwt->expires == kNoTime);
}

void TestJwt::refuses_data()
{
    QTest::addColumn<QByteArray>("token");
    QTest::addColumn<QString>("why");
    const auto row = [](const char* name, const std::string& token, const char* why) {
        QTest::newRow(name) << QByteArray::fromStdString(token) << QString(why);
    };
    const std::string header = R"({"alg":"ES256"})";
    row("empty", "", "three parts");
    row("two parts", "a.b", "three parts");
    row("five parts (JWE)", "a.b.c.d.e", "three parts");
    row("padding", encodeBase64Url(header) + ".e30=.AAAA", "base64url");
    row("NUL", std::string("e3\0.e30.", 8), "base64url");
    row("header a list", joined("[]", "{}"), "header is not");
    row("no alg", joined("{}", "{}"), "no alg");
    row("alg a number", joined(R"({"alg":1})", "{}"), "no alg");
    row("alg twice", joined(R"({"alg":"none","alg":"ES256"})", "{}"), "header names a member twice");
    row("alg twice, escaped", joined(R"({"alg":"none","\u0061lg":"ES256"})", "{}"),
        "header names a member twice");
    row("claims a string", joined(header, "\"x\""), "claims are not");
    row("claims empty", joined(header, ""), "claims are not");
    row("sub twice", joined(header, R"({"sub":"a","sub":"b"})"), "name a member twice");
    row("too deep", joined(header, R"({"a":)" + std::string(40, '[') + std::string(40, ']') + "}"),
        "nest too deep");
    row("exp a word", joined(header, R"({"exp":"soon"})"), "not a time");
    row("exp too far", joined(header, R"({"exp":1e300})"), "not a time");
    row("too long", std::string(kMaxTokenSize + 1, 'e'), "16 KiB");
    row("bad UTF-8", joined(header, "{\"a\":\"\xff\"}"), "claims are not");
}

void TestJwt::refuses()
{
    QFETCH(QByteArray, token);
    QFETCH(QString, why);
    const auto jwt = Jwt::parse(token.toStdString());
    QVERIFY(!jwt);
    QVERIFY2(QString::fromStdString(jwt.error().why).contains(why), jwt.error().why.c_str());
}

QTEST_GUILESS_MAIN(TestJwt)
#include "tst_jwt.moc"
