// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/MainWindow.h"

#include "core/base/Clock.h"
#include "core/envelope/Names.h"
#include "ui/dialogs/CommandPalette.h"
#include "ui/models/RangeHistory.h"
#include "ui/models/RateTimeline.h"
#include "ui/theme/Theme.h"
#include "ui/theme/ThemedIcon.h"
#include "ui/views/Page.h"
#include "ui/window/ConnectionChip.h"
#include "ui/window/FilterBox.h"
#include "ui/window/InsecureBanner.h"
#include "ui/window/PageRail.h"
#include "ui/window/RangeButton.h"
#include "ui/window/RangeStrip.h"
#include "ui/window/StatusStrip.h"
#include "ui/window/TopBar.h"
#include "ui/window/WindowActions.h"

#include <QCloseEvent>
#include <QDockWidget>
#include <QFileDialog>
#include <QHBoxLayout>
#include <QMenuBar>
#include <QScreen>
#include <QSettings>
#include <QStackedWidget>
#include <QStatusBar>
#include <QVBoxLayout>

#include <algorithm>

namespace weir {

namespace {
constexpr auto kGeometryKey = "window/geometry";
constexpr auto kStateKey = "window/state";
constexpr std::uint32_t kMostSubjectsFound = 5000;
} // namespace

MainWindow::MainWindow(const Ground& ground, std::vector<std::unique_ptr<Page>> pages, QWidget* parent)
    : QMainWindow(parent),
      m_ground(ground),
      m_ranges(new RangeHistory(ground.state, ground.clock, this)),
      m_timeline(new RateTimeline(ground.state, ground.clock, ground.open, this)),
      m_menuBar(new QMenuBar(this)),
      m_actions(new WindowActions(*m_menuBar)),
      m_rail(new PageRail(this)),
      m_top(new TopBar(ground.state, ground.clock, *m_ranges, *m_timeline, this)),
      m_insecure(new InsecureBanner(this)),
      m_notice(new NoticeBar(this)),
      m_stack(new QStackedWidget(this)),
      m_details(new QStackedWidget(this)),
      m_dock(new QDockWidget(tr("Details"), this)),
      m_status(new StatusStrip(this))
{
    setObjectName(QStringLiteral("mainWindow"));
    setWindowTitle(tr("Weir"));
    setWindowIcon(themedIcon(QStringLiteral("weir")));
    arrange();
    addPages(std::move(pages));
    addActions();
    addRangeActions();
    m_actions->addThemes(ground.theme);
    connect(m_rail, &PageRail::chosen, this, &MainWindow::showPage);
    connect(&m_top->chip(), &ConnectionChip::clicked, this, &MainWindow::connectRequested);
    connect(m_timeline, &RateTimeline::changed, this, [this] {
        m_status->setRangeFlaws(m_timeline->snapshot().gaps.size(), m_timeline->status().damagedBlocks);
        showReading();
    });
    connect(&m_ground.state, &ViewState::historyChanged, this, [this] {
        const QString name = QString::fromStdString(m_ground.state.history().filename().string());
        m_status->setHistory(m_ground.state.history(), 0);
        setWindowTitle(name.isEmpty() ? tr("Weir") : tr("%1 – Weir").arg(name));
    });
    restoreLayout();
    showPage(0);
}

MainWindow::~MainWindow() = default;

void MainWindow::arrange()
{
    // As wide as the window, above the rail and the docks.
    auto* head = new QWidget(this);
    auto* column = new QVBoxLayout(head);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    for (QWidget* part : std::initializer_list<QWidget*>{m_menuBar, m_insecure, m_notice, m_top})
        column->addWidget(part);
    setMenuWidget(head);
    auto* center = new QWidget(this);
    auto* row = new QHBoxLayout(center);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(0);
    row->addWidget(m_rail);
    row->addWidget(m_stack, 1);
    setCentralWidget(center);

    m_stack->setObjectName(QStringLiteral("pages"));
    m_dock->setObjectName(QStringLiteral("detailsDock"));
    m_dock->setAllowedAreas(Qt::LeftDockWidgetArea | Qt::RightDockWidgetArea | Qt::BottomDockWidgetArea);
    m_dock->setWidget(m_details);
    addDockWidget(Qt::RightDockWidgetArea, m_dock);
    statusBar()->setSizeGripEnabled(false);
    statusBar()->setContentsMargins(0, 0, 0, 0);
    statusBar()->addWidget(m_status, 1);
}

void MainWindow::addPages(std::vector<std::unique_ptr<Page>> pages)
{
    for (auto& owned : pages) {
        Page* page = owned.release();
        m_pages.push_back(page);
        m_stack->addWidget(page);
        m_rail->addPage(page->title(), page->iconName());
        if (QWidget* details = page->details())
            m_details->addWidget(details);
        const int index = static_cast<int>(m_pages.size()) - 1;
        m_actions->add(tr("&Go"), QStringLiteral("goto%1").arg(page->title()), page->title(),
                       index < 9 ? QStringLiteral("Ctrl+%1").arg(index + 1) : QString(), [this, index] {
                           showPage(index);
                           focusPage();
                       });
        connect(page, &Page::filterTermRequested, &m_top->filter(), &FilterBox::addTerm);
        connect(page, &Page::problem, this, [this](const QString& line) { notify(line); });
        connect(page, &Page::pageRequested, this, &MainWindow::showItem);
        connect(page, &Page::readingChanged, this, &MainWindow::showReading);
        connect(page, &Page::connectRequested, this, &MainWindow::connectRequested);
        connect(page, &Page::openHistoryRequested, this, &MainWindow::chooseHistory);
    }
}

void MainWindow::addActions()
{
    const QString session = tr("&Session");
    m_actions->add(session, QStringLiteral("connect"), tr("&Connect…"), QStringLiteral("Ctrl+Shift+O"),
                   [this] { emit connectRequested(); });
    m_actions->add(session, QStringLiteral("disconnect"), tr("&Disconnect"), {},
                   [this] { emit disconnectRequested(); });
    m_actions->add(session, QStringLiteral("openHistory"), tr("&Open history…"), QStringLiteral("Ctrl+O"),
                   [this] { chooseHistory(); });
    m_actions->addSeparator(session);
    m_actions->add(session, QStringLiteral("quit"), tr("&Quit"), QStringLiteral("Ctrl+Q"),
                   [this] { close(); });
    const QString view = tr("&View");
    m_actions->add(view, QStringLiteral("find"), tr("Find any page, action or subject…"),
                   QStringLiteral("Ctrl+K"), [this] { openPalette(); });
    m_actions->add(view, QStringLiteral("focusFilter"), tr("&Filter"), QStringLiteral("Ctrl+F"),
                   [this] { m_top->filter().focusLine(); });
    m_actions->add(view, QStringLiteral("clearFilter"), tr("Clear f&ilter"), QStringLiteral("Ctrl+Shift+F"),
                   [this] { m_top->filter().clearFilter(); });
    m_actions->add(view, QStringLiteral("toggleDetails"), tr("Show or hide &details"), QStringLiteral("F9"),
                   [this] {
                       m_detailsWanted = !m_dock->isVisible();
                       m_dock->setVisible(m_detailsWanted &&
                                          m_pages[static_cast<std::size_t>(m_rail->current())]->details());
                   });
}

void MainWindow::addRangeActions()
{
    const QString go = tr("&Go");
    m_actions->addSeparator(go);
    m_actions->add(go, QStringLiteral("toggleLive"), tr("&Hold the time range, or go live"),
                   QStringLiteral("Ctrl+L"), [this] { m_top->toggleLive(); });
    m_actions->add(go, QStringLiteral("rangeDialogAction"), tr("Time &range from … to …"),
                   QStringLiteral("Ctrl+R"), [this] { m_top->range().askForRange(); });
    m_actions->add(go, QStringLiteral("rangeBackAction"), tr("&Back to the range before"),
                   QStringLiteral("Alt+Left"), [this] { m_ranges->goBack(); });
    m_actions->add(go, QStringLiteral("rangeEarlier"), tr("&Earlier by one range"),
                   QStringLiteral("Ctrl+PgUp"), [this] { m_ranges->shift(-1); });
    m_actions->add(go, QStringLiteral("rangeLater"), tr("&Later by one range"), QStringLiteral("Ctrl+PgDown"),
                   [this] { m_ranges->shift(1); });
    m_actions->add(go, QStringLiteral("focusStrip"), tr("Rate &strip"), QStringLiteral("Ctrl+T"),
                   [this] { m_top->strip().setFocus(Qt::ShortcutFocusReason); });
}

void MainWindow::showPage(int index)
{
    if (index < 0 || index >= static_cast<int>(m_pages.size()))
        return;
    Page* page = m_pages[static_cast<std::size_t>(index)];
    m_rail->setCurrent(index);
    m_stack->setCurrentWidget(page);
    showReading();
    QWidget* details = page->details();
    if (details)
        m_details->setCurrentWidget(details);
    m_dock->setVisible(details && m_detailsWanted);
}

void MainWindow::showItem(const QString& name, const QString& item)
{
    const auto page =
        std::find_if(m_pages.begin(), m_pages.end(), [&](const Page* each) { return each->name() == name; });
    if (page == m_pages.end())
        return;
    showPage(static_cast<int>(page - m_pages.begin()));
    (*page)->showItem(item);
    focusPage();
}

void MainWindow::showReading()
{
    const auto* page = qobject_cast<const Page*>(m_stack->currentWidget());
    const bool strip = m_timeline->status().state == FollowStatus::State::CatchingUp;
    m_status->setReading(strip || (page && page->isReading()));
}

void MainWindow::focusPage()
{
    QWidget* const page = m_stack->currentWidget();
    for (QWidget* next = page->nextInFocusChain(); next && next != page; next = next->nextInFocusChain()) {
        if (page->isAncestorOf(next) && next->isVisible() && (next->focusPolicy() & Qt::TabFocus)) {
            next->setFocus(Qt::ShortcutFocusReason);
            return;
        }
    }
    m_rail->focusCurrent(); // the page is still reading
}

void MainWindow::setStatus(const CaptureStatus& status)
{
    const ConnectionStatus& connection = status.connection;
    m_top->chip().setStatus(connection);
    const bool open =
        connection.phase != ConnectionPhase::Idle && connection.phase != ConnectionPhase::Closed;
    const bool insecure = open && connection.tls && !connection.tlsVerified;
    m_insecure->showFor(insecure ? QString::fromStdString(connection.server) : QString());
    const QString trouble = connectionTrouble(connection);
    m_notice->setStanding(status.failure       ? QString::fromStdString(status.failure->line())
                          : !trouble.isEmpty() ? trouble
                          : !status.keysProblem.empty()
                              ? tr("Tokens are not verified, they count as claimed: %1")
                                    .arg(QString::fromStdString(status.keysProblem))
                              : QString());
    m_status->setStatus(status, m_ground.state.history(), m_ground.clock.steady());
}

void MainWindow::setNoCapture()
{
    m_top->chip().setStatus({});
    m_insecure->showFor({});
    m_notice->setStanding({});
    m_status->setNoCapture(m_ground.state.history());
}

void MainWindow::notify(const QString& line, NoticeAction action)
{
    m_notice->notify(line, std::move(action));
}

void MainWindow::openPalette()
{
    QList<Command> commands = m_actions->commands();
    if (const auto names = m_timeline->names()) {
        const std::uint32_t count = std::min(names->subjects.size(), kMostSubjectsFound);
        for (std::uint32_t id = 1; id <= count; ++id) {
            const std::string_view name = names->subjects.name(SubjectId{id});
            const QString subject = QString::fromUtf8(name.data(), static_cast<qsizetype>(name.size()));
            commands.append({subject, tr("Subject"), {}, [this, subject] {
                                 m_top->filter().addTerm(QStringLiteral("subject:") + subject);
                             }});
        }
    }
    auto* palette = new CommandPalette(std::move(commands), this);
    palette->setAttribute(Qt::WA_DeleteOnClose);
    palette->open();
}

void MainWindow::chooseHistory()
{
    const QString path =
        QFileDialog::getOpenFileName(this, tr("Open a history"), {}, tr("Histories (*.db);;All files (*)"));
    if (!path.isEmpty())
        emit historyChosen(path);
}

void MainWindow::restoreLayout()
{
    resize(1440, 900);
    m_dock->setMinimumWidth(260);
    resizeDocks({m_dock}, {380}, Qt::Horizontal);
    restoreGeometry(m_ground.settings.value(QLatin1String(kGeometryKey)).toByteArray());
    restoreState(m_ground.settings.value(QLatin1String(kStateKey)).toByteArray());
    if (!isMaximized() && !isFullScreen()) // nor larger than a screen that is smaller than the last one
        resize(size().boundedTo(screen()->availableSize()));
}

bool MainWindow::event(QEvent* event)
{
    if (event->type() == QEvent::ThemeChange)
        m_ground.theme.followSystem();
    return QMainWindow::event(event);
}

void MainWindow::closeEvent(QCloseEvent* event)
{
    m_ground.settings.setValue(QLatin1String(kGeometryKey), saveGeometry());
    m_ground.settings.setValue(QLatin1String(kStateKey), saveState());
    QMainWindow::closeEvent(event);
}

} // namespace weir
