// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/NatsServer.h"
#include "tests/support/WarningFreeTest.h"
#include "ui/dialogs/ConnectDialog.h"
#include "ui/theme/Theme.h"

#include <QApplication>
#include <QCheckBox>
#include <QComboBox>
#include <QDir>
#include <QFile>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QMessageBox>
#include <QPushButton>
#include <QSettings>
#include <QSpinBox>
#include <QStandardPaths>
#include <QTabWidget>
#include <QTemporaryDir>
#include <QTest>
#include <QTextBrowser>
#include <QTreeWidget>

#include <optional>

using namespace weir;

/// Drives the connect dialog against a real nats-server and contexts in a folder of the test's own.
class TestConnectDialog : public test::WarningFreeTest
{
    Q_OBJECT

    void setUp() override;
    void tearDown() override;

private slots:
    void initTestCase();
    void contextIsChosenByDefaultAndByName();
    void whatWasSaidBeforeIsKept();
    void searchNarrowsTheList();
    void contextCannotBeEditedButCopied();
    void testSaysEachStep();
    void testSaysWhatFailed();
    void verificationOffWarns();
    void takesSystemCreds();
    void passwordsAreMasked();
    void subjectsAreWrittenAndChecked();
    void enterAddsTheSubjectAndNothingElse();
    void aRunningRecordingIsNotReplacedUnasked();
    void aResultGoesWithWhatWasTested();
    void everythingNeedsConsent();
    void requestHoldsWhatWasEntered();

private:
    template<typename T = QWidget>
    T* find(const char* name)
    {
        return m_dialog->findChild<T*>(QLatin1String(name));
    }
    void open(const QString& context = {});
    void newBroker(const QString& url);
    void addSubject(const QString& subject);
    void screenshot(const QString& name);
    void writeContext(const QString& name, const QByteArray& json);

    QTemporaryDir m_home;
    test::NatsServer m_server;
    std::optional<QSettings> m_settings;
    std::optional<Theme> m_theme;
    std::optional<ConnectDialog> m_dialog;
};

void TestConnectDialog::initTestCase()
{
    qputenv("XDG_CONFIG_HOME", m_home.filePath(QStringLiteral("config")).toUtf8());
    qputenv("XDG_DATA_HOME", m_home.filePath(QStringLiteral("data")).toUtf8());
    QVERIFY2(m_server.start(), qPrintable(m_server.error()));
    writeContext(
        QStringLiteral("lab"),
        QStringLiteral(R"({"url":"%1","description":"the test's server"})").arg(m_server.url()).toUtf8());
    writeContext(QStringLiteral("other"), R"({"url":"nats://127.0.0.1:1","password":"hunter2","user":"u"})");
    QFile selected(m_home.filePath(QStringLiteral("config/nats/context.txt")));
    QVERIFY(selected.open(QIODevice::WriteOnly));
    selected.write("lab");
}

void TestConnectDialog::writeContext(const QString& name, const QByteArray& json)
{
    const QDir dir(m_home.filePath(QStringLiteral("config/nats/context")));
    QVERIFY(dir.mkpath(QStringLiteral(".")));
    QFile file(dir.filePath(name + QStringLiteral(".json")));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.setPermissions(QFile::ReadOwner | QFile::WriteOwner);
    file.write(json);
}

void TestConnectDialog::setUp()
{
    m_settings.emplace(m_home.filePath(QStringLiteral("weir.ini")), QSettings::IniFormat);
    m_theme.emplace(*qApp, *m_settings);
}

void TestConnectDialog::tearDown()
{
    if (m_dialog)
        screenshot(QStringLiteral("connect_") + QLatin1String(QTest::currentTestFunction()));
    m_dialog.reset();
    m_theme.reset();
}

void TestConnectDialog::open(const QString& context)
{
    m_dialog.emplace(context);
    m_dialog->show();
    QVERIFY(QTest::qWaitForWindowActive(&*m_dialog));
}

void TestConnectDialog::newBroker(const QString& url)
{
    open();
    find<QListWidget>("profileList")->setCurrentRow(0);
    find<QLineEdit>("profileUrls")->setText(url);
}

void TestConnectDialog::addSubject(const QString& subject)
{
    find<QTabWidget>("connectTabs")->setCurrentIndex(1);
    auto* line = find<QLineEdit>("subjectLine");
    line->setText(subject);
    QTest::keyClick(line, Qt::Key_Return);
}

void TestConnectDialog::screenshot(const QString& name)
{
    const QString dir = qEnvironmentVariable("WEIR_SCREENSHOT_DIR");
    if (dir.isEmpty())
        return;
    QCoreApplication::processEvents();
    QVERIFY(m_dialog->grab().save(QDir(dir).filePath(name + QStringLiteral(".png"))));
}

void TestConnectDialog::contextIsChosenByDefaultAndByName()
{
    open();
    QCOMPARE(find<QLineEdit>("profileName")->text(), QStringLiteral("lab"));
    QCOMPARE(find<QLineEdit>("profileUrls")->text(), m_server.url());
    m_dialog.reset();
    open(QStringLiteral("other"));
    QCOMPARE(find<QLineEdit>("profileName")->text(), QStringLiteral("other"));
}

/// `weir --server URL --history FILE --jwks FILE` without a subject: nothing of it is lost in the dialog.
void TestConnectDialog::whatWasSaidBeforeIsKept()
{
    CaptureRequest given;
    given.profile.name = "nats://127.0.0.1:1";
    given.profile.urls = {"nats://127.0.0.1:1"};
    given.profile.credsFile = "/tmp/observer.creds";
    given.history = m_home.filePath(QStringLiteral("night.db")).toStdString();
    given.profile.identity.jwks = {"my keys/a \"b\".json", "https://issuer/jwks"};
    given.profile.identity.audiences = {"broker"};
    open();
    m_dialog->setRequest(given);
    QCOMPARE(find<QLineEdit>("profileUrls")->text(), QStringLiteral("nats://127.0.0.1:1"));
    CaptureRequest request = m_dialog->request();
    QCOMPARE(request.profile.urls, given.profile.urls);
    QCOMPARE(request.profile.credsFile, given.profile.credsFile);
    QCOMPARE(request.history, given.history);
    QVERIFY(request.profile.identity.jwks == given.profile.identity.jwks);
    QVERIFY(request.profile.identity.audiences == given.profile.identity.audiences);
    // A context as it is stays that context.
    given.profile.name = "lab";
    given.profile.urls = {m_server.url().toStdString()};
    given.profile.credsFile.clear();
    m_dialog->setRequest(given);
    QVERIFY(!find<QLineEdit>("profileUrls")->isEnabled());
    QCOMPARE(m_dialog->request().history, given.history);
}

void TestConnectDialog::searchNarrowsTheList()
{
    open();
    auto* list = find<QListWidget>("profileList");
    QCOMPARE(list->count(), 3);
    QTest::keyClicks(find("profileSearch"), QStringLiteral("OTH"));
    QCOMPARE(list->count(), 2);
    QCOMPARE(find<QLineEdit>("profileName")->text(), QStringLiteral("other"));
}

void TestConnectDialog::contextCannotBeEditedButCopied()
{
    open(QStringLiteral("lab"));
    QVERIFY(!find("profileUrls")->isEnabled());
    QTest::mouseClick(find("profileCopy"), Qt::LeftButton);
    QVERIFY(find("profileUrls")->isEnabled());
    QCOMPARE(find<QLineEdit>("profileUrls")->text(), m_server.url());
    QVERIFY(find<QCheckBox>("profileKeep")->isChecked());
}

void TestConnectDialog::testSaysEachStep()
{
    open(QStringLiteral("lab"));
    QTest::mouseClick(find("testButton"), Qt::LeftButton);
    QTRY_COMPARE_WITH_TIMEOUT(find<QLabel>("testState")->text(), QStringLiteral("The connection works"),
                              20000);
    const QString steps = find<QTextBrowser>("testSteps")->toPlainText();
    QVERIFY2(steps.contains(QStringLiteral("✓")), qPrintable(steps));
    QVERIFY2(steps.contains(QStringLiteral("TCP")), qPrintable(steps));
}

void TestConnectDialog::testSaysWhatFailed()
{
    newBroker(QStringLiteral("nats://127.0.0.1:%1").arg(test::freePort()));
    QTest::mouseClick(find("testButton"), Qt::LeftButton);
    QTRY_COMPARE_WITH_TIMEOUT(find<QLabel>("testState")->text(),
                              QStringLiteral("The connection does not work"), 20000);
    const QString steps = find<QTextBrowser>("testSteps")->toPlainText();
    QVERIFY2(steps.contains(QStringLiteral("✗")), qPrintable(steps));
    QVERIFY2(steps.contains(QStringLiteral("refused")), qPrintable(steps));
}

void TestConnectDialog::verificationOffWarns()
{
    newBroker(m_server.url());
    QVERIFY(!find("profileVerifyWarning")->isVisible());
    find<QCheckBox>("profileTlsVerify")->setChecked(false);
    QVERIFY(find("profileVerifyWarning")->isVisible());
    QVERIFY(!m_dialog->request().profile.tlsVerify);
}

void TestConnectDialog::takesSystemCreds()
{
    newBroker(m_server.url());
    QVERIFY(m_dialog->request().profile.systemCreds.empty());
    find<QLineEdit>("profileSystemCreds")->setText("/etc/nats/system.creds");
    QCOMPARE(m_dialog->request().profile.systemCreds, std::string("/etc/nats/system.creds"));
}

void TestConnectDialog::passwordsAreMasked()
{
    newBroker(m_server.url());
    find<QComboBox>("profileCredentials")->setCurrentIndex(3);
    find<QLineEdit>("profileUser")->setText(QStringLiteral("ann"));
    auto* password = find<QLineEdit>("profilePassword");
    QCOMPARE(password->echoMode(), QLineEdit::Password);
    QTest::keyClicks(password, QStringLiteral("s3cret"));
    QCOMPARE(m_dialog->request().profile.user, std::string("ann"));
    QCOMPARE(m_dialog->request().profile.password.literal.reveal(), std::string("s3cret"));
    find<QComboBox>("profilePasswordSource")->setCurrentIndex(1);
    QCOMPARE(password->echoMode(), QLineEdit::Normal);
    QVERIFY(password->text().isEmpty());
    password->setText(QStringLiteral("NATS_PASSWORD"));
    QCOMPARE(m_dialog->request().profile.password.kind, SecretRef::Kind::Environment);
    // A password that a context wrote down is used, never shown.
    m_dialog.reset();
    open(QStringLiteral("other"));
    QVERIFY(find<QLineEdit>("profilePassword")->text().isEmpty());
    QCOMPARE(m_dialog->request().profile.password.literal.reveal(), std::string("hunter2"));
}

void TestConnectDialog::subjectsAreWrittenAndChecked()
{
    newBroker(m_server.url());
    QVERIFY(!find("connectStart")->isEnabled());
    addSubject(QStringLiteral("orders..bad"));
    QVERIFY(find<QLabel>("subjectMessage")->text().startsWith(QStringLiteral("Not a subject")));
    QVERIFY(m_dialog->request().subjects.empty());
    addSubject(QStringLiteral("orders.>"));
    QVERIFY(m_dialog->request().subjects == std::vector<std::string>{"orders.>"});
    QVERIFY(find("connectStart")->isEnabled());
    QTRY_VERIFY_WITH_TIMEOUT(find("subjectsAsk")->isEnabled(), 20000);
    find<QTreeWidget>("subjectList")->topLevelItem(0)->setCheckState(0, Qt::Unchecked);
    QVERIFY(!find("connectStart")->isEnabled());
    QCOMPARE(find<QLabel>("connectProblem")->text(),
             QStringLiteral("Choose at least one subject on the page “Subjects”."));
}

void TestConnectDialog::enterAddsTheSubjectAndNothingElse()
{
    newBroker(m_server.url());
    addSubject(QStringLiteral("orders.>"));
    QVERIFY(find("connectStart")->isEnabled());
    for (const Qt::Key key : {Qt::Key_Return, Qt::Key_Enter}) {
        auto* line = find<QLineEdit>("subjectLine");
        line->setText(QStringLiteral("auth.%1").arg(key));
        QTest::keyClick(line, key);
        QVERIFY(m_dialog->isVisible());
        QVERIFY(line->text().isEmpty());
    }
    QCOMPARE(m_dialog->request().subjects.size(), std::size_t{3});
}

void TestConnectDialog::aRunningRecordingIsNotReplacedUnasked()
{
    newBroker(m_server.url());
    addSubject(QStringLiteral("auth.>"));
    find<QLineEdit>("profileName")->setText(QStringLiteral("night"));
    find<QLineEdit>("historyPath")->setText(m_home.filePath(QStringLiteral("new.db")));
    CaptureRequest running;
    running.profile.name = "lab";
    running.subjects = {"orders.>"};
    running.history = "/srv/old.db";
    m_dialog->setRunning([&] { return running; });
    const auto ask = [&](const QString& answer) {
        QTest::mouseClick(find("connectStart"), Qt::LeftButton);
        auto* question = find<QMessageBox>("replaceQuestion");
        QVERIFY(question);
        QVERIFY(m_dialog->isVisible());
        const QString said = question->informativeText();
        for (const QString& named : {QStringLiteral("orders.> from lab into /srv/old.db"),
                                     QStringLiteral("auth.> from night"), QStringLiteral("/new.db")})
            QVERIFY2(said.contains(named), qPrintable(said));
        QCOMPARE(question->defaultButton()->text(), QStringLiteral("Keep recording"));
        for (QAbstractButton* button : question->buttons())
            if (button->text() == answer)
                QTest::mouseClick(button, Qt::LeftButton);
        QTRY_VERIFY(!find<QMessageBox>("replaceQuestion"));
    };
    ask(QStringLiteral("Keep recording"));
    QVERIFY(m_dialog->isVisible());
    ask(QStringLiteral("End it and start this one"));
    QCOMPARE(m_dialog->result(), int(QDialog::Accepted));
    QVERIFY(!m_dialog->isVisible());
}

void TestConnectDialog::aResultGoesWithWhatWasTested()
{
    open(QStringLiteral("lab"));
    const auto* state = find<QLabel>("testState");
    const auto* steps = find<QTextBrowser>("testSteps");
    const auto test = [&] {
        QTest::mouseClick(find("testButton"), Qt::LeftButton);
        QTRY_COMPARE_WITH_TIMEOUT(state->text(), QStringLiteral("The connection works"), 20000);
        QVERIFY(!steps->toPlainText().isEmpty());
    };
    const auto gone = [&] { return state->text().isEmpty() && steps->toPlainText().isEmpty(); };
    test();
    find<QListWidget>("profileList")->setCurrentRow(2);
    QVERIFY(gone());
    find<QListWidget>("profileList")->setCurrentRow(1);
    test();
    QTest::mouseClick(find("profileCopy"), Qt::LeftButton);
    test();
    find<QLineEdit>("profileUrls")->setText(QStringLiteral("nats://127.0.0.1:1"));
    QVERIFY(gone());
    // One that runs ends, too: its verdict would be of something else.
    QTest::mouseClick(find("testButton"), Qt::LeftButton);
    find<QLineEdit>("profileUrls")->setText(m_server.url());
    QVERIFY(gone());
    QVERIFY(find<QPushButton>("testButton")->text().startsWith(QStringLiteral("&Test")));
}

void TestConnectDialog::everythingNeedsConsent()
{
    newBroker(m_server.url());
    QVERIFY(!find("subjectEverything")->isVisibleTo(&*m_dialog));
    addSubject(QStringLiteral(">"));
    QVERIFY(!find("connectStart")->isEnabled());
    auto* consent = find<QCheckBox>("subjectEverything");
    QVERIFY(consent->isVisible());
    QTRY_VERIFY_WITH_TIMEOUT(find("subjectsAsk")->isEnabled(),
                             20000); // the rate is known now, or known to be unknown
    QVERIFY(consent->text().contains(QStringLiteral("rate")) ||
            consent->text().contains(QStringLiteral("/s")));
    consent->setChecked(true);
    QVERIFY(find("connectStart")->isEnabled());
}

void TestConnectDialog::requestHoldsWhatWasEntered()
{
    newBroker(m_server.url());
    addSubject(QStringLiteral("a.b"));
    const QString history = m_home.filePath(QStringLiteral("h.db"));
    find<QTabWidget>("connectTabs")->setCurrentIndex(2);
    find<QLineEdit>("historyPath")->setText(m_home.path());
    QVERIFY(!find("connectStart")->isEnabled());
    find<QLineEdit>("historyPath")->setText(history);
    find<QSpinBox>("budgetMessages")->setValue(5000);
    find<QSpinBox>("budgetMegabytes")->setValue(7);
    QVERIFY(find("connectStart")->isEnabled());
    find<QLineEdit>("audiences")->setText(QStringLiteral("nats"));
    QVERIFY(!find("connectStart")->isEnabled());
    QVERIFY(find<QLabel>("connectProblem")
                ->text()
                .contains(QStringLiteral("An audience alone verifies nothing")));
    find<QLineEdit>("jwks")->setText(QStringLiteral(" keys.json  https://id.example.org/jwks "));
    find<QLineEdit>("issuers")->setText(QStringLiteral("https://id.example.org"));
    QVERIFY(find("connectStart")->isEnabled());
    QTest::mouseClick(find("connectStart"), Qt::LeftButton);
    QCOMPARE(m_dialog->result(), int(QDialog::Accepted));
    const CaptureRequest request = m_dialog->request();
    const IdentityConfig& tokens = request.profile.identity;
    QVERIFY((tokens.jwks == std::vector<std::string>{"keys.json", "https://id.example.org/jwks"}));
    QVERIFY(tokens.issuers == std::vector<std::string>{"https://id.example.org"});
    QVERIFY(tokens.audiences == std::vector<std::string>{"nats"});
    QCOMPARE(request.profile.urls.front(), m_server.url().toStdString());
    QCOMPARE(request.history.string(), history.toStdString());
    QCOMPARE(request.profile.budget.maxMessagesPerSecond, std::uint64_t{5000});
    QCOMPARE(request.profile.budget.maxBytesPerSecond, std::uint64_t{7'000'000});
    QVERIFY(request.subjects == std::vector<std::string>{"a.b"});
}

QTEST_MAIN(TestConnectDialog)
#include "tst_connectdialog.moc"
