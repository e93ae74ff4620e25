// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/bench/QueryWorld.h"

#include "core/capture/CoverageLedger.h"
#include "core/capture/MessageJson.h"
#include "core/history/HistoryReader.h"
#include "core/history/HistoryWriter.h"
#include "tests/core/history/HistoryTraffic.h"

#include <fstream>
#include <memory>

namespace weir::bench {
namespace {

constexpr std::size_t kPerBatch = 4096;
constexpr std::size_t kNeedleEvery = 100'000; ///< one message in so many has the needle

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

private:
    static std::filesystem::path create(const std::string& path)
    {
        std::ofstream file(path);
        return path;
    }

    Database m_database;
    Statement m_insert;
};

std::unique_ptr<HistoryWriter> openWriter(const std::string& path, Clock& clock, CoverageLedger& ledger)
{
    HistoryWriter::Options options;
    options.path = path;
    return orDie(HistoryWriter::open(options, clock, ledger, {}));
}

bool hasNeedle(std::size_t message)
{
    return message % kNeedleEvery == kNeedleEvery / 2;
}

void putNeedle(Batch& batch, Message& message)
{
    auto payload = std::make_shared<std::string>(message.payload);
    payload->replace(payload->size() / 2, 6, "needle");
    message.payload = *payload;
    batch.storage.push_back(std::move(payload));
}

void make(const QueryWorld& world, std::size_t messages)
{
    SystemClock clock;
    CoverageLedger ledger;
    RowTable rows(world.rows);
    orDie(openWriter(world.empty, clock, ledger)->close());
    const auto writer = openWriter(world.history, clock, ledger);
    test::HistoryTraffic traffic(writer->names(), writer->firstSeq(), 1000);
    std::ofstream lines(world.ndjson, std::ios::binary);
    std::string json;
    for (std::size_t made = 0; made < messages; made += kPerBatch) {
        auto batch = std::make_shared<Batch>(*traffic.next(kPerBatch, clock.now()));
        for (std::size_t row = 0; row < kPerBatch; ++row) {
            Message& message = batch->messages[row];
            if (hasNeedle(made + row))
                putNeedle(*batch, message);
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

std::string traceOf(const std::string& history, std::uint64_t seq)
{
    HistoryQuery query;
    query.firstSeq = query.lastSeq = seq;
    std::string trace;
    (void)orDie(orDie(HistoryReader::open(history))->scan(query, {}, [&](const auto& batch) {
        trace = batch->messages.front().trace;
        return true;
    }));
    return trace;
}

} // namespace

QueryWorld QueryWorld::in(const std::filesystem::path& directory, std::size_t messages)
{
    messages = std::max<std::size_t>(messages / kPerBatch, 1) * kPerBatch;
    QueryWorld world;
    world.history = directory / "h.db";
    world.empty = directory / "empty.db";
    world.ndjson = directory / "messages.ndjson";
    world.rows = directory / "rows.db";
    if (!std::filesystem::exists(world.history))
        make(world, messages);
    const auto there = orDie(orDie(HistoryReader::open(world.history))->seqRange()).second;
    if (there != messages) {
        std::fprintf(stderr, "%s has %llu messages and not %zu\n", world.history.c_str(),
                     static_cast<unsigned long long>(there), messages);
        std::exit(EXIT_FAILURE);
    }
    for (std::size_t message = 0; message < messages; ++message)
        world.needles += hasNeedle(message) ? 1 : 0;
    world.trace = traceOf(world.history, messages / 2 + 1);
    return world;
}

} // namespace weir::bench
