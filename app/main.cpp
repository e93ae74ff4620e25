// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/Console.h"
#include "app/ConsoleArguments.h"
#include "app/QuitOnSignal.h"
#include "app/cli/Cli.h"

#include <QApplication>
#include <QTimer>

namespace {

void nameApplication()
{
    QCoreApplication::setOrganizationName("weir");
    QCoreApplication::setApplicationName("weir");
    QCoreApplication::setApplicationVersion(WEIR_VERSION);
}

} // namespace

int main(int argc, char** argv)
{
    nameApplication();
    if (weir::cli::wantsCommandLine(argc, argv)) {
        const QCoreApplication application(argc, argv);
        return weir::cli::run(argc, argv);
    }
    // A wrong command line is told before a display is needed.
    const auto arguments = weir::ConsoleArguments::read(argc, argv);
    if (!arguments)
        return static_cast<int>(weir::cli::complain(arguments.error()));
    weir::QuitOnSignal::blockSignals(); // before the platform plugin starts its threads
    QApplication application(argc, argv);
    const weir::QuitOnSignal quitOnSignal;
    weir::Console console;
    console.show();
    QTimer::singleShot(0, &console, [&] { arguments->applyTo(console); });
    return QApplication::exec();
}
