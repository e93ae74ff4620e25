// SPDX-License-Identifier: GPL-3.0-or-later
// How long the window's event loop ever stands still while the observation budget's full rate (200,000 msg/s)
// is recorded and shown, each page in turn. Beside it a thread with nothing to do wakes as often: what it is
// late is the machine's.
//   QT_QPA_PLATFORM=offscreen|xcb bench_window [SECONDS_A_PAGE [RATE]]
#include "app/Console.h"
#include "tests/bench/Beats.h"
#include "tests/support/NatsServer.h"
#include "tests/support/Program.h"
#include "ui/window/MainWindow.h"

#include <QApplication>
#include <QTemporaryDir>
#include <QTimer>

#include <atomic>
#include <cstdio>
#include <mutex>
#include <thread>

using weir::bench::Beats;
using weir::bench::kBeat;
using weir::bench::SteadyClock;

int main(int argc, char** argv)
{
    QApplication application(argc, argv);
    QApplication::setOrganizationName("weir-bench");
    const int seconds = argc > 1 ? std::atoi(argv[1]) : 10;
    const QString rate = argc > 2 ? argv[2] : "200000";
    QTemporaryDir dir;
    weir::test::NatsServer server("max_pending: 256MB");
    if (!server.start()) {
        std::fprintf(stderr, "%s\n", qPrintable(server.error()));
        return 1;
    }
    weir::Console console;
    weir::CaptureRequest request;
    request.profile.urls = {server.url().toStdString()};
    request.subjects = {"blast.>"};
    request.history = dir.filePath("h.db").toStdString();
    console.observe(request);
    console.show();
    console.window().resize(1440, 900); // also where the platform's screen is smaller
    weir::test::Program blast(WEIR_BLAST, {"--server", QString("127.0.0.1:%1").arg(server.port()), "--rate",
                                           rate, "--duration", "600", "--subjects", "1000"});

    Beats gui;
    Beats idle;
    std::mutex idleMutex;
    std::atomic<bool> ended{false};
    std::thread control([&] {
        auto next = SteadyClock::now();
        while (!ended) {
            next += kBeat;
            std::this_thread::sleep_until(next);
            const std::lock_guard lock(idleMutex);
            idle.beat();
        }
    });
    QTimer beat;
    beat.setTimerType(Qt::PreciseTimer);
    QObject::connect(&beat, &QTimer::timeout, [&gui] { gui.beat(); });
    beat.start(kBeat);

    const QStringList pages{"Messages", "Subjects", "Latency", "Topology"};
    int page = 0;
    QTimer turn;
    QObject::connect(&turn, &QTimer::timeout, [&] {
        std::printf("%s, %s, %s msg/s offered\n", qPrintable(pages[page]),
                    qPrintable(QApplication::platformName()), qPrintable(rate));
        gui.print("window");
        {
            const std::lock_guard lock(idleMutex);
            idle.print("idle thread");
        }
        std::fflush(stdout);
        if (++page == pages.size())
            QApplication::quit();
        else
            console.window().showPage(page);
    });
    turn.start(std::chrono::seconds(seconds));
    QApplication::exec();
    ended = true;
    control.join();
    return 0;
}
