// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/envelope/Names.h"
#include "tests/support/WarningFreeTest.h"
#include "ui/models/Format.h"
#include "ui/models/JsonTreeModel.h"
#include "ui/theme/ThemeColors.h"
#include "ui/views/DetailsPane.h"
#include "ui/views/FactsView.h"
#include "ui/views/IdentityView.h"
#include "ui/views/PayloadView.h"

#include <QAbstractButton>
#include <QAbstractItemModelTester>
#include <QApplication>
#include <QDir>
#include <QElapsedTimer>
#include <QFileDialog>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QSignalSpy>
#include <QTableView>
#include <QTemporaryDir>
#include <QTest>
#include <QTimer>
#include <QToolButton>

using namespace weir;

namespace {

std::shared_ptr<MessageDetails> message(std::string payload, std::string headers = {})
{
    Names names;
    Message raw;
    raw.seq = 42;
    raw.time = fromUnixNanos(1'767'323'045'123'456'789);
    raw.sent = raw.time - std::chrono::microseconds(4210);
    raw.subjectName = "orders.eu.created";
    raw.headers = headers;
    raw.payload = payload;
    raw.payloadSize = static_cast<std::uint32_t>(payload.size());
    raw.headerSize = static_cast<std::uint32_t>(headers.size());
    return std::make_shared<MessageDetails>(toDetails(raw, names));
}

} // namespace

class TestDetailsPane : public test::WarningFreeTest
{
    Q_OBJECT

    void show(const std::shared_ptr<MessageDetails>& what)
    {
        m_pane->setMessage(what);
        QTRY_VERIFY(m_pane->payload().isReady());
    }
    QString header(int row, int column)
    {
        const auto* model = m_pane->findChild<QTableView*>(QStringLiteral("messageHeaders"))->model();
        return model->index(row, column).data().toString();
    }
    QString note()
    {
        auto* label = m_pane->findChild<QLabel*>(QStringLiteral("payloadNote"));
        return label->isVisibleTo(m_pane.get()) ? label->text() : QString();
    }

    /// Clicks Save…, goes to `folder` in the dialog that opens, and accepts it (or gives up); the name that
    /// it proposed.
    QString saveInto(const QString& folder, bool accept = true)
    {
        QString proposal;
        QTimer::singleShot(0, this, [&] {
            auto* dialog = qobject_cast<QFileDialog*>(QApplication::activeModalWidget());
            if (!dialog)
                return;
            auto* name = dialog->findChild<QLineEdit*>(QStringLiteral("fileNameEdit"));
            proposal = name->text();
            name->setText(folder + QLatin1Char('/') + proposal);
            QTest::keyClick(name, accept ? Qt::Key_Return : Qt::Key_Escape);
        });
        QTest::mouseClick(m_pane->findChild<QAbstractButton*>(QStringLiteral("payloadSave")), Qt::LeftButton);
        return proposal;
    }

    void setUp() override
    {
        m_pane = std::make_unique<DetailsPane>();
        m_pane->resize(420, 700);
        m_pane->show();
    }
    void tearDown() override { m_pane.reset(); }

private slots:
    void choosesTheForm_data()
    {
        QTest::addColumn<QByteArray>("payload");
        QTest::addColumn<int>("form");
        QTest::newRow("object") << QByteArray("{\"a\":1}") << static_cast<int>(PayloadView::Form::Json);
        QTest::newRow("array") << QByteArray("[1, 2]") << static_cast<int>(PayloadView::Form::Json);
        QTest::newRow("text") << QByteArray("hello \xc3\xa9") << static_cast<int>(PayloadView::Form::Text);
        QTest::newRow("broken JSON") << QByteArray("{\"a\":") << static_cast<int>(PayloadView::Form::Text);
        QTest::newRow("bytes") << QByteArray("\xff\xfe\x00\x01", 4)
                               << static_cast<int>(PayloadView::Form::Hex);
        QTest::newRow("empty") << QByteArray() << static_cast<int>(PayloadView::Form::Text);
    }

    void choosesTheForm()
    {
        QFETCH(QByteArray, payload);
        QFETCH(int, form);
        show(message(payload.toStdString()));
        QCOMPARE(static_cast<int>(m_pane->payload().form()), form);
    }

    void savesThePayload_data()
    {
        QTest::addColumn<QByteArray>("payload");
        QTest::addColumn<QString>("proposal");
        QTest::newRow("JSON") << QByteArray("{\"a\":1}") << "message-42.json";
        QTest::newRow("text") << QByteArray("hello") << "message-42.txt";
        QTest::newRow("bytes") << QByteArray("\xff\x00\x01", 3) << "message-42.bin";
        QTest::newRow("empty") << QByteArray() << "message-42.txt";
    }

    /// By mouse and keys through the dialog; the file holds the payload byte for byte, for its owner alone.
    void savesThePayload()
    {
        QFETCH(QByteArray, payload);
        QFETCH(QString, proposal);
        show(message(payload.toStdString()));
        const QTemporaryDir dir;
        QSignalSpy problems(m_pane.get(), &DetailsPane::problem);
        QCOMPARE(saveInto(dir.path()), proposal);
        QFile file(dir.filePath(proposal));
        QVERIFY(file.open(QIODevice::ReadOnly));
        QCOMPARE(file.readAll(), payload);
        QCOMPARE(file.permissions() & (QFile::ReadGroup | QFile::ReadOther), QFile::Permissions());
        QCOMPARE(problems.count(), 0);
    }

    /// A place that cannot be written, even for root: one line says which and why, and nothing is left there.
    void saysWhyItCannotSave()
    {
        show(message("{\"a\":1}"));
        QSignalSpy problems(m_pane.get(), &DetailsPane::problem);
        saveInto(QStringLiteral("/proc"));
        QCOMPARE(problems.count(), 1);
        const QString line = problems[0][0].toString();
        QVERIFY2(line.startsWith(QStringLiteral("saving /proc/message-42.json failed: ")), qPrintable(line));
        QVERIFY2(line.endsWith(QStringLiteral("(choose another place)")), qPrintable(line));
        QVERIFY(!line.contains(QStringLiteral("Unknown error")));
    }

    void cancelledSaveWritesNothing()
    {
        show(message("{}"));
        const QTemporaryDir dir;
        QSignalSpy problems(m_pane.get(), &DetailsPane::problem);
        saveInto(dir.path(), false);
        QVERIFY(QDir(dir.path()).isEmpty());
        QCOMPARE(problems.count(), 0);
    }

    void keepsJsonAsItWasSent_data()
    {
        QTest::addColumn<QByteArray>("json");
        QTest::addColumn<QString>("drawn"); // "key=value" in the order of the text; empty: no JSON
        QTest::newRow("order and doubles") << QByteArray("{\"b\":1,\"a\":2,\"b\":3}") << "b=1 a=2 b=3 ";
        QTest::newRow("long number") << QByteArray("{\"n\":12345678901234567890123}")
                                     << "n=12345678901234567890123 ";
        QTest::newRow("escapes") << QByteArray("{\"t\":\"a\\n\\u00e9\\ud83d\\ude00\"}")
                                 << QStringLiteral("t=\"a\\n\u00e9\U0001F600\" ");
        QTest::newRow("nested") << QByteArray("[{\"x\":[true,null]},\"y\"]")
                                << "[0]={ 1 key } x=[ 2 items ] [0]=true [1]=null [1]=\"y\" ";
        QTest::newRow("trailing") << QByteArray("{} x") << "";
        QTest::newRow("comma") << QByteArray("[1,]") << "";
        QTest::newRow("open string") << QByteArray("{\"a\":\"b") << "";
        QTest::newRow("bare word") << QByteArray("[nul]") << "";
        QTest::newRow("too deep") << QByteArray(600, '[') + QByteArray(600, ']') << "";
    }

    void keepsJsonAsItWasSent()
    {
        QFETCH(QByteArray, json);
        QFETCH(QString, drawn);
        auto outline = JsonOutline::parse(std::make_shared<const std::string>(json.toStdString()));
        QCOMPARE(outline.has_value(), !drawn.isEmpty());
        if (!outline)
            return;
        JsonTreeModel model;
        model.setOutline(std::make_shared<const JsonOutline>(std::move(*outline)));
        // After the reset: Qt 6.4's tester fetches while it is told of one, and then finds fault with that.
        const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        QString seen;
        for (std::uint32_t node = 1; node < model.outline()->nodes().size(); ++node) {
            const QModelIndex index = model.indexOf(node);
            seen += index.data().toString() + QLatin1Char('=') + index.siblingAtColumn(1).data().toString() +
                    QLatin1Char(' ');
        }
        QCOMPARE(seen, drawn);
    }

    void pointsIntoJson()
    {
        JsonTreeModel model;
        model.setOutline(std::make_shared<const JsonOutline>(
            *JsonOutline::parse(std::make_shared<const std::string>("{\"a/b\":[{\"c~d\":\"needle\"}]}"))));
        const auto found = model.find(QStringLiteral("NEEDLE"), 0, false);
        QVERIFY(found.has_value());
        QCOMPARE(model.pointerTo(model.indexOf(*found)), QStringLiteral("/a~1b/0/c~0d"));
        QVERIFY(!model.find(QStringLiteral("nothing"), 0, false));
    }

    void showsHeadersAndRubbish()
    {
        const std::string block = "NATS/1.0 503\r\nX-One: 1\r\nX-Bytes: \xff\x01z\r\nno header at all\r\n"
                                  "Authorization: <redacted sha256:abc>\r\n\r\n";
        show(message("x", block));
        QCOMPARE(header(0, 0), QStringLiteral("X-One"));
        QCOMPARE(header(1, 1), QStringLiteral("\\xff\\x01z"));
        QCOMPARE(header(2, 0), QStringLiteral("(not a header)"));
        QCOMPARE(header(2, 1), QStringLiteral("no header at all"));
        QCOMPARE(header(3, 1), QStringLiteral("<redacted sha256:abc>"));
        QCOMPARE(m_pane->facts().fact(QStringLiteral("Status")), QStringLiteral("503"));
        QVERIFY(m_pane->facts().fact(QStringLiteral("Latency")).startsWith(QStringLiteral("4.21 ms")));
        QVERIFY(m_pane->facts()
                    .fact(QStringLiteral("Received"))
                    .contains(QStringLiteral("03:04:05.123 456 789")));
    }

    void showsTenThousandHeaders()
    {
        std::string block = "NATS/1.0\r\n";
        for (int i = 0; i < 10'000; ++i)
            block += "X-" + std::to_string(i) + ": v\r\n";
        QElapsedTimer clock;
        const auto details = message("x", block + "\r\n");
        clock.start();
        show(details);
        QVERIFY2(clock.elapsed() < 500, qPrintable(QString::number(clock.elapsed())));
        QCOMPARE(header(9999, 0), QStringLiteral("X-9999"));
    }

    /// 8 MB: one line of text, and JSON. Nothing that the gui thread does may take long.
    void doesNotStallOnALargePayload_data()
    {
        QTest::addColumn<bool>("json");
        QTest::newRow("one line") << false;
        QTest::newRow("JSON") << true;
    }

    void doesNotStallOnALargePayload()
    {
        QFETCH(bool, json);
        std::string payload = json ? "[" : "";
        while (payload.size() < 8'000'000)
            payload +=
                json ? "{\"k\":\"vvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvv\",\"n\":123456789}," : "abcdefghij";
        payload += json ? "0]" : "";
        const auto details = message(payload);
        QElapsedTimer clock;
        clock.start();
        m_pane->setMessage(details);
        const qint64 setting = clock.elapsed();
        QTRY_VERIFY_WITH_TIMEOUT(m_pane->payload().isReady(), 20000);
        qInfo("setting 8 MB took the gui thread %lld ms", setting);
        QVERIFY2(setting < 100, qPrintable(QString::number(setting)));
        if (json)
            return;
        QCOMPARE(note(), QStringLiteral("The first 65.5 kB of 8.00 MB."));
        auto* text = m_pane->findChild<QPlainTextEdit*>(QStringLiteral("payloadText"));
        QVERIFY(text->document()->characterCount() < 70'000);
    }

    void findsBytes()
    {
        show(message(std::string("\xff\x00", 2) + std::string(1000, 'x') + "needle"));
        HexModel hex;
        hex.setBytes(std::make_shared<const std::string>(m_pane->message()->payload));
        QCOMPARE(hex.find(QStringLiteral("needle"), 0, false), std::optional<std::size_t>(1002));
        QCOMPARE(hex.find(QStringLiteral("0xff00"), 5, true), std::optional<std::size_t>(0));
        QVERIFY(!hex.find(QStringLiteral("0x1234"), 0, false));
        QCOMPARE(hex.index(0, 0).data().toString(), QStringLiteral("00000000"));
        QVERIFY(hex.index(0, 1).data().toString().startsWith(QStringLiteral("ff 00 78")));
        QVERIFY(hex.index(0, 2).data().toString().startsWith(QStringLiteral("..xx")));
    }

    /// The theme changes while a message is read: its words take the new colours.
    void followsTheTheme()
    {
        show(message("x"));
        const auto& before = ThemeColors::of(m_pane->palette());
        const auto& after = before.dark ? ThemeColors::light() : ThemeColors::darkTheme();
        QVERIFY(m_pane->facts().fact(QStringLiteral("Received")).contains(before.muted.name()));
        m_pane->setPalette(after.palette());
        QVERIFY(m_pane->facts().fact(QStringLiteral("Received")).contains(after.muted.name()));
    }

    void saysWhatAnIdentityIsWorth()
    {
        show(message("x"));
        QCOMPARE(m_pane->facts().fact(QStringLiteral("Identity")), QStringLiteral("not known"));
        auto details = message("x");
        details->identity.name = "alice";
        details->identity.evidence = Evidence::Verified;
        details->identity.tokenSha256 = "5e";
        details->identity.claims = "{\"sub\":\"alice\"}";
        details->identity.expires = details->time - std::chrono::minutes(5);
        details->evidence = evidenceOf(details->identity, Evidence::Verified, details->time);
        show(details);
        QCOMPARE(m_pane->identity().verdict(),
                 QStringLiteral("Expired when the message came, by 5.00 min: it proves nothing any more. Its "
                                "signature was checked and holds."));
        QVERIFY(validityWords(details->identity, details->time).startsWith(QStringLiteral("Expired")));
        QVERIFY(validityWords(details->identity, details->time - std::chrono::hours(1))
                    .startsWith(QStringLiteral("Within")));
        // One that a check refused was looked at, too; a header alone nobody can check.
        auto refused = std::make_shared<MessageDetails>(*details);
        refused->identity.evidence = refused->evidence = Evidence::Claimed;
        refused->identity.proof = "not verified: the signature does not hold";
        show(refused);
        QCOMPARE(m_pane->identity().verdict(),
                 QStringLiteral("Claimed: the message says so itself; its token proves nothing."));
        auto header = std::make_shared<MessageDetails>(*refused);
        header->identity.tokenSha256.clear();
        show(header);
        QVERIFY(m_pane->identity().verdict().endsWith(QStringLiteral("nobody has checked it.")));
    }

private:
    std::unique_ptr<DetailsPane> m_pane;
};

QTEST_MAIN(TestDetailsPane)
#include "tst_detailspane.moc"
