// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/Cli.h"

#include "app/cli/Commands.h"
#include "app/cli/Output.h"
#include "core/broker/NearNames.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>

namespace weir::cli {
namespace {

constexpr std::size_t kOptionColumn = 38;

std::vector<std::string> optionNames(const CLI::App& app)
{
    std::vector<std::string> names;
    for (const CLI::Option* option : app.get_options()) {
        if (!option->get_lnames().empty())
            names.push_back("--" + option->get_lnames().front());
    }
    return names;
}

/// `record, query and info`; empty where there are none.
std::string commandNames(const CLI::App& app)
{
    const auto commands = app.get_subcommands([](const CLI::App*) { return true; });
    std::string names;
    for (std::size_t i = 0; i < commands.size(); ++i)
        names += (i == 0 ? "" : i + 1 == commands.size() ? " and " : ", ") + commands[i]->get_name();
    return names;
}

/// A parse error in words: what nobody knows is named before what is then missing.
Error usageError(const CLI::App& app, const CLI::ParseError& error)
{
    const CLI::App* meant = &app;
    std::string name = "weir";
    while (!meant->get_subcommands().empty()) {
        meant = meant->get_subcommands().front();
        name += " " + meant->get_name();
    }
    const CLI::App& where = *meant;
    const std::string help = name + " --help";
    const std::vector<std::string> unknown = app.remaining(true);
    const auto option = std::find_if(unknown.begin(), unknown.end(),
                                     [](const std::string& word) { return word.starts_with('-'); });
    if (option != unknown.end()) {
        const std::string given = option->substr(0, option->find('='));
        const std::string near = nearName(given, optionNames(where));
        return usage("there is no option " + given,
                     (near.empty() ? "" : "did you mean " + near + "? ") + "see " + help);
    }
    const std::string commands = commandNames(where);
    if (!unknown.empty() && !commands.empty())
        return usage("there is no command '" + unknown.front() + "'",
                     "commands are " + commands + "; see " + help);
    if (!unknown.empty())
        return usage("'" + unknown.front() + "' is one word too many", "see " + help);
    if (!commands.empty() && &where != &app)
        return usage(name + " needs a command", "commands are " + commands + "; see " + help);
    return usage(error.what(), "see " + help);
}

/// The console's options say nothing to a subcommand.
std::optional<Error> misplaced(const CLI::App& app)
{
    if (app.get_subcommands().empty())
        return std::nullopt;
    const std::string command = app.get_subcommands().front()->get_name();
    for (const CLI::Option* option : app.get_options()) {
        if (option->count() > 0)
            return usage(option->get_name() + " stands before '" + command + "', where it is the console's",
                         "write it after: weir " + command + " " + option->get_name() + " …");
    }
    return std::nullopt;
}

} // namespace

Exit complain(const Error& error)
{
    std::fprintf(stderr, "weir: %s\n", printable(error.line()).c_str());
    return error.code == ErrorCode::Usage ? Exit::Usage : Exit::Failed;
}

void remark(std::string_view text)
{
    std::fprintf(stderr, "weir: %s\n", printable(text).c_str());
}

Error usage(const std::string& why, const std::string& hint)
{
    return {ErrorCode::Usage, "reading the command line", why, hint};
}

std::unique_ptr<const CommandLine> CommandLine::read(int argc, char** argv)
{
    auto line = std::make_unique<CommandLine>();
    CLI::App app("Measures, records and accounts for every message between your edge and its broker.\n"
                 "Without a subcommand, weir opens the console; the options here are the console's.",
                 "weir");
    app.get_formatter()->column_width(kOptionColumn);
    app.set_version_flag("--version", "weir " WEIR_VERSION, "Print the version and exit");
    app.set_help_flag("-h,--help", "Print this help and exit");
    app.footer("weir COMMAND --help tells a subcommand's options.\n"
               "Exit: 0 done, 1 failed, 2 wrong usage, 3 done but something is missing (a gap, a drop).");
    app.require_subcommand(0, 1);
    line->console.addTo(app);
    addRecordCommand(app, line->command);
    addQueryCommand(app, line->command);
    addLatencyCommand(app, line->command);
    addTopologyCommand(app, line->command);
    addCredentialsCommand(app, line->command);
    addInfoCommand(app, line->command);
    addHistoryCommand(app, line->command);
    addSqlCommand(app, line->command);
    try {
        app.parse(argc, argv);
        if (const auto wrong = misplaced(app))
            line->exit = complain(*wrong);
    } catch (const CLI::Success& asked) { // help or version
        line->exit = finishOutput(static_cast<Exit>(app.exit(asked)));
    } catch (const CLI::ParseError& error) {
        line->exit = complain(usageError(app, error));
    }
    return line;
}

} // namespace weir::cli
