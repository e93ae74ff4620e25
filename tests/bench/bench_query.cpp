// SPDX-License-Identifier: GPL-3.0-or-later
// What a large history answers, and how fast, each against a peer on the same messages in the same run:
// ripgrep over them as NDJSON, a table with a row a message and indexes in the same SQLite, a full scan, an
// empty history. Medians, everything in the page cache. Prints one line a figure; needs about 2 kB of disk a
// message while it runs.
//   bench_query [MESSAGES [DIRECTORY]]
#include "core/capture/CoverageLedger.h"
#include "core/capture/MessageJson.h"
#include "core/history/Database.h"
#include "core/history/HistoryReader.h"
#include "core/history/HistoryWriter.h"
#include "tests/core/history/HistoryTraffic.h"

#include <QTemporaryDir>

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

using namespace weir;

namespace {

constexpr std::size_t kPerBatch = 4096;
constexpr std::size_t kNeedleEvery = 100'000; ///< one message in so many has the needle
constexpr const char* kFilter = "subject:orders.eu.7.> pop:FRA latency>40ms";

template<typename T>
T orDie(Result<T> result)
{
    if (result)
        return std::move(*result);
    std::fprintf(stderr, "bench_query: %s\n", result.error().line().c_str());
    std::exit(EXIT_FAILURE);
}

void orDie(const Result<void>& result)
{
    if (result)
        return;
    std::fprintf(stderr, "bench_query: %s\n", result.error().line().c_str());
    std::exit(EXIT_FAILURE);
}

/// Seconds that `work` takes: the median of `runs`, after one that warms the page cache.
double seconds(int runs, const std::function<void()>& work)
{
    work();
    std::vector<double> taken;
    for (int i = 0; i < runs; ++i) {
        const auto begin = std::chrono::steady_clock::now();
        work();
        taken.push_back(std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count());
    }
    std::sort(taken.begin(), taken.end());
    return taken[taken.size() / 2];
}

void report(const char* what, double ours, double theirs)
{
    std::printf("%-72s %9.4f s / %9.4f s = %.4f\n", what, ours, theirs, ours / theirs);
    std::fflush(stdout);
}

/// A row a message, with an index for each field that is asked for.
class RowTable
{
public:
    explicit RowTable(const std::string& path)
        : m_database(orDie(Database::open(create(path), Database::Mode::Write)))
    {
        orDie(m_database.run(
            "PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF;"
            "CREATE TABLE message(seq INTEGER PRIMARY KEY, time INTEGER, subject TEXT, pop TEXT, worker "
            "TEXT, identity INTEGER, trace TEXT, latency INTEGER, size INTEGER, headers BLOB, payload "
            "BLOB); BEGIN"));
        m_insert = orDie(m_database.prepare("INSERT INTO message VALUES(?,?,?,?,?,?,?,?,?,?,?)"));
    }
    void add(const Message& message)
    {
        m_insert.bind(1, message.seq).bind(2, message.time).bindText(3, message.subjectName);
        m_insert.bindText(4, message.popName).bindText(5, message.workerName);
        m_insert.bind(6, std::int64_t{message.identity.value}).bindText(7, message.trace);
        m_insert.bind(8, message.latency().count()).bind(9, message.size());
        m_insert.bindBlob(10, message.headers).bindBlob(11, message.payload);
        orDie(m_insert.run());
    }
    void finish()
    {
        orDie(m_database.run(
            "COMMIT; CREATE INDEX by_time ON message(time); CREATE INDEX by_subject ON message(subject);"
            "CREATE INDEX by_pop ON message(pop); CREATE INDEX by_trace ON message(trace); ANALYZE"));
    }
    /// Rows of the first page of what kFilter asks for.
    std::size_t page()
    {
        auto rows = orDie(m_database.prepare("SELECT * FROM message WHERE subject >= 'orders.eu.7.' AND "
                                             "subject < 'orders.eu.7/' AND pop = 'FRA' "
                                             "AND latency > 40000000 ORDER BY seq DESC LIMIT 100"));
        std::size_t found = 0;
        orDie(rows.forEachRow([&found]() -> Result<void> {
            ++found;
            return {};
        }));
        return found;
    }

private:
    static std::filesystem::path create(const std::string& path)
    {
        std::ofstream file(path);
        return path;
    }

    Database m_database;
    Statement m_insert;
};

struct World
{
    std::string history;
    std::string empty;
    std::string ndjson;
    std::string trace; ///< of a message in the middle
    std::uint64_t needles = 0;
};

std::unique_ptr<HistoryWriter> openWriter(const std::string& path, Clock& clock, CoverageLedger& ledger)
{
    HistoryWriter::Options options;
    options.path = path;
    return orDie(HistoryWriter::open(options, clock, ledger, {}));
}

/// The same messages three times: as a history, as NDJSON, as rows.
void make(World& world, RowTable& rows, std::size_t messages)
{
    SystemClock clock;
    CoverageLedger ledger;
    orDie(openWriter(world.empty, clock, ledger)->close());
    const auto writer = openWriter(world.history, clock, ledger);
    test::HistoryTraffic traffic(writer->names(), writer->firstSeq(), 1000);
    std::ofstream lines(world.ndjson, std::ios::binary);
    std::string json;
    for (std::size_t made = 0; made < messages; made += kPerBatch) {
        auto batch = std::make_shared<Batch>(*traffic.next(kPerBatch, clock.now()));
        std::string needle;
        for (std::size_t row = 0; row < kPerBatch; ++row) {
            Message& message = batch->messages[row];
            if ((made + row) % kNeedleEvery == kNeedleEvery / 2) {
                needle = message.payload;
                needle.replace(needle.size() / 2, 6, "needle");
                batch->storage.push_back(std::make_shared<std::string>(needle));
                message.payload = *std::static_pointer_cast<const std::string>(batch->storage.back());
                ++world.needles;
            }
            if (world.trace.empty() && made + row >= messages / 2)
                world.trace = message.trace;
            appendMessageJson(json, message, *batch->names);
            json += '\n';
            rows.add(message);
        }
        lines << json;
        json.clear();
        ledger.received(kPerBatch, 0);
        writer->consume(batch);
        writer->tick(clock.now());
    }
    orDie(writer->close());
    rows.finish();
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
    messages = std::max<std::size_t>(messages / kPerBatch, 1) * kPerBatch;
    const QTemporaryDir dir(argc > 2 ? QString(argv[2]) + "/bench_query" : QString());
    World world;
    world.history = dir.filePath("h.db").toStdString();
    world.empty = dir.filePath("empty.db").toStdString();
    world.ndjson = dir.filePath("messages.ndjson").toStdString();
    RowTable rows(dir.filePath("rows.db").toStdString());
    make(world, rows, messages);

    const std::string grep = "rg --count --fixed-strings needle " + world.ndjson + " >/dev/null";
    mustBe(count(world.history, "payload:needle"), world.needles, "needles");
    report("count of payload:needle / ripgrep over the same as NDJSON",
           seconds(5, [&] { (void)count(world.history, "payload:needle"); }),
           seconds(5, [&] { mustBe(static_cast<std::uint64_t>(std::system(grep.c_str())), 0, "rg"); }));
    report("count of \"needle\" in payload and headers / ripgrep",
           seconds(5, [&] { (void)count(world.history, "\"needle\""); }),
           seconds(5, [&] { mustBe(static_cast<std::uint64_t>(std::system(grep.c_str())), 0, "rg"); }));
    mustBe(page(world.history, kFilter), rows.page(), kFilter);
    report((std::string(kFilter) + ", newest 100 / rows with indexes").c_str(),
           seconds(9, [&] { (void)page(world.history, kFilter); }), seconds(9, [&] { (void)rows.page(); }));
    const std::string byTrace = "trace:" + world.trace;
    mustBe(count(world.history, byTrace), 1, byTrace.c_str());
    report("trace:X / full scan of the same", seconds(9, [&] { (void)count(world.history, byTrace); }),
           seconds(3, [&] { (void)count(world.history, "NOT (" + byTrace + ") payload~."); }));
    report("opening to the first 100 rows / opening an empty history",
           seconds(9, [&] { (void)page(world.history, ""); }),
           seconds(9, [&] { (void)page(world.empty, ""); }));
    return EXIT_SUCCESS;
}
