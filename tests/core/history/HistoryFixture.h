// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/capture/CoverageLedger.h"
#include "core/history/HistoryReader.h"
#include "core/history/HistoryWriter.h"
#include "tests/core/history/HistoryTraffic.h"
#include "tests/support/ManualClock.h"

#include <QString>
#include <QTemporaryDir>

#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

namespace weir::test {

/// A history in a folder of its own with a writer whose clock the test moves.
class HistoryFixture
{
public:
    [[nodiscard]] std::filesystem::path path() const { return dir.filePath("h.db").toStdString(); }
    /// Opens a writer with a ledger and traffic of its own; the error's line when it does not open.
    [[nodiscard]] std::string open(HistoryWriter::Options options = {});
    /// Hands `batch` to the writer, as received.
    void put(const std::shared_ptr<const Batch>& batch);
    void put(std::size_t count);
    /// Moves the clock and ticks.
    void pass(Nanoseconds time);
    /// Closes the writer; the error's line when that fails.
    [[nodiscard]] std::string close();

    [[nodiscard]] std::unique_ptr<HistoryReader> reader() const;
    /// The seqs that can be read now, in their order; damage lands in `damage`.
    [[nodiscard]] std::vector<std::uint64_t> seqs(std::vector<Error>* damage = nullptr) const;
    [[nodiscard]] std::vector<Gap> gaps() const;
    /// What SQLite's own check says: "ok".
    [[nodiscard]] std::string integrity() const;
    /// Runs SQL on the file by a connection of its own; the first value.
    std::int64_t sql(const std::string& text) const;
    /// Flips one bit of a stored BLOB in place.
    [[nodiscard]] bool flipBit(const char* table, const char* column, std::int64_t row, int offset,
                               int bit) const;

    QTemporaryDir dir;
    ManualClock clock;
    std::unique_ptr<CoverageLedger> ledger;
    std::unique_ptr<HistoryWriter> writer;
    std::unique_ptr<HistoryTraffic> traffic;
    std::atomic<std::uint64_t> committed{0};
};

} // namespace weir::test
