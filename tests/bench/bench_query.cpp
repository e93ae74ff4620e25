// SPDX-License-Identifier: GPL-3.0-or-later
// What a large history answers, and how fast, each against a peer on the same messages in the same run:
// ripgrep over them as NDJSON, a table with a row a message and indexes in the same SQLite, a full scan, an
// empty history. Medians, everything in the page cache. Prints one line a figure; needs about 2 kB of disk a
// message while it runs; "keep" leaves it in DIRECTORY and takes it from there again.
//   bench_query [MESSAGES [DIRECTORY [keep]]]
#include "core/history/HistoryReader.h"
#include "tests/bench/QueryWorld.h"
#include "tests/bench/Timing.h"

#include <QTemporaryDir>

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

using namespace weir;
using weir::bench::orDie;
using weir::bench::QueryWorld;

namespace {

constexpr const char* kFilter = "subject:orders.eu.7.> pop:FRA latency>40ms";

/// Seconds that `work` takes: the median of `runs`, after one that warms the page cache.
double seconds(int runs, const std::function<void()>& work)
{
    work();
    return weir::bench::medianSeconds(runs, work);
}

void report(const char* what, double ours, double theirs)
{
    std::printf("%-72s %9.4f s / %9.4f s = %.4f\n", what, ours, theirs, ours / theirs);
    std::fflush(stdout);
}

/// Rows of the first page of what kFilter asks for.
std::size_t pageOfRows(Database& database)
{
    auto rows = orDie(database.prepare("SELECT * FROM message WHERE subject >= 'orders.eu.7.' AND "
                                       "subject < 'orders.eu.7/' AND pop = 'FRA' "
                                       "AND latency > 40000000 ORDER BY seq DESC LIMIT 100"));
    std::size_t found = 0;
    orDie(rows.forEachRow([&found]() -> Result<void> {
        ++found;
        return {};
    }));
    return found;
}

std::uint64_t count(const std::string& history, const std::string& filter)
{
    HistoryQuery query;
    query.filter = orDie(Filter::parse(filter));
    return orDie(orDie(HistoryReader::open(history))->count(query, {})).matched;
}

/// A page of 100, newest first, with all that a row shows; from opening the file on.
std::size_t page(const std::string& history, const std::string& filter)
{
    HistoryQuery query;
    query.filter = orDie(Filter::parse(filter));
    query.order = Order::NewestFirst;
    query.limit = 100;
    return orDie(orDie(HistoryReader::open(history))->scan(query, {}, [](const auto&) { return true; }))
        .matched;
}

void mustBe(std::uint64_t found, std::uint64_t wanted, const char* what)
{
    if (found == wanted)
        return;
    std::fprintf(stderr, "bench_query: %s: %llu found, %llu wanted\n", what,
                 static_cast<unsigned long long>(found), static_cast<unsigned long long>(wanted));
    std::exit(EXIT_FAILURE);
}

} // namespace

int main(int argc, char** argv)
{
    std::size_t messages = 10'000'000;
    if (argc > 1)
        std::from_chars(argv[1], argv[1] + std::string_view(argv[1]).size(), messages);
    const bool keep = argc > 3 && std::string_view(argv[3]) == "keep";
    const QTemporaryDir dir(argc > 2 && !keep ? QString(argv[2]) + "/bench_query" : QString());
    const QueryWorld world = QueryWorld::in(keep ? std::string(argv[2]) : dir.path().toStdString(), messages);
    Database rows = orDie(Database::open(world.rows, Database::Mode::ReadOnly));

    const std::string grep = "rg --count --fixed-strings needle " + world.ndjson + " >/dev/null";
    mustBe(count(world.history, "payload:needle"), world.needles, "needles");
    report("count of payload:needle / ripgrep over the same as NDJSON",
           seconds(5, [&] { (void)count(world.history, "payload:needle"); }),
           seconds(5, [&] { mustBe(static_cast<std::uint64_t>(std::system(grep.c_str())), 0, "rg"); }));
    report("count of \"needle\" in payload and headers / ripgrep",
           seconds(5, [&] { (void)count(world.history, "\"needle\""); }),
           seconds(5, [&] { mustBe(static_cast<std::uint64_t>(std::system(grep.c_str())), 0, "rg"); }));
    mustBe(page(world.history, kFilter), pageOfRows(rows), kFilter);
    report((std::string(kFilter) + ", newest 100 / rows with indexes").c_str(),
           seconds(9, [&] { (void)page(world.history, kFilter); }),
           seconds(9, [&] { (void)pageOfRows(rows); }));
    const std::string byTrace = "trace:" + world.trace;
    mustBe(count(world.history, byTrace), 1, byTrace.c_str());
    report("trace:X / full scan of the same", seconds(9, [&] { (void)count(world.history, byTrace); }),
           seconds(3, [&] { (void)count(world.history, "NOT (" + byTrace + ") payload~."); }));
    report("opening to the first 100 rows / opening an empty history",
           seconds(9, [&] { (void)page(world.history, ""); }),
           seconds(9, [&] { (void)page(world.empty, ""); }));
    return EXIT_SUCCESS;
}
