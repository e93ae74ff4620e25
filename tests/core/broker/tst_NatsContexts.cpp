// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/broker/NatsContexts.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace weir;

namespace {

class ContextDir
{
public:
    ContextDir() { QDir(m_dir.path()).mkpath("context"); }
    void write(const QString& name, const QByteArray& json) const { put("context/" + name + ".json", json); }
    void select(const QByteArray& name) const { put("context.txt", name); }
    [[nodiscard]] NatsContexts contexts() const { return NatsContexts(m_dir.path().toStdString()); }

private:
    void put(const QString& path, const QByteArray& bytes) const
    {
        QFile file(m_dir.filePath(path));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(bytes);
    }
    QTemporaryDir m_dir;
};

bool anyHas(const std::vector<std::string>& texts, const std::string& part)
{
    return std::any_of(texts.begin(), texts.end(),
                       [&part](const std::string& text) { return text.find(part) != std::string::npos; });
}

} // namespace

class TestNatsContexts : public QObject
{
    Q_OBJECT

private slots:
    void readsEveryField();
    void keepsUnknownFields();
    void followsUris();
    void expandsPaths();
    void listsAndSelects();
    void namesWhatExists();
    void refusesBrokenFiles();
};

void TestNatsContexts::readsEveryField()
{
    const ContextDir dir;
    dir.write("full",
              R"({"description":"Full","url":"nats://a:4222, tls://b:4223,,","socks_proxy":"socks5://p",
        "token":"t0","user":"u","password":"p\"w","creds":"/c/x.creds","nkey":"/n/x.nk","cert":"/t/c.pem",
        "key":"/t/k.pem","ca":"/t/ca.pem","nsc":"","jetstream_domain":"hub","jetstream_api_prefix":"JS.up",
        "jetstream_event_prefix":"EV","inbox_prefix":"_IN","user_jwt":"ey.x.y","user_seed":"SU","color_scheme":"red",
        "tls_first":true,"windows_cert_store":"","windows_ca_certs_match":null})");
    const auto loaded = dir.contexts().load("full");
    QVERIFY(loaded);
    const ConnectionProfile& p = loaded->profile;
    QVERIFY(p.urls == std::vector<std::string>({"nats://a:4222", "tls://b:4223"}));
    QCOMPARE(QString::fromStdString(p.description), "Full");
    QCOMPARE(QString::fromStdString(p.socksProxy), "socks5://p");
    QCOMPARE(QString::fromStdString(p.token.resolve()->reveal()), "t0");
    QCOMPARE(QString::fromStdString(p.user), "u");
    QCOMPARE(QString::fromStdString(p.password.resolve()->reveal()), "p\"w");
    QCOMPARE(QString::fromStdString(p.credsFile), "/c/x.creds");
    QCOMPARE(QString::fromStdString(p.nkeyFile), "/n/x.nk");
    QCOMPARE(QString::fromStdString(p.certFile + p.keyFile + p.caFile), "/t/c.pem/t/k.pem/t/ca.pem");
    QCOMPARE(QString::fromStdString(p.jetstreamDomain), "hub");
    QCOMPARE(QString::fromStdString(p.jetstreamApi()), "JS.up");
    QCOMPARE(QString::fromStdString(p.jetstreamEventPrefix), "EV");
    QCOMPARE(QString::fromStdString(p.inboxPrefix), "_IN");
    QVERIFY(p.userJwt.isSet() && p.userSeed.isSet() && p.tlsFirst && p.tlsVerify);
    QCOMPARE(QString::fromStdString(p.otherFields.at("color_scheme")), "\"red\"");
    QVERIFY(loaded->warnings.empty());
    QCOMPARE(QString::fromStdString(p.credentialsForPeople()), "user u");
}

void TestNatsContexts::keepsUnknownFields()
{
    const ContextDir dir;
    dir.write("new", R"({"url":"nats://a","shiny":{"x":[1,2]},"user":7})");
    const auto loaded = dir.contexts().load("new");
    QVERIFY(loaded);
    QCOMPARE(QString::fromStdString(loaded->profile.otherFields.at("shiny")), R"({"x":[1,2]})");
    QVERIFY(anyHas(loaded->warnings, "shiny"));
    QVERIFY(anyHas(loaded->warnings, "user"));
}

void TestNatsContexts::followsUris()
{
    qputenv("WEIR_TEST_TOKEN", "from the environment");
    const ContextDir dir;
    dir.write("uris", R"({"token":"env://WEIR_TEST_TOKEN","creds":"file:///c/x.creds","nkey":"op://vault/key",
        "user_jwt":"data:;base64,aGVsbG8=","password":"nsc://o/a/u","nsc":"nsc://o/a/u"})");
    const auto loaded = dir.contexts().load("uris");
    QVERIFY(loaded);
    QCOMPARE(QString::fromStdString(loaded->profile.token.resolve()->reveal()), "from the environment");
    QCOMPARE(QString::fromStdString(loaded->profile.credsFile), "/c/x.creds");
    QCOMPARE(QString::fromStdString(loaded->profile.userJwt.resolve()->reveal()), "hello");
    QVERIFY(!loaded->profile.nkeySeed.isSet() && !loaded->profile.password.isSet());
    for (const char* field : {"nkey", "password", "nsc"})
        QVERIFY(anyHas(loaded->warnings, std::string("field ") + field));
    qunsetenv("WEIR_TEST_TOKEN");
    QCOMPARE(int(loaded->profile.token.resolve().error().code), int(ErrorCode::NotFound));
}

void TestNatsContexts::expandsPaths()
{
    qputenv("WEIR_TEST_DIR", "/somewhere");
    const ContextDir dir;
    dir.write(
        "paths",
        R"({"creds":"~/x.creds","ca":"$WEIR_TEST_DIR/ca.pem","cert":"${WEIR_TEST_DIR}x/c$","key":"/k"})");
    const auto loaded = dir.contexts().load("paths");
    QVERIFY(loaded);
    QCOMPARE(QString::fromStdString(loaded->profile.credsFile), QDir::homePath() + "/x.creds");
    QCOMPARE(QString::fromStdString(loaded->profile.caFile), "/somewhere/ca.pem");
    QCOMPARE(QString::fromStdString(loaded->profile.certFile), "/somewherex/c$");
}

void TestNatsContexts::listsAndSelects()
{
    const ContextDir dir;
    QVERIFY(dir.contexts().list().empty());
    QCOMPARE(int(dir.contexts().load("").error().code), int(ErrorCode::NotFound));
    dir.write("b", "{}");
    dir.write("a", "{}");
    dir.select("b\n");
    QVERIFY(dir.contexts().list() == std::vector<std::string>({"a", "b"}));
    QCOMPARE(QString::fromStdString(dir.contexts().selected()), "b");
    const auto loaded = dir.contexts().load("");
    QVERIFY(loaded);
    QCOMPARE(QString::fromStdString(loaded->profile.name), "b");
    QCOMPARE(QString::fromStdString(loaded->profile.urls.front()), "nats://127.0.0.1:4222");
}

void TestNatsContexts::namesWhatExists()
{
    const ContextDir dir;
    for (const char* name : {"prod-eu", "staging", "prod-us", "lab"})
        dir.write(name, "{}");
    const auto loaded = dir.contexts().load("prod-ue");
    QVERIFY(!loaded);
    QCOMPARE(int(loaded.error().code), int(ErrorCode::NotFound));
    QVERIFY(QString::fromStdString(loaded.error().hint).startsWith("known contexts: prod-"));
    QVERIFY(QString::fromStdString(loaded.error().hint).contains("staging"));
    QVERIFY(!dir.contexts().load("../context/lab"));
}

void TestNatsContexts::refusesBrokenFiles()
{
    const ContextDir dir;
    dir.write("cut", R"({"url":"nats://a")");
    dir.write("list", "[]");
    for (const char* name : {"cut", "list"})
        QCOMPARE(int(dir.contexts().load(name).error().code), int(ErrorCode::Format));
}

QTEST_GUILESS_MAIN(TestNatsContexts)
#include "tst_NatsContexts.moc"
