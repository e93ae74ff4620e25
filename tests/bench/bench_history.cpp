// SPDX-License-Identifier: GPL-3.0-or-later
// What a history costs: prints one JSON object a line. Usage: bench_history [MESSAGES] [DIRECTORY] [KEEP]
// KEEP: bytes beyond which the oldest messages expire while the others are written; they are not read then.
#include "core/capture/CoverageLedger.h"
#include "core/history/BlockEncoder.h"
#include "core/history/HistoryReader.h"
#include "core/history/HistoryWriter.h"
#include "tests/core/history/HistoryTraffic.h"

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

using namespace weir;

namespace {

constexpr std::size_t kPerBatch = 4096;
constexpr std::size_t kDistinct = 64; ///< batches that are made; they come round again under new seqs

double now(clockid_t clock)
{
    timespec time{};
    clock_gettime(clock, &time);
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) * 1e-9;
}

/// Wall and CPU seconds (of the whole process) since it was made.
class Stopwatch
{
public:
    [[nodiscard]] double wall() const { return now(CLOCK_MONOTONIC) - m_wall; }
    [[nodiscard]] double cpu() const { return now(CLOCK_PROCESS_CPUTIME_ID) - m_cpu; }

private:
    double m_wall = now(CLOCK_MONOTONIC);
    double m_cpu = now(CLOCK_PROCESS_CPUTIME_ID);
};

std::shared_ptr<const Batch> renumbered(const Batch& batch, std::uint64_t firstSeq, Timestamp time)
{
    auto copy = std::make_shared<Batch>(batch);
    for (Message& message : copy->messages) {
        message.sent = time - (message.time - message.sent);
        message.sent -= message.sent.time_since_epoch() % std::chrono::microseconds(1);
        message.time = time;
        message.seq = firstSeq++;
        time += Nanoseconds(900);
    }
    return copy;
}

void report(const char* what, std::uint32_t subjects, std::size_t messages, const Stopwatch& watch,
            double bytes = 0)
{
    const auto each = static_cast<double>(messages);
    std::printf(R"({"bench":"%s","subjects":%u,"messages":%zu,"wall_ns":%.0f,"cpu_ns":%.0f,"rate":%.0f)",
                what, subjects, messages, watch.wall() / each * 1e9, watch.cpu() / each * 1e9,
                each / watch.wall());
    if (bytes > 0)
        std::printf(R"(,"bytes":%.1f)", bytes / each);
    std::printf("}\n");
    std::fflush(stdout);
}

void encodeOnly(const std::vector<std::shared_ptr<const Batch>>& batches, std::uint32_t subjects)
{
    BlockEncoder encoder;
    std::vector<const Message*> rows;
    std::size_t bytes = 0;
    const Stopwatch watch;
    for (const auto& batch : batches) {
        rows.clear();
        for (const Message& message : batch->messages)
            rows.push_back(&message);
        bytes += encoder.encode(rows).body.size();
    }
    report("encode", subjects, batches.size() * kPerBatch, watch, static_cast<double>(bytes));
}

bool write(HistoryWriter& writer, CoverageLedger& ledger, Clock& clock,
           const std::vector<std::shared_ptr<const Batch>>& batches, std::uint32_t subjects,
           std::size_t messages)
{
    const Stopwatch watch;
    std::uint64_t seq = writer.firstSeq();
    for (std::size_t sent = 0; sent < messages; sent += kPerBatch, seq += kPerBatch) {
        const auto batch = renumbered(*batches[sent / kPerBatch % kDistinct], seq, clock.now());
        ledger.received(batch->messages.size(), 0);
        writer.consume(batch);
        writer.tick(clock.now());
    }
    if (const auto closed = writer.close(); !closed) {
        std::fprintf(stderr, "%s\n", closed.error().line().c_str());
        return false;
    }
    report("write", subjects, messages, watch);
    return true;
}

bool read(const std::filesystem::path& path, const char* what, const HistoryQuery& query,
          std::uint32_t subjects)
{
    const Stopwatch watch;
    auto reader = HistoryReader::open(path);
    const auto done = reader ? (*reader)->scan(query, {}, [](const auto&) { return true; }) : reader.error();
    if (!done) {
        std::fprintf(stderr, "%s\n", done.error().line().c_str());
        return false;
    }
    report(what, subjects, done->scanned, watch);
    return true;
}

bool readAll(const std::filesystem::path& path, std::uint32_t subjects, std::size_t messages)
{
    HistoryQuery query;
    bool fine = read(path, "read_all", query, subjects);
    query.columns = kEnvelopeOnly;
    fine = fine && read(path, "read_envelope", query, subjects);
    query.filter = *Filter::parse("\"needle\"");
    fine = fine && read(path, "find_text", query, subjects);
    query = {};
    query.order = Order::NewestFirst;
    query.limit = 100;
    fine = fine && read(path, "newest_100", query, subjects);
    auto reader = HistoryReader::open(path);
    const auto info = reader ? (*reader)->info() : reader.error();
    if (!fine || !info || info->messages != messages)
        return false;
    std::printf(R"({"bench":"size","subjects":%u,"messages":%zu,"bytes_on_disk":%.1f,"bytes_in":%.1f})"
                "\n",
                subjects, messages, static_cast<double>(info->bytesOnDisk) / static_cast<double>(messages),
                static_cast<double>(info->bytesIn) / static_cast<double>(messages));
    return true;
}

bool run(const std::filesystem::path& path, std::uint32_t subjects, std::size_t messages, std::uint64_t keep)
{
    std::filesystem::remove(path);
    SystemClock clock;
    CoverageLedger ledger;
    HistoryWriter::Options options;
    options.path = path;
    options.keep.bytes = keep;
    auto writer = HistoryWriter::open(options, clock, ledger, {});
    if (!writer) {
        std::fprintf(stderr, "%s\n", writer.error().line().c_str());
        return false;
    }
    test::HistoryTraffic traffic((*writer)->names(), 1, subjects);
    std::vector<std::shared_ptr<const Batch>> batches;
    for (std::size_t i = 0; i < kDistinct; ++i)
        batches.push_back(traffic.next(kPerBatch, clock.now()));
    encodeOnly(batches, subjects);
    return write(**writer, ledger, clock, batches, subjects, messages) &&
           (keep > 0 || readAll(path, subjects, messages));
}

} // namespace

int main(int argc, char** argv)
{
    std::size_t messages = 1U << 20U;
    if (argc > 1) {
        const std::string_view text(argv[1]);
        std::from_chars(text.data(), text.data() + text.size(), messages);
    }
    messages = std::max<std::size_t>(messages / kPerBatch, 1) * kPerBatch;
    std::uint64_t keep = 0;
    if (argc > 3) {
        const std::string_view text(argv[3]);
        std::from_chars(text.data(), text.data() + text.size(), keep);
    }
    const std::filesystem::path directory =
        argc > 2 ? argv[2] : std::filesystem::temp_directory_path().string();
    const std::filesystem::path path =
        directory / ("bench_history." + std::to_string(std::time(nullptr)) + ".db");
    bool fine = true;
    for (const std::uint32_t subjects : {1000U, 100000U})
        fine = fine && run(path, subjects, messages, keep);
    std::filesystem::remove(path);
    return fine ? EXIT_SUCCESS : EXIT_FAILURE;
}
