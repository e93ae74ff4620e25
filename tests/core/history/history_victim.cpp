// SPDX-License-Identifier: GPL-3.0-or-later
// Writes a history at full rate until it is killed, and says on stdout, one number a line, how many of its
// messages are durable. Usage: history_victim FILE; with "compact" behind it, it compacts the history once.
#include "core/capture/CoverageLedger.h"
#include "core/history/Compaction.h"
#include "core/history/HistoryWriter.h"
#include "tests/core/history/HistoryTraffic.h"

#include <algorithm>
#include <cstdio>
#include <string>

#include <unistd.h>

using namespace weir;

namespace {

/// The number of the last message of this history that is durable, in one write: never half a line.
void tell(std::uint64_t seq)
{
    const std::string line = std::to_string(seq) + "\n";
    if (::write(STDOUT_FILENO, line.data(), line.size()) < 0)
        ::_exit(2);
}

} // namespace

int main(int argc, char** argv)
{
    SystemClock clock;
    if (argc == 3 && std::string(argv[2]) == "compact") {
        tell(0);
        const auto done = compactHistory(argv[1], clock.now(), [](std::uint64_t, std::uint64_t) {});
        if (!done)
            std::fprintf(stderr, "%s\n", done.error().line().c_str());
        return done ? 0 : 1;
    }
    if (argc != 2)
        return 2;
    CoverageLedger ledger;
    HistoryWriter::Options options;
    options.path = argv[1];
    std::uint64_t before = 0;
    auto writer = HistoryWriter::open(options, clock, ledger, [&](std::uint64_t n) { tell(before + n); });
    if (!writer) {
        std::fprintf(stderr, "%s\n", writer.error().line().c_str());
        return 1;
    }
    before = (*writer)->firstSeq() - 1;
    tell(before);
    test::HistoryTraffic traffic((*writer)->names(), (*writer)->firstSeq());
    for (;;) {
        const auto batch = traffic.next(500, clock.now(), Nanoseconds(10));
        ledger.received(batch->messages.size(), 0);
        (*writer)->consume(batch);
        (*writer)->tick(clock.now());
    }
}
