// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/HistoryTools.h"
#include "app/cli/Options.h"
#include "app/cli/Output.h"
#include "core/base/Clock.h"
#include "core/base/Wording.h"
#include "core/history/Compaction.h"

#include <CLI/CLI.hpp>
#include <cstdio>
#include <memory>

namespace weir::cli {
namespace {

struct CompactOptions
{
    std::string history;
    Format format = Format::Text;
};

void print(const CompactedHistory& done, Format format)
{
    const auto number = [](std::uint64_t value) { return static_cast<unsigned long long>(value); };
    if (format == Format::Json) {
        std::printf(R"({"blocks_merged":%llu,"blocks_made":%llu,"damaged_blocks":%llu,"bytes_before":%llu,)"
                    R"("bytes_after":%llu})"
                    "\n",
                    number(done.blocks.blocksBefore), number(done.blocks.blocksAfter),
                    number(done.blocks.damagedBlocks), number(done.bytesBefore), number(done.bytesAfter));
        return;
    }
    if (done.blocks.merges == 0)
        std::printf("merged     nothing: no blocks are worth it\n");
    else
        std::printf("merged     %s into %s\n", counted(done.blocks.blocksBefore, "block").c_str(),
                    grouped(done.blocks.blocksAfter).c_str());
    std::printf("size       %s on disk, %s before\n", bytesForPeople(done.bytesAfter).c_str(),
                bytesForPeople(done.bytesBefore).c_str());
}

Exit runCompact(const CompactOptions& options)
{
    ProgressLine progress("merging");
    const auto done =
        compactHistory(options.history, SystemClock().now(),
                       [&](std::uint64_t seqs, std::uint64_t all) { progress.show(seqs, all); });
    progress.clear();
    if (!done)
        return complain(done.error());
    print(*done, options.format);
    if (done->blocks.damagedBlocks > 0)
        remark(counted(done->blocks.damagedBlocks, "block") +
               " left as found: damaged (weir history verify names what)");
    return finishOutput(done->blocks.damagedBlocks > 0 ? Exit::Incomplete : Exit::Done);
}

} // namespace

void addHistoryCompact(CLI::App& history, std::function<Exit()>& chosen)
{
    auto options = std::make_shared<CompactOptions>();
    CLI::App* command =
        history.add_subcommand("compact", "Merge small blocks of a history and shrink its file");
    command->add_option("FILE", options->history, "The history file; nobody may be recording into it")
        ->required();
    addFormatOption(*command, options->format, {Format::Text, Format::Json});
    command->footer(
        "Every message keeps its number and all that it says. A recorder does the same by itself\n"
        "while little comes.");
    command->callback([options, &chosen] { chosen = [options] { return runCompact(*options); }; });
}

} // namespace weir::cli
