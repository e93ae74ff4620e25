// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/broker/Keyring.h"
#include "core/broker/ProfileStore.h"
#include "tests/support/ConnectionSteps.h"
#include "tests/support/NatsServer.h"
#include "tests/support/Observation.h"
#include "tests/support/Program.h"
#include "tests/support/SecretService.h"

#include <QDir>
#include <QFile>
#include <QTest>

#include <csignal>
#include <cstdio>
#include <memory>

using namespace weir;
using namespace weir::test;

namespace {

constexpr const char* kPassword = "s3cret from the keyring";

Error errorOf(const Result<Secret>& result)
{
    return result ? Error{ErrorCode::Internal, "", "there was one", ""} : result.error();
}

/// This program with the words `read ENTRY`: prints the secret, or on stderr why there is none. A process has
/// one bus for its life, so another state of the keyring needs another process.
int readEntry(const char* entry)
{
    const Result<Secret> secret = readKeyring(entry);
    if (secret)
        std::puts(secret->reveal().c_str());
    else
        std::fprintf(stderr, "%s\n", secret.error().line().c_str());
    return secret ? 0 : 1;
}

} // namespace

/// Secrets in a real keyring (the Secret Service of a desktop), from the dialog's store to the broker.
class TestKeyring : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void keepsASecretOutOfTheProfile();
    void connectsWithIt();
    void waitsNoLongerThanItIsTold();
    void saysThatAnEntryIsMissing();
    void saysThatTheKeyringIsLocked();
    void saysThatThereIsNoKeyring();
    void cleanupTestCase();

private:
    std::unique_ptr<SecretService> m_service;
};

void TestKeyring::initTestCase()
{
    m_service = std::make_unique<SecretService>();
    m_service->use();
    QVERIFY2(m_service->startBus() && m_service->startKeyring(true), qPrintable(m_service->error()));
    QTRY_COMPARE(int(errorOf(readKeyring("nothing")).code), int(ErrorCode::NotFound));
}

void TestKeyring::keepsASecretOutOfTheProfile()
{
    const Result<SecretRef> stored = ProfileStore::storeSecret("prod/password", Secret(kPassword));
    QVERIFY2(stored, stored ? "" : stored.error().line().c_str());
    QTemporaryDir dir;
    const ProfileStore store(dir.path().toStdString());
    ConnectionProfile profile;
    profile.name = "prod";
    profile.user = "weir";
    profile.password = *stored;
    QVERIFY(store.save(profile));
    QFile file(dir.filePath("prod.json"));
    QVERIFY(file.open(QIODevice::ReadOnly));
    const QByteArray text = file.readAll();
    QVERIFY(text.contains("prod/password") && !text.contains(kPassword));
    const Result<LoadedProfile> loaded = store.load("prod");
    const Result<Secret> secret = loaded->profile.password.resolve();
    QVERIFY2(secret, secret ? "" : secret.error().line().c_str());
    QCOMPARE(secret->reveal(), std::string(kPassword));
    // What another run wrote is replaced, and bytes beyond ASCII survive.
    QVERIFY(ProfileStore::storeSecret("prod/password", Secret("Schlüssel ✓")));
    QCOMPARE(loaded->profile.password.resolve()->reveal(), std::string("Schlüssel ✓"));
}

void TestKeyring::connectsWithIt()
{
    QVERIFY(ProfileStore::storeSecret("live/password", Secret(kPassword)));
    NatsServer server(QString("authorization { user: weir, password: \"%1\" }").arg(kPassword));
    QVERIFY2(server.start(), qPrintable(server.error()));
    ConnectionProfile profile = profileFor(server.url());
    profile.user = "weir";
    profile.password = SecretRef::keyring("live/password");
    const ConnectionSteps steps(testConnection(profile, {"a"}));
    QCOMPARE(steps.failed(), QString());
    Observation observation(profile);
    QVERIFY(observation.start());
    // The supervisor's thread asks the keyring again, and no event loop of ours helps it.
    server.stop();
    QVERIFY2(server.start(), qPrintable(server.error()));
    const EventLog& events = observation.events;
    QTRY_VERIFY(!events.gaps().empty() && events.gaps().back().to != kNoTime);
    profile.password = SecretRef::keyring("live/other");
    const ConnectionSteps wrong(testConnection(profile, {"a"}));
    QCOMPARE(wrong.failed(), "Credentials");
    QVERIFY2(wrong.detail("Credentials").contains("live/other"), qPrintable(wrong.detail("Credentials")));
}

void TestKeyring::waitsNoLongerThanItIsTold()
{
    QVERIFY(ProfileStore::storeSecret("slow/password", Secret(kPassword)));
    const Error error = errorOf(readKeyring("slow/password", std::chrono::milliseconds(0)));
    QCOMPARE(int(error.code), int(ErrorCode::Timeout));
    QVERIFY(!error.why.empty() && !error.hint.empty());
    // A thread that is asked to end does not wait either; the answers that nobody awaits harm nothing.
    std::unique_ptr<QThread> ending(QThread::create([] {
        QThread::currentThread()->requestInterruption();
        QCOMPARE(int(errorOf(readKeyring("slow/password")).code), int(ErrorCode::Timeout));
    }));
    ending->start();
    QVERIFY(ending->wait(30'000));
    QCOMPARE(readKeyring("slow/password")->reveal(), std::string(kPassword));
}

void TestKeyring::saysThatAnEntryIsMissing()
{
    const Error error = errorOf(readKeyring("no/such/entry"));
    qInfo("%s", error.line().c_str());
    QCOMPARE(int(error.code), int(ErrorCode::NotFound));
    QVERIFY(error.what.find("no/such/entry") != std::string::npos);
    QVERIFY(!error.why.empty() && !error.hint.empty());
}

void TestKeyring::saysThatTheKeyringIsLocked()
{
    QVERIFY(ProfileStore::storeSecret("locked/password", Secret(kPassword)));
    m_service->stopKeyring();
    QVERIFY2(m_service->startKeyring(false), qPrintable(m_service->error()));
    const auto read = [this] {
        Program program(QCoreApplication::applicationFilePath(), {"read", "locked/password"},
                        m_service->environment());
        const int code = program.exitCode(30'000);
        const QByteArray said = program.errors();
        qInfo("%d %s", code, said.constData());
        return std::pair(code, said);
    };
    QTRY_VERIFY(!read().second.contains("org.freedesktop.secrets")); // until it has its name on the bus
    const auto [code, said] = read();
    QCOMPARE(code, 1);
    QVERIFY2(said.contains("locked/password"), said.constData());
    QVERIFY2(said.contains("unlock"), said.constData());
    QVERIFY(!said.contains(kPassword));
    // Unlocked again, everything is there.
    m_service->stopKeyring();
    QVERIFY2(m_service->startKeyring(true), qPrintable(m_service->error()));
    QTRY_COMPARE(read().first, 0);
}

void TestKeyring::saysThatThereIsNoKeyring()
{
    for (const bool bus : {true, false}) {
        SecretService none;
        QVERIFY2(!bus || none.startBus(), qPrintable(none.error()));
        Program program(QCoreApplication::applicationFilePath(), {"read", "any/password"},
                        none.environment());
        QCOMPARE(program.exitCode(30'000), 1);
        const QByteArray said = program.errors();
        qInfo("%s", said.constData());
        QVERIFY2(said.contains("any/password"), said.constData());
        QVERIFY2(said.contains("start the desktop's keyring"), said.constData());
    }
}

void TestKeyring::cleanupTestCase()
{
    std::signal(SIGTERM, SIG_IGN); // GLib raises it where the session bus goes away
    m_service.reset();
}

int main(int argc, char** argv)
{
    QCoreApplication application(argc, argv);
    if (argc == 3 && QByteArray(argv[1]) == "read")
        return readEntry(argv[2]);
    TestKeyring test;
    return QTest::qExec(&test, argc, argv);
}
#include "tst_Keyring.moc"
