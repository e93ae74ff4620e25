// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ConsoleArguments.h"

#include "app/Console.h"
#include "ui/models/ProfileEntries.h"

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

Result<ConsoleArguments> ConsoleArguments::of(const cli::ConsoleOptions& options)
{
    ConsoleArguments arguments;
    if (options.broker.context.empty() && options.broker.server.empty()) {
        if (!options.subjects.empty() || !options.stream.empty())
            return Error{ErrorCode::Usage, "reading the command line", "nothing says which broker to observe",
                         "give --context NAME, or --server URL"};
        if (!options.keep.age.empty() || !options.keep.size.empty())
            return Error{ErrorCode::Usage, "reading the command line",
                         "--keep-age and --keep-size are for a recording, and nothing is recorded here",
                         "give --context NAME or --server URL too"};
        arguments.m_history = options.history;
        return arguments;
    }
    auto profile = options.broker.profile();
    if (!profile)
        return profile.error();
    const auto keep = options.keep.limits();
    if (!keep)
        return keep.error();
    CaptureRequest request;
    request.keep = *keep;
    request.profile = std::move(*profile);
    request.subjects = options.subjects;
    request.stream = options.stream;
    const auto identity = options.tokens.over(request.profile.identity);
    if (!identity)
        return identity.error();
    request.profile.identity = *identity;
    if (request.subjects.empty() && !request.isStream())
        request.subjects = request.profile.subjects;
    request.history = options.history.empty() ? defaultHistory(request.profile.name) : options.history;
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
        console.askForConnection(m_request);
    } else {
        console.observe(*m_request);
    }
}

} // namespace weir
