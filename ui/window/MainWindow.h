// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/capture/CaptureSession.h"
#include "core/history/HistoryFollower.h"
#include "ui/window/NoticeBar.h"

#include <QMainWindow>

#include <memory>
#include <vector>

class QDockWidget;
class QMenuBar;
class QSettings;
class QStackedWidget;

namespace weir {

class Clock;
class InsecureBanner;
class Page;
class PageRail;
class RangeHistory;
class RateTimeline;
class StatusStrip;
class Theme;
class TopBar;
class ViewState;
class WindowActions;

/// The console's window. It only arranges: rail, top bar, pages, details, status bar. gui thread.
class MainWindow : public QMainWindow
{
    Q_OBJECT
public:
    /// What the window stands on; all of it outlives the window.
    struct Ground
    {
        ViewState& state;
        Theme& theme;
        Clock& clock;
        QSettings& settings;
        HistoryFollower::Opener open = &HistoryReader::open;
    };

    MainWindow(const Ground& ground, std::vector<std::unique_ptr<Page>> pages, QWidget* parent = nullptr);
    ~MainWindow() override;

    /// How the running capture stands; a few times a second. The history shown is the view state's.
    void setStatus(const CaptureStatus& status);
    /// No capture runs.
    void setNoCapture();
    /// One line that the user should read, and a way on from there.
    void notify(const QString& line, NoticeAction action = {});
    void showPage(int index);

signals:
    /// The user wants the connect dialog.
    void connectRequested();
    void disconnectRequested();
    /// The user chose a history file to look at.
    void historyChosen(const QString& path);

protected:
    bool event(QEvent* event) override;
    void closeEvent(QCloseEvent* event) override;

private:
    void arrange();
    void addPages(std::vector<std::unique_ptr<Page>> pages);
    void addActions();
    void addRangeActions();
    void openPalette();
    void chooseHistory();
    void showItem(const QString& page, const QString& item);
    void showReading();
    void restoreLayout();
    /// Gives the keyboard to the first control of the page, or to the rail while it shows none.
    void focusPage();

    Ground m_ground;
    RangeHistory* m_ranges;
    RateTimeline* m_timeline;
    QMenuBar* m_menuBar;
    WindowActions* m_actions;
    PageRail* m_rail;
    TopBar* m_top;
    InsecureBanner* m_insecure;
    NoticeBar* m_notice;
    QStackedWidget* m_stack;
    QStackedWidget* m_details;
    QDockWidget* m_dock;
    StatusStrip* m_status;
    std::vector<Page*> m_pages; ///< owned by m_stack
    bool m_detailsWanted = true;
};

} // namespace weir
