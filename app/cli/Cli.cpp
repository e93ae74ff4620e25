// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/Cli.h"

#include "app/cli/Commands.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <cstdio>
#include <optional>

namespace weir::cli {
namespace {

constexpr std::array kCommands{"record", "query", "info"};

} // namespace

bool wantsCommandLine(int argc, char** argv)
{
    return std::any_of(argv + 1, argv + argc, [](std::string_view word) {
        return word == "-h" || word == "--help" || word == "--version" ||
               std::find(kCommands.begin(), kCommands.end(), word) != kCommands.end();
    });
}

Exit complain(const Error& error)
{
    std::fprintf(stderr, "weir: %s\n", error.line().c_str());
    return error.code == ErrorCode::Usage ? Exit::Usage : Exit::Failed;
}

void remark(std::string_view text)
{
    std::fprintf(stderr, "weir: %.*s\n", static_cast<int>(text.size()), text.data());
}

int run(int argc, char** argv)
{
    CLI::App app("Measures, records and accounts for every message between your edge and its broker.\n"
                 "Without a subcommand, weir opens the console.",
                 "weir");
    app.set_version_flag("--version", "weir " WEIR_VERSION);
    app.require_subcommand(1);
    std::optional<Exit> exit;
    addRecordCommand(app, exit);
    addQueryCommand(app, exit);
    addInfoCommand(app, exit);
    try {
        app.parse(argc, argv);
    } catch (const CLI::CallForHelp& help) {
        return app.exit(help);
    } catch (const CLI::CallForAllHelp& help) {
        return app.exit(help);
    } catch (const CLI::CallForVersion& version) {
        return app.exit(version);
    } catch (const CLI::ParseError& error) {
        return static_cast<int>(
            complain({ErrorCode::Usage, "reading the command line", error.what(), "weir --help"}));
    }
    return static_cast<int>(exit.value_or(Exit::Usage));
}

} // namespace weir::cli
