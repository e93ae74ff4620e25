// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/Gap.h"
#include "core/envelope/Names.h"
#include "tests/support/ManualClock.h"
#include "tests/support/WarningFreeTest.h"
#include "tests/ui/OneBatchReader.h"
#include "ui/models/ViewState.h"
#include "ui/theme/Theme.h"
#include "ui/theme/ThemeColors.h"
#include "ui/views/Page.h"
#include "ui/window/FilterLine.h"
#include "ui/window/MainWindow.h"
#include "ui/window/RateStripPainter.h"

#include <QApplication>
#include <QDir>
#include <QDockWidget>
#include <QHelpEvent>
#include <QImage>
#include <QLabel>
#include <QListView>
#include <QMenu>
#include <QPainter>
#include <QScreen>
#include <QSettings>
#include <QSignalSpy>
#include <QStackedWidget>
#include <QTemporaryDir>
#include <QTest>
#include <QToolButton>
#include <QToolTip>
#include <QVBoxLayout>

#include <optional>

using namespace weir;
using namespace std::chrono_literals;

namespace {

/// A page that only has a name.
class NamedPage : public Page
{
public:
    NamedPage(QString title, QWidget* details) : m_title(std::move(title)), m_details(details)
    {
        if (m_details)
            m_details->setParent(this);
    }
    QString title() const override { return m_title; }
    QString iconName() const override { return QStringLiteral(":/icons/messages.svg"); }
    QWidget* details() override { return m_details; }

private:
    QString m_title;
    QWidget* m_details;
};

std::vector<std::unique_ptr<Page>> threePages()
{
    std::vector<std::unique_ptr<Page>> pages;
    pages.push_back(
        std::make_unique<NamedPage>(QStringLiteral("Messages"), new QLabel(QStringLiteral("details"))));
    pages.push_back(std::make_unique<NamedPage>(QStringLiteral("Subjects"), nullptr));
    auto* field = new QLineEdit;
    field->setObjectName(QStringLiteral("pageField"));
    (new QVBoxLayout(pages.back().get()))->addWidget(field);
    pages.push_back(std::make_unique<NamedPage>(QStringLiteral("Latency"), nullptr));
    return pages;
}

} // namespace

/// Drives the real window by mouse and keys.
class TestMainWindow : public test::WarningFreeTest
{
    Q_OBJECT

    void setUp() override;
    void tearDown() override;

private slots:
    void isNeverLargerThanItsScreen();
    void keysSwitchPages();
    void digitsSwitchPagesOnTheRail();
    void rangeMenuSetsTheRange();
    void rangeDialogChecksWhileTyping();
    void pauseHoldsTheRangeAndLiveComesBack();
    void brushingSetsTheRangeAndBackUndoesIt();
    void keysBrushToo();
    void stripShowsRateAndTellsOfGaps();
    void wrongFilterIsMarkedAndNotApplied();
    void filterIsAppliedClearedAndExtended();
    void paletteFindsPagesAndActions();
    void themeSwitches();
    void statusIsSaidInWords();
    void troubleWithTheConnectionIsSaidWhole();
    void aBriefGapIsSeen();
    void neverCompleteOverAGap();
    void verificationOffStaysInTheFrame();
    void everyControlHasANameAndTakesFocus();

private:
    template<typename T = QWidget>
    T* find(const char* name)
    {
        return m_window->findChild<T*>(QLatin1String(name));
    }
    [[nodiscard]] std::shared_ptr<const test::HistoryContent> content();
    QStackedWidget* pages() { return find<QStackedWidget>("pages"); }
    void screenshot(const QString& name, QWidget* widget = nullptr);

    std::optional<QTemporaryDir> m_dir;
    std::optional<QSettings> m_settings;
    std::optional<test::ManualClock> m_clock;
    std::optional<ViewState> m_state;
    std::optional<Theme> m_theme;
    std::optional<MainWindow> m_window;
};

void TestMainWindow::setUp()
{
    m_dir.emplace();
    m_settings.emplace(m_dir->filePath(QStringLiteral("weir.ini")), QSettings::IniFormat);
    m_clock.emplace();
    m_state.emplace();
    m_theme.emplace(*qApp, *m_settings);
    m_window.emplace(MainWindow::Ground{*m_state, *m_theme, *m_clock, *m_settings,
                                        test::OneBatchReader::opener(content())},
                     threePages());
    m_window->show();
    QVERIFY(QTest::qWaitForWindowActive(&*m_window));
}

void TestMainWindow::tearDown()
{
    screenshot(QLatin1String(QTest::currentTestFunction()));
    m_window.reset();
    m_theme.reset();
    m_state.reset();
    m_settings.reset();
}

/// Five minutes of traffic that swells, with one stretch missing.
std::shared_ptr<const test::HistoryContent> TestMainWindow::content()
{
    auto content = std::make_shared<test::HistoryContent>();
    const Timestamp start = m_clock->now() - 5min;
    const SubjectId subject = content->names->subjects.intern("orders.new");
    std::uint64_t seq = 0;
    for (int second = 0; second < 300; ++second) {
        const int messages = second > 190 && second < 215 ? 0 : 20 + second / 10 + second * 7 % 11;
        for (int i = 0; i < messages; ++i) {
            Message message;
            message.seq = ++seq;
            message.time = start + std::chrono::seconds(second) + i * 1ms;
            message.subject = subject;
            content->messages.push_back(message);
        }
    }
    content->gaps.push_back(
        {start + 191s, start + 215s, GapCause::Disconnected, 900, true, "the server closed the connection"});
    return content;
}

void TestMainWindow::screenshot(const QString& name, QWidget* widget)
{
    const QString dir = qEnvironmentVariable("WEIR_SCREENSHOT_DIR");
    if (dir.isEmpty())
        return;
    QCoreApplication::processEvents(); // the layout of what has just changed
    QVERIFY((widget ? widget : &*m_window)->grab().save(QDir(dir).filePath(name + QStringLiteral(".png"))));
}

void TestMainWindow::isNeverLargerThanItsScreen()
{
    const QSize room = m_window->screen()->availableSize();
    QVERIFY(m_window->width() <= room.width() && m_window->height() <= room.height());
}

void TestMainWindow::keysSwitchPages()
{
    QCOMPARE(pages()->currentIndex(), 0);
    QVERIFY(find<QDockWidget>("detailsDock")->isVisible());
    QTest::keyClick(&*m_window, Qt::Key_2, Qt::ControlModifier);
    QCOMPARE(pages()->currentIndex(), 1);
    QVERIFY(!find<QDockWidget>("detailsDock")->isVisible());
    QVERIFY(find<QToolButton>("railSubjects")->isChecked());
    QVERIFY(find("pageField")->hasFocus());
    QTest::keyClick(&*m_window, Qt::Key_1, Qt::ControlModifier);
    QVERIFY(find<QDockWidget>("detailsDock")->isVisible());
    QTest::keyClick(&*m_window, Qt::Key_F9);
    QVERIFY(!find<QDockWidget>("detailsDock")->isVisible());
}

void TestMainWindow::digitsSwitchPagesOnTheRail()
{
    auto* first = find<QToolButton>("railMessages");
    first->setFocus();
    QTest::keyClick(first, Qt::Key_3);
    QCOMPARE(pages()->currentIndex(), 2);
    QTest::mouseClick(find("railSubjects"), Qt::LeftButton);
    QCOMPARE(pages()->currentIndex(), 1);
}

void TestMainWindow::rangeMenuSetsTheRange()
{
    auto* button = find<QToolButton>("rangeButton");
    QCOMPARE(button->text(), QStringLiteral("Live · last 5 min"));
    find<QAction>("range1h")->trigger();
    QCOMPARE(m_state->range().span, Nanoseconds(1h));
    QCOMPARE(button->text(), QStringLiteral("Live · last 1 h"));
    QVERIFY(find<QAction>("range1h")->isChecked());
    QVERIFY(!find<QAction>("range5m")->isChecked());
}

void TestMainWindow::rangeDialogChecksWhileTyping()
{
    QTest::keyClick(&*m_window, Qt::Key_R, Qt::ControlModifier);
    auto* dialog = find("rangeDialog");
    QVERIFY(dialog);
    auto* from = dialog->findChild<QLineEdit*>(QStringLiteral("rangeFrom"));
    auto* to = dialog->findChild<QLineEdit*>(QStringLiteral("rangeTo"));
    auto* show = dialog->findChild<QWidget*>(QStringLiteral("rangeShow"));
    QVERIFY(show->isEnabled());
    from->setText(QStringLiteral("yesterday"));
    QVERIFY(!show->isEnabled());
    QVERIFY(dialog->findChild<QLabel*>(QStringLiteral("rangeMessage"))
                ->text()
                .startsWith(QStringLiteral("From:")));
    from->setText(QStringLiteral("2026-11-20T03:12:00Z"));
    to->setText(QStringLiteral("2026-11-20T03:07:00Z"));
    QVERIFY(!show->isEnabled());
    to->setText(QStringLiteral("2026-11-20T03:17:00Z"));
    QTest::keyClick(to, Qt::Key_Return);
    QVERIFY(!m_state->range().live);
    QCOMPARE(m_state->range().to - m_state->range().from, Nanoseconds(5min));
    QCOMPARE(find<QToolButton>("rangeButton")->text(), QStringLiteral("20 Nov 03:12:00 – 03:17:00 UTC"));
}

void TestMainWindow::pauseHoldsTheRangeAndLiveComesBack()
{
    QTest::mouseClick(find("liveButton"), Qt::LeftButton);
    const TimeRange held = m_state->range();
    QVERIFY(!held.live);
    QCOMPARE(held.to, m_clock->now());
    QCOMPARE(held.to - held.from, Nanoseconds(5min));
    QCOMPARE(find<QToolButton>("liveButton")->text(), QStringLiteral("Go live"));
    QTest::keyClick(&*m_window, Qt::Key_L, Qt::ControlModifier);
    QVERIFY(m_state->range().live);
    QCOMPARE(m_state->range().span, Nanoseconds(5min));
}

void TestMainWindow::brushingSetsTheRangeAndBackUndoesIt()
{
    auto* strip = find("rangeStrip");
    const int width = strip->width();
    QTest::mousePress(strip, Qt::LeftButton, {}, QPoint(width / 4, 20));
    QTest::mouseMove(strip, QPoint(width / 2, 20));
    QTest::mouseRelease(strip, Qt::LeftButton, {}, QPoint(width / 2, 20));
    const TimeRange brushed = m_state->range();
    QVERIFY(!brushed.live);
    const auto seconds = std::chrono::duration<double>(brushed.to - brushed.from).count();
    QVERIFY2(std::abs(seconds - 75) < 2, qPrintable(QString::number(seconds)));
    const auto age = std::chrono::duration<double>(m_clock->now() - brushed.to).count();
    QVERIFY2(std::abs(age - 150) < 2, qPrintable(QString::number(age)));
    QTest::keyClick(&*m_window, Qt::Key_Left, Qt::AltModifier);
    QVERIFY(m_state->range().live);
    QTest::mouseClick(strip, Qt::LeftButton, {}, QPoint(width / 4, 20));
    QVERIFY(m_state->range().live);
}

void TestMainWindow::keysBrushToo()
{
    auto* strip = find("rangeStrip");
    QTest::keyClick(&*m_window, Qt::Key_T, Qt::ControlModifier);
    QVERIFY(strip->hasFocus());
    for (int i = 0; i < 6; ++i)
        QTest::keyClick(strip, Qt::Key_Right, Qt::ShiftModifier);
    QTest::keyClick(strip, Qt::Key_Return);
    QVERIFY(!m_state->range().live);
    QCOMPARE(m_state->range().to - m_state->range().from, Nanoseconds(30s));
    QTest::keyClick(strip, Qt::Key_Minus);
    QCOMPARE(m_state->range().to - m_state->range().from, Nanoseconds(60s));
    const Timestamp from = m_state->range().from;
    QTest::keyClick(strip, Qt::Key_PageUp);
    QCOMPARE(m_state->range().to, from);
}

void TestMainWindow::stripShowsRateAndTellsOfGaps()
{
    auto* strip = find("rangeStrip");
    m_state->setHistory("night.db");
    const auto tipAt = [&](int x) {
        QHelpEvent help(QEvent::ToolTip, QPoint(x, 20), strip->mapToGlobal(QPoint(x, 20)));
        QCoreApplication::sendEvent(strip, &help);
        return QToolTip::text();
    };
    QTRY_VERIFY(tipAt(strip->width() / 2).contains(QStringLiteral("messages in 1.00 s")));
    const int inGap = strip->width() * 203 / 300;
    QTRY_VERIFY(tipAt(inGap).contains(QStringLiteral("the server closed the connection")));
    const QString gap = tipAt(inGap);
    QVERIFY2(gap.contains(QStringLiteral("about 900 messages missing")), qPrintable(gap));
    QCOMPARE(find<QLabel>("statusHistory")->text(), QStringLiteral("night.db"));
    QCOMPARE(m_window->windowTitle(), QStringLiteral("night.db – Weir"));
    CaptureStatus status;
    status.connection.phase = ConnectionPhase::Connected;
    status.connection.server = "n1 tls://broker.example:4222";
    status.connection.tls = true;
    status.connection.roundTrip = 412us;
    status.bytesOnDisk = 1'240'000'000;
    status.coverage.received = status.coverage.stored = 12'000;
    m_window->setStatus(status);
    screenshot(QStringLiteral("strip"));
    find<QAction>("themeDark")->trigger();
    screenshot(QStringLiteral("stripDark"));
    m_window->resize(1024, 640);
    screenshot(QStringLiteral("stripSmall"));
}

void TestMainWindow::wrongFilterIsMarkedAndNotApplied()
{
    QTest::keyClick(&*m_window, Qt::Key_F, Qt::ControlModifier);
    auto* line = find<FilterLine>("filterLine");
    QVERIFY(line->hasFocus());
    const QString wrong = QStringLiteral("subject:a bogus:1");
    line->setText(wrong);
    const auto error = Filter::check(wrong.toStdString());
    QVERIFY(error);
    QCOMPARE(line->marked().first, qsizetype(error->column));
    auto* message = find<QLabel>("filterError");
    QTRY_VERIFY(message->isVisible());
    QVERIFY(message->text().contains(QString::fromStdString(error->error.why), Qt::CaseInsensitive));
    QTest::keyClick(line, Qt::Key_Return);
    QVERIFY(m_state->filter().isEmpty());
    screenshot(QStringLiteral("filterError"));
    QTest::keyClick(line, Qt::Key_Escape);
    QCOMPARE(line->text(), QString());
    QVERIFY(!message->isVisible());
}

void TestMainWindow::filterIsAppliedClearedAndExtended()
{
    auto* line = find<FilterLine>("filterLine");
    line->setFocus();
    QTest::keyClicks(line, QStringLiteral("pop:FRA "));
    QVERIFY(m_state->filter().isEmpty());
    QVERIFY(find("filterApply")->isVisible());
    QTest::keyClick(line, Qt::Key_Return);
    QCOMPARE(QString::fromStdString(m_state->filter().text()), QStringLiteral("pop:FRA "));
    QVERIFY(!find("filterApply")->isVisible());
    auto* page = qobject_cast<Page*>(pages()->widget(0));
    emit page->filterTermRequested(QStringLiteral("subject:orders.>"));
    QCOMPARE(QString::fromStdString(m_state->filter().text()), QStringLiteral("pop:FRA subject:orders.>"));
    QTest::mouseClick(find("filterClear"), Qt::LeftButton);
    QVERIFY(m_state->filter().isEmpty());
}

void TestMainWindow::paletteFindsPagesAndActions()
{
    QTest::keyClick(&*m_window, Qt::Key_K, Qt::ControlModifier);
    auto* palette = find("commandPalette");
    QVERIFY(palette);
    auto* search = palette->findChild<QLineEdit*>(QStringLiteral("paletteSearch"));
    QTest::keyClicks(search, QStringLiteral("lat"));
    screenshot(QStringLiteral("palette"), palette);
    QTest::keyClick(search, Qt::Key_Return);
    QCOMPARE(pages()->currentIndex(), 2);
    QSignalSpy connectAsked(&*m_window, &MainWindow::connectRequested);
    QTRY_VERIFY(!find("commandPalette"));
    m_window->activateWindow();
    QVERIFY(QTest::qWaitForWindowActive(&*m_window));
    QTest::keyClick(&*m_window, Qt::Key_K, Qt::ControlModifier);
    search = find<QLineEdit>("paletteSearch");
    QTest::keyClicks(search, QStringLiteral("connect"));
    QTest::keyClick(search, Qt::Key_Return);
    QCOMPARE(connectAsked.count(), 1);
}

void TestMainWindow::themeSwitches()
{
    find<QAction>("themeDark")->trigger();
    QVERIFY(ThemeColors::of(m_window->palette()).dark);
    screenshot(QStringLiteral("dark"));
    find<QAction>("themeLight")->trigger();
    QVERIFY(!ThemeColors::of(m_window->palette()).dark);
    QCOMPARE(m_settings->value(QStringLiteral("theme/mode")).toString(), QStringLiteral("light"));
}

void TestMainWindow::statusIsSaidInWords()
{
    m_window->resize(1440, 900);
    CaptureStatus status;
    status.connection.phase = ConnectionPhase::Connected;
    status.connection.server = "n1 nats://127.0.0.1:4222";
    m_window->setStatus(status);
    QCOMPARE(find<QLabel>("statusCoverage")->text(), QStringLiteral("Complete"));
    m_clock->advance(1s);
    status.coverage.received = 12'400;
    status.coverage.droppedBroker = 120;
    status.coverage.gaps = 1;
    status.connection.sampleOneIn = 8;
    status.connection.phase = ConnectionPhase::Reconnecting;
    m_window->setStatus(status);
    QCOMPARE(find<QLabel>("statusReceived")->text(), QStringLiteral("12.4 k/s"));
    QCOMPARE(find<QLabel>("statusDropped")->text(), QStringLiteral("120"));
    QCOMPARE(find<QLabel>("statusSampled")->text(), QStringLiteral("about 1 in 8"));
    QCOMPARE(find<QLabel>("statusCoverage")->text(), QStringLiteral("Incomplete: 1 gap, 120 dropped"));
    QVERIFY(find("connectionChip")->accessibleName().contains(QStringLiteral("Reconnecting")));
    status.connection.urls = "nats://127.0.0.1:4222";
    status.connection.detail = "the server closed the connection; next attempt in 2 s";
    m_window->setStatus(status);
    QCOMPARE(find<QLabel>("noticeText")->text(),
             QStringLiteral("Lost the connection to nats://127.0.0.1:4222: the server closed the connection; "
                            "next attempt in 2 s"));
    // Where room is short, what is missing comes first.
    status.bytesOnDisk = 8'050'000;
    m_state->setHistory("night.db");
    m_window->setStatus(status);
    QCOMPARE(find<QLabel>("statusHistory")->text(), QStringLiteral("8.05 MB · night.db"));
    QVERIFY(find("statusRoundTrip")->isVisible());
    m_window->resize(1024, 640);
    QTRY_COMPARE(find<QLabel>("statusHistory")->text(), QStringLiteral("8.05 MB"));
    QVERIFY(!find("statusRoundTrip")->isVisible());
    QVERIFY(find("statusCoverage")->width() >= find("statusCoverage")->sizeHint().width());
    status.failure = Error{ErrorCode::DiskFull, "storing h.db", "no space left", "free some space"};
    m_window->setStatus(status);
    QVERIFY(find("noticeBar")->isVisible());
    QCOMPARE(find<QLabel>("noticeText")->text(),
             QStringLiteral("Storing h.db failed: no space left (free some space)"));
    screenshot(QStringLiteral("trouble"));
    m_window->setNoCapture();
    QVERIFY(!find("noticeBar")->isVisible());
}

/// Who was never connected is not "reconnecting"; the URL, the reason and what to do are said.
void TestMainWindow::troubleWithTheConnectionIsSaidWhole()
{
    CaptureStatus status;
    status.connection.phase = ConnectionPhase::Connecting;
    status.connection.urls = "nats://broker.example:4222";
    m_window->setStatus(status);
    QVERIFY(!find("noticeBar")->isVisible());
    QCOMPARE(find<QToolButton>("connectionChip")->accessibleName(),
             QString::fromUtf8("Connection: Connecting · nats://broker.example:4222"));
    status.connection.attempts = 3;
    status.connection.detail = "connection refused; next attempt in 2.00 s";
    status.connection.hint = "nothing listens there: check the port and that the server runs";
    m_window->setStatus(status);
    QCOMPARE(find<QLabel>("noticeText")->text(),
             QStringLiteral("Connecting to nats://broker.example:4222, attempt 3: connection refused; next "
                            "attempt in 2.00 s (nothing listens there: check the port and that the server "
                            "runs)"));
    QVERIFY(!find("connectionChip")->accessibleName().contains(QStringLiteral("Reconnecting")));
    QVERIFY(find("connectionChip")->toolTip().contains(QStringLiteral("nothing listens there")));
    screenshot(QStringLiteral("neverConnected"));
    status.connection.phase = ConnectionPhase::Reconnecting;
    m_window->setStatus(status);
    QVERIFY(find<QLabel>("noticeText")
                ->text()
                .startsWith(QStringLiteral(
                    "Reconnecting to nats://broker.example:4222, attempt 3: connection refused")));
    status.connection = {};
    status.connection.phase = ConnectionPhase::Connected;
    m_window->setStatus(status);
    QVERIFY(!find("noticeBar")->isVisible());
}

/// A gap of part of a second is a line from top to bottom, not a few dots.
void TestMainWindow::aBriefGapIsSeen()
{
    const Timestamp from = m_clock->now();
    StripPicture picture;
    picture.scale = {from, from + 5min, QRectF(0, 0, 600, 40)};
    picture.rates.begins = from - 1h;
    picture.rates.gaps = {{from + 125s, from + 125s + 200ms, GapCause::Disconnected, {}, false, {}}};
    QImage image(600, 60, QImage::Format_RGB32);
    QPainter painter(&image);
    paintRateStrip(painter, picture, m_window->palette());
    painter.end();
    for (int y = 3; y < 39; ++y)
        QCOMPARE(image.pixel(251, y), image.pixel(251, 2));
    QVERIFY(image.pixel(251, 20) != image.pixel(240, 20));
}

/// However whole the present recording is: a gap in the range that is looked at is said.
void TestMainWindow::neverCompleteOverAGap()
{
    auto* coverage = find<QLabel>("statusCoverage");
    CaptureStatus status;
    status.connection.phase = ConnectionPhase::Connected;
    status.coverage.received = status.coverage.stored = 12'000;
    m_window->setStatus(status);
    QCOMPARE(coverage->text(), QStringLiteral("Complete"));
    m_state->setHistory("night.db");
    QTRY_COMPARE(coverage->text(), QStringLiteral("Incomplete: 1 gap in the time range"));
    m_window->setStatus(status);
    QCOMPARE(coverage->text(), QStringLiteral("Incomplete: 1 gap in the time range"));
    screenshot(QStringLiteral("gapInRange"));
    const Timestamp now = m_clock->now();
    m_state->setRange({false, {}, now - 60s, now});
    QTRY_COMPARE(coverage->text(), QStringLiteral("Complete"));
    m_window->setNoCapture();
    QCOMPARE(coverage->text(), QStringLiteral("Not recording"));
    m_state->setRange({});
    QTRY_COMPARE(coverage->text(), QString::fromUtf8("Not recording · 1 gap in the time range"));
}

void TestMainWindow::verificationOffStaysInTheFrame()
{
    CaptureStatus status;
    status.connection.phase = ConnectionPhase::Connected;
    status.connection.server = "n1 tls://broker.example:4222";
    status.connection.tls = true;
    m_window->setStatus(status);
    QVERIFY(!find("insecureBanner")->isVisible());
    status.connection.tlsVerified = false;
    m_window->setStatus(status);
    QVERIFY(find("insecureBanner")->isVisible());
    status.connection.phase = ConnectionPhase::Reconnecting;
    m_window->setStatus(status);
    QVERIFY(find("insecureBanner")->isVisible());
    QVERIFY(find("insecureBanner")->accessibleName().contains(QStringLiteral("OFF")));
    screenshot(QStringLiteral("insecure"));
    m_window->setNoCapture();
    QVERIFY(!find("insecureBanner")->isVisible());
}

void TestMainWindow::everyControlHasANameAndTakesFocus()
{
    for (const char* name : {"connectionChip", "rangeButton", "liveButton", "filterLine", "filterClear",
                             "rangeStrip", "railMessages", "rangeBack"}) {
        auto* widget = find(name);
        QVERIFY2(widget, name);
        QVERIFY2(!widget->accessibleName().isEmpty(), name);
        QVERIFY2(widget->focusPolicy() & Qt::TabFocus, name);
    }
}

QTEST_MAIN(TestMainWindow)
#include "tst_mainwindow.moc"
