// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ConsoleArguments.h"

#include "app/Console.h"
#include "app/cli/Cli.h"
#include "ui/models/ProfileEntries.h"

#include <CLI/CLI.hpp>
#include <QDir>
#include <QFileInfo>

namespace weir {
namespace {

/// The proposed history of a profile, with its folder made.
std::string defaultHistory(const std::string& profile)
{
    const QString path = defaultHistoryPath(QString::fromStdString(profile));
    QFileInfo(path).dir().mkpath(".");
    return path.toStdString();
}

} // namespace

Result<ConsoleArguments> ConsoleArguments::read(int argc, char** argv)
{
    CLI::App app("", "weir");
    cli::BrokerOptions broker;
    CaptureRequest request;
    std::string history;
    broker.addTo(app);
    app.add_option("--subject", request.subjects);
    app.add_option("--stream", request.stream);
    app.add_option("--history", history);
    app.add_option("--jwks", request.jwks);
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        return Error{ErrorCode::Usage, "reading the command line", error.what(), "weir --help"};
    }
    ConsoleArguments arguments;
    if (broker.context.empty() && broker.server.empty()) {
        arguments.m_history = history;
        return arguments;
    }
    auto profile = broker.profile();
    if (!profile)
        return profile.error();
    request.profile = std::move(*profile);
    if (request.subjects.empty())
        request.subjects = request.profile.subjects;
    request.history = history.empty() ? defaultHistory(request.profile.name) : history;
    arguments.m_request = std::move(request);
    return arguments;
}

void ConsoleArguments::applyTo(Console& console) const
{
    if (!m_request) {
        if (m_history.empty())
            console.askForConnection();
        else
            console.openHistory(m_history);
    } else if (m_request->subjects.empty() && m_request->stream.empty()) {
        console.askForConnection(QString::fromStdString(m_request->profile.name));
    } else {
        console.observe(*m_request);
    }
}

} // namespace weir
