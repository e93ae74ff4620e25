// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/core/history/HistoryFixture.h"

#include <sqlite3.h>

namespace weir::test {
namespace {

std::unique_ptr<sqlite3, int (*)(sqlite3*)> connect(const std::filesystem::path& path)
{
    sqlite3* handle = nullptr;
    sqlite3_open(path.c_str(), &handle);
    sqlite3_exec(handle, "PRAGMA synchronous = OFF", nullptr, nullptr, nullptr);
    return {handle, sqlite3_close};
}

} // namespace

std::string HistoryFixture::open(HistoryWriter::Options options)
{
    options.path = path();
    ledger = std::make_unique<CoverageLedger>();
    auto opened = HistoryWriter::open(options, clock, *ledger, [this](std::uint64_t n) { committed = n; });
    if (!opened)
        return opened.error().line();
    writer = std::move(*opened);
    traffic = std::make_unique<HistoryTraffic>(writer->names(), writer->firstSeq());
    return {};
}

void HistoryFixture::put(const std::shared_ptr<const Batch>& batch)
{
    ledger->received(batch->messages.size(), batch->footprint);
    writer->consume(batch);
}

void HistoryFixture::put(std::size_t count)
{
    put(traffic->next(count, clock.now()));
}

void HistoryFixture::pass(Nanoseconds time)
{
    clock.advance(time);
    writer->tick(clock.now());
}

std::string HistoryFixture::close()
{
    const auto closed = writer->close();
    writer.reset();
    return closed ? std::string() : closed.error().line();
}

std::unique_ptr<HistoryReader> HistoryFixture::reader() const
{
    auto opened = HistoryReader::open(path());
    return opened ? std::move(*opened) : nullptr;
}

std::vector<std::uint64_t> HistoryFixture::seqs(std::vector<Error>* damage) const
{
    std::vector<std::uint64_t> found;
    const auto from = reader();
    if (!from)
        return found;
    const auto done = from->scan({}, {}, [&](const std::shared_ptr<const Batch>& batch) {
        for (const Message& message : batch->messages)
            found.push_back(message.seq);
        return true;
    });
    if (damage != nullptr && done)
        *damage = done->damage;
    if (damage != nullptr && !done)
        damage->push_back(done.error());
    return found;
}

std::vector<Gap> HistoryFixture::gaps() const
{
    const auto from = reader();
    auto found = from ? from->gaps(Timestamp::min(), Timestamp::max()) : Result<std::vector<Gap>>(Error{});
    return found ? *found : std::vector<Gap>();
}

std::string HistoryFixture::integrity() const
{
    const auto database = connect(path());
    std::string answer;
    const auto keep = [](void* to, int, char** values, char**) {
        *static_cast<std::string*>(to) += values[0];
        return 0;
    };
    sqlite3_exec(database.get(), "PRAGMA integrity_check", keep, &answer, nullptr);
    return answer;
}

std::int64_t HistoryFixture::sql(const std::string& text) const
{
    const auto database = connect(path());
    std::int64_t answer = 0;
    const auto keep = [](void* to, int, char** values, char**) {
        *static_cast<std::int64_t*>(to) = values[0] == nullptr ? 0 : std::atoll(values[0]);
        return 0;
    };
    if (sqlite3_exec(database.get(), text.c_str(), keep, &answer, nullptr) != SQLITE_OK)
        qWarning("%s", sqlite3_errmsg(database.get()));
    return answer;
}

bool HistoryFixture::flipBit(const char* table, const char* column, std::int64_t row, int offset,
                             int bit) const
{
    const auto database = connect(path());
    sqlite3_blob* opened = nullptr;
    const int code = sqlite3_blob_open(database.get(), "main", table, column, row, 1, &opened);
    const std::unique_ptr<sqlite3_blob, int (*)(sqlite3_blob*)> blob(opened, sqlite3_blob_close);
    unsigned char byte = 0;
    if (code != SQLITE_OK || sqlite3_blob_read(opened, &byte, 1, offset) != SQLITE_OK)
        return false;
    byte = static_cast<unsigned char>(byte ^ (1U << static_cast<unsigned>(bit)));
    return sqlite3_blob_write(opened, &byte, 1, offset) == SQLITE_OK;
}

} // namespace weir::test
