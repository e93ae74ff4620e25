// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/Console.h"
#include "app/ConsoleArguments.h"
#include "app/QuitOnSignal.h"
#include "app/cli/Cli.h"

#include <QApplication>
#include <QTimer>

#include <csignal>

namespace {

void nameApplication()
{
    QCoreApplication::setOrganizationName("weir");
    QCoreApplication::setApplicationName("weir");
    QCoreApplication::setApplicationVersion(WEIR_VERSION);
}

QtMessageHandler theirHandler = nullptr;

/// Where nobody set the session's folder (a root shell, a service), Qt chooses one: nothing for a user to act
/// on.
void withoutTheSessionsFolder(QtMsgType type, const QMessageLogContext& context, const QString& message)
{
    if (!message.startsWith(QLatin1String("QStandardPaths: XDG_RUNTIME_DIR not set")))
        theirHandler(type, context, message);
}

/// Qt would abort without one.
bool hasDisplay()
{
    return qEnvironmentVariableIsSet("QT_QPA_PLATFORM") || !qEnvironmentVariableIsEmpty("DISPLAY") ||
           !qEnvironmentVariableIsEmpty("WAYLAND_DISPLAY");
}

} // namespace

int main(int argc, char** argv)
{
    nameApplication();
    theirHandler = qInstallMessageHandler(withoutTheSessionsFolder);
    // A reader that goes away and a limit on the file's size show at the write.
    std::signal(SIGPIPE, SIG_IGN);
    std::signal(SIGXFSZ, SIG_IGN);
    const auto line = weir::cli::CommandLine::read(argc, argv);
    if (line->exit)
        return static_cast<int>(*line->exit);
    if (line->command) {
        const QCoreApplication application(argc, argv);
        return static_cast<int>(line->command());
    }
    // A wrong command line is told before a display is needed.
    const auto arguments = weir::ConsoleArguments::of(line->console);
    if (!arguments)
        return static_cast<int>(weir::cli::complain(arguments.error()));
    if (!hasDisplay())
        return static_cast<int>(weir::cli::complain(
            {weir::ErrorCode::NotFound, "opening the console", "there is no display",
             "ssh -X brings one; weir record, query, info and sql need none, see weir --help"}));
    weir::QuitOnSignal::blockSignals(); // before the platform plugin starts its threads
    QApplication application(argc, argv);
    const weir::QuitOnSignal quitOnSignal;
    weir::Console console;
    console.show();
    QTimer::singleShot(0, &console, [&] { arguments->applyTo(console); });
    return QApplication::exec();
}
