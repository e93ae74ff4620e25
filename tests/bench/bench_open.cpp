// SPDX-License-Identifier: GPL-3.0-or-later
// How long the real window takes from being told to open a history to having painted its first rows, against
// an empty history to the words that say so; and how long its event loop ever stands still while somebody
// drags through all of the history, and to and fro within it. Histories as bench_query keeps them.
//   QT_QPA_PLATFORM=offscreen|xcb bench_open HISTORY EMPTY [SECONDS]
#include "app/Console.h"
#include "tests/bench/Beats.h"
#include "ui/views/HugeTableView.h"
#include "ui/views/MessagesPage.h"
#include "ui/window/MainWindow.h"

#include <QApplication>
#include <QEvent>
#include <QScrollBar>
#include <QTimer>

#include <cstdio>
#include <cstdlib>
#include <random>

using namespace weir;
using weir::bench::Beats;
using weir::bench::kBeat;
using weir::bench::SteadyClock;

namespace {

/// Ends the event loop with the first paint that shows what the history has.
class FirstPaint : public QObject
{
public:
    explicit FirstPaint(MessagesPage& page) : m_page(page) { qApp->installEventFilter(this); }

    bool eventFilter(QObject* watched, QEvent* event) override
    {
        auto* widget = event->type() == QEvent::Paint ? qobject_cast<QWidget*>(watched) : nullptr;
        if (widget == nullptr || !m_page.isAncestorOf(widget) || !m_page.model().isOpened())
            return false;
        const MessageTableModel& model = m_page.model();
        const bool rows = model.rowCount() > 0;
        const bool there = rows ? widget == m_page.table().viewport() &&
                                      model.rowAt(m_page.table().lastShown() - 1) != nullptr
                                : true;
        if (there)
            QApplication::quit(); // ends when this paint is done
        return false;
    }

private:
    MessagesPage& m_page;
};

struct Window
{
    Window()
    {
        console.window().resize(1440, 900);
        console.show();
        for (int i = 0; i < 20; ++i)
            QApplication::processEvents();
    }
    [[nodiscard]] MessagesPage& page() { return *console.window().findChild<MessagesPage*>(); }

    Console console;
};

double secondsToOpen(const char* history)
{
    Window window;
    const FirstPaint paint(window.page());
    const auto begin = SteadyClock::now();
    window.console.openHistory(history);
    QApplication::exec();
    return std::chrono::duration<double>(SteadyClock::now() - begin).count();
}

double median(const char* history)
{
    (void)secondsToOpen(history);
    std::vector<double> taken;
    for (int i = 0; i < 9; ++i)
        taken.push_back(secondsToOpen(history));
    std::sort(taken.begin(), taken.end());
    return taken[taken.size() / 2];
}

/// A hand on the scroll bar: to anywhere, then some screens to and fro, again and again.
class Drag : public QObject
{
public:
    explicit Drag(QScrollBar& bar) : m_bar(bar) {}
    void step()
    {
        if (m_steps++ % 16 == 0)
            m_place = std::uniform_int_distribution<int>(0, m_bar.maximum())(m_random);
        const int offset = static_cast<int>(m_steps % 8) * m_bar.pageStep();
        m_bar.setValue(m_steps % 16 < 8 ? m_place + offset : m_place - offset);
    }

private:
    QScrollBar& m_bar;
    std::mt19937 m_random{7};
    std::size_t m_steps = 0;
    int m_place = 0;
};

void drag(const char* history, int seconds)
{
    Window window;
    const FirstPaint paint(window.page());
    window.console.openHistory(history);
    QApplication::exec();
    qApp->removeEventFilter(const_cast<FirstPaint*>(&paint));
    Beats beats;
    Drag hand(*window.page().table().verticalScrollBar());
    QTimer beat;
    beat.setTimerType(Qt::PreciseTimer);
    QObject::connect(&beat, &QTimer::timeout, [&beats] { beats.beat(); });
    beat.start(kBeat);
    QTimer move;
    std::size_t steps = 0;
    std::size_t late = 0; // steps whose rows were not there by the next one
    QObject::connect(&move, &QTimer::timeout, [&] {
        late +=
            steps > 0 && window.page().model().rowAt(window.page().table().firstShown()) == nullptr ? 1 : 0;
        ++steps;
        hand.step();
    });
    move.start(std::chrono::milliseconds(30));
    QTimer::singleShot(std::chrono::seconds(seconds), qApp, &QApplication::quit);
    QApplication::exec();
    std::printf("scrolling anywhere, 33 times a second: %zu steps, rows not there 30 ms later: %zu\n", steps,
                late);
    const ColumnCache::Counts columns = window.console.columns().counts();
    std::printf("  columns found unpacked: %llu of %llu, %.1f MiB held\n",
                static_cast<unsigned long long>(columns.hits),
                static_cast<unsigned long long>(columns.hits + columns.misses),
                static_cast<double>(columns.bytes) / (1 << 20));
    beats.print("window");
}

} // namespace

int main(int argc, char** argv)
{
    QApplication application(argc, argv);
    QApplication::setOrganizationName("weir-bench");
    if (argc < 3) {
        std::fprintf(stderr, "bench_open HISTORY EMPTY [SECONDS]\n");
        return EXIT_FAILURE;
    }
    const double full = median(argv[1]);
    const double empty = median(argv[2]);
    std::printf("%-72s %9.4f s / %9.4f s = %.4f\n",
                "the window: opening to the first painted rows / opening an empty one", full, empty,
                full / empty);
    drag(argv[1], argc > 3 ? std::atoi(argv[3]) : 8);
    return EXIT_SUCCESS;
}
