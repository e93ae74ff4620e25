// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/broker/NatsContexts.h"
#include "tests/support/ConnectionSteps.h"
#include "tests/support/NatsServer.h"
#include "tests/support/Observation.h"
#include "tests/support/TestCertificates.h"

#include <QDir>
#include <QFile>
#include <QJsonDocument>
#include <QJsonObject>
#include <QRegularExpression>
#include <QTest>

using namespace weir;
using namespace weir::test;
using Outcome = TestStep::Outcome;

/// TLS with a real server: its certificate, and the one that it may want of us.
class TestTlsConnection : public QObject
{
    Q_OBJECT

private slots:
    void saysWhatIsWrongWithTls_data();
    void saysWhatIsWrongWithTls();
    void saysThatTlsIsNotOffered();
    void aContextBringsItsCertificate_data();
    void aContextBringsItsCertificate();
    void saysWhyTheServerWantsAnotherCertificate_data();
    void saysWhyTheServerWantsAnotherCertificate();
    void saysWhichFileIsMissing_data();
    void saysWhichFileIsMissing();
};

namespace {

bool write(const QString& path, const QByteArray& bytes)
{
    QFile file(path);
    return QFileInfo(path).dir().mkpath(".") && file.open(QIODevice::WriteOnly) &&
           file.write(bytes) == bytes.size();
}

/// A server that lets in only who shows a certificate of the CA.
struct MutualTls
{
    TestCertificates certificates;
    QString client = certificates.serverCertificate("client", "console.example.org");
    NatsServer server{TestCertificates::serverConfig(certificates.serverCertificate("server", "127.0.0.1"),
                                                     certificates.caFile())};

    [[nodiscard]] ConnectionProfile profile() const
    {
        ConnectionProfile profile = profileFor(server.url());
        profile.caFile = certificates.caFile().toStdString();
        profile.certFile = client.toStdString() + ".pem";
        profile.keyFile = client.toStdString() + ".key";
        return profile;
    }
};

/// Why a capture with this profile does not begin.
Error captureError(const ConnectionProfile& profile)
{
    const Result<void> started = Observation(profile).start();
    if (started)
        return {ErrorCode::NotFound, "", "", ""};
    qInfo("%s", started.error().line().c_str());
    return started.error();
}

} // namespace

void TestTlsConnection::saysWhatIsWrongWithTls_data()
{
    QTest::addColumn<QString>("host");
    QTest::addColumn<int>("days");
    QTest::addColumn<bool>("knownCa");
    QTest::addColumn<bool>("verify");
    QTest::addColumn<QString>("says");
    QTest::newRow("good") << "127.0.0.1" << 5 << true << true << "encrypted, the certificate is valid until";
    QTest::newRow("expired") << "127.0.0.1" << -2 << true << true << "expired (until 20";
    QTest::newRow("wrong name") << "nats.example.org" << 5 << true << true << "(it is for nats.example.org)";
    QTest::newRow("unknown CA") << "127.0.0.1" << 5 << false << true << "issuer certificate";
    QTest::newRow("both") << "nats.example.org" << 5 << false << true << "(it is for nats.example.org)";
    QTest::newRow("not verified") << "nats.example.org" << -2 << false << false << "is not verified";
}

void TestTlsConnection::saysWhatIsWrongWithTls()
{
    QFETCH(QString, host);
    QFETCH(int, days);
    QFETCH(bool, knownCa);
    QFETCH(bool, verify);
    QFETCH(QString, says);
    const TestCertificates certificates;
    NatsServer server(TestCertificates::serverConfig(certificates.serverCertificate("server", host, days)));
    QVERIFY2(server.start(), qPrintable(server.error()));
    ConnectionProfile profile = profileFor(server.url());
    profile.caFile = knownCa ? certificates.caFile().toStdString() : "";
    profile.tlsVerify = verify;
    const ConnectionSteps steps(testConnection(profile));
    QVERIFY2(steps.detail("TLS").contains(says), qPrintable(steps.detail("TLS")));
    const QString hint = steps.hint("TLS");
    QCOMPARE(hint.contains("name the CA"), verify && !knownCa);
    QCOMPARE(hint.contains("use a name that"), verify && host != "127.0.0.1");
    const bool good = knownCa && host == "127.0.0.1" && days > 0;
    QCOMPARE(steps.outcome("TLS"), good ? Outcome::Ok : verify ? Outcome::Failed : Outcome::Warning);
    // nats.c must agree with what the probe found.
    QCOMPARE(steps.outcome("Authentication"), good || !verify ? Outcome::Ok : Outcome::Skipped);
}

void TestTlsConnection::saysThatTlsIsNotOffered()
{
    NatsServer server;
    QVERIFY2(server.start(), qPrintable(server.error()));
    const ConnectionSteps steps(testConnection(profileFor(server.url().replace("nats:", "tls:"))));
    QCOMPARE(steps.outcome("TLS"), Outcome::Failed);
    QVERIFY(steps.detail("TLS").contains("does not offer"));
}

void TestTlsConnection::aContextBringsItsCertificate_data()
{
    QTest::addColumn<bool>("ed25519");
    QTest::newRow("P-256") << false;
    QTest::newRow("Ed25519") << true;
}

void TestTlsConnection::aContextBringsItsCertificate()
{
    QFETCH(bool, ed25519);
    MutualTls tls;
    QVERIFY2(tls.server.start(), qPrintable(tls.server.error()));
    const QString client = tls.certificates.serverCertificate("console", "console.example.org", 1, ed25519);
    QTemporaryDir dir;
    const QJsonObject context{{"url", tls.server.url()},
                              {"ca", tls.certificates.caFile()},
                              {"cert", client + ".pem"},
                              {"key", client + ".key"}};
    QVERIFY(write(dir.filePath("context/mutual.json"), QJsonDocument(context).toJson()));
    const Result<LoadedProfile> loaded = NatsContexts(dir.path().toStdString()).load("mutual");
    QVERIFY2(loaded, loaded ? "" : loaded.error().line().c_str());
    const ConnectionSteps steps(testConnection(loaded->profile, {"a"}));
    QCOMPARE(steps.outcome("TLS"), Outcome::Ok);
    QCOMPARE(steps.outcome("Authentication"), Outcome::Ok);
    QVERIFY(steps.detail("Authentication").contains("console.pem"));
    QCOMPARE(steps.outcome("Permissions"), Outcome::Ok);
    QCOMPARE(int(captureError(loaded->profile).code), int(ErrorCode::NotFound)); // there is none
}

void TestTlsConnection::saysWhyTheServerWantsAnotherCertificate_data()
{
    QTest::addColumn<QString>("shown");
    QTest::addColumn<QString>("says");
    QTest::newRow("none") << ""
                          << "and the profile has no client certificate";
    // Which alert it sends depends on the Go that nats-server was built with: "bad certificate" of old, now
    // "unknown ca" and "certificate expired".
    const QString refused = "the server ends it: it says '%1', shown the client certificate";
    QTest::newRow("of another CA") << "stranger" << refused.arg("(bad certificate|unknown ca)");
    QTest::newRow("expired") << "expired" << refused.arg("(bad certificate|certificate expired)");
}

void TestTlsConnection::saysWhyTheServerWantsAnotherCertificate()
{
    QFETCH(QString, shown);
    QFETCH(QString, says);
    MutualTls tls;
    QVERIFY2(tls.server.start(), qPrintable(tls.server.error()));
    const TestCertificates other;
    const QString client = shown == "stranger"  ? other.serverCertificate("client", "console.example.org")
                           : shown == "expired" ? tls.certificates.serverCertificate("old", "c.org", -1)
                                                : QString();
    ConnectionProfile profile = tls.profile();
    profile.certFile = client.isEmpty() ? "" : client.toStdString() + ".pem";
    profile.keyFile = client.isEmpty() ? "" : client.toStdString() + ".key";
    const ConnectionSteps steps(testConnection(profile));
    QCOMPARE(steps.failed(), "TLS");
    QVERIFY2(steps.detail("TLS").contains(QRegularExpression(says)), qPrintable(steps.detail("TLS")));
    QCOMPARE(steps.outcome("Authentication"), Outcome::Skipped);
    const Error error = captureError(profile);
    QCOMPARE(int(error.code), int(ErrorCode::Tls));
    QVERIFY2(QString::fromStdString(error.why).contains(QRegularExpression(says)), error.line().c_str());
}

void TestTlsConnection::saysWhichFileIsMissing_data()
{
    QTest::addColumn<QString>("which");
    QTest::addColumn<QString>("problem");
    QTest::addColumn<QString>("says");
    for (const char* which : {"ca", "cert", "key"}) {
        QTest::addRow("%s missing", which) << which << "missing"
                                           << "No such file";
        QTest::addRow("%s is a folder", which) << which << "folder"
                                               << "s a directory";
        QTest::addRow("%s is rubbish", which) << which << "rubbish"
                                              << "PEM";
    }
    QTest::newRow("key not named") << "key"
                                   << "unnamed"
                                   << "names no key";
    QTest::newRow("key of another") << "key"
                                    << "other"
                                    << "do not belong together";
}

void TestTlsConnection::saysWhichFileIsMissing()
{
    QFETCH(QString, which);
    QFETCH(QString, problem);
    QFETCH(QString, says);
    MutualTls tls;
    QVERIFY2(tls.server.start(), qPrintable(tls.server.error()));
    QTemporaryDir dir;
    QString path = dir.filePath("wrong." + which);
    if (problem == "folder")
        QVERIFY(QDir().mkpath(path));
    else if (problem == "rubbish")
        QVERIFY(write(path, "rubbish"));
    else if (problem == "other")
        path = tls.certificates.serverCertificate("other", "other.org") + ".key";
    else if (problem == "unnamed")
        path.clear();
    ConnectionProfile profile = tls.profile();
    (which == "ca"     ? profile.caFile
     : which == "cert" ? profile.certFile
                       : profile.keyFile) = path.toStdString();
    const ConnectionSteps steps(testConnection(profile));
    QCOMPARE(steps.failed(), "Credentials");
    QVERIFY2(steps.detail("Credentials").contains(says), qPrintable(steps.detail("Credentials")));
    if (problem != "unnamed")
        QVERIFY2(steps.detail("Credentials").contains(path), "it names the file");
    QVERIFY(captureError(profile).why.find(says.toStdString()) != std::string::npos);
}

QTEST_GUILESS_MAIN(TestTlsConnection)
#include "tst_TlsConnection.moc"
