// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/history/Database.h"

#include <filesystem>

namespace weir {

inline constexpr int kHistoryApplicationId = 0x57656972; ///< "Weir", in the SQLite header (FORMAT.md)
inline constexpr int kHistorySchema = 2;                 ///< the greatest PRAGMA user_version

/// Fails when `path` is something that no history can be: a directory, a device.
[[nodiscard]] Result<void> checkPlace(const std::filesystem::path& path);

struct WritableHistory
{
    Database database;
    bool made = false; ///< by us, just now: there was no file of that name
};

/// Opens `path` for writing, creating it (0600) when it is not there or empty, and checks that it is a
/// history of a version that we know. The caller holds the WriterLock.
[[nodiscard]] Result<WritableHistory> openForWriting(const std::filesystem::path& path);

/// Whether there is such a table, which files made before it came lack.
[[nodiscard]] Result<bool> hasTable(Database& database, const char* name);
/// Whether `table` has the column, which files made before it came lack.
[[nodiscard]] Result<bool> hasColumn(Database& database, const char* table, const char* name);

/// Opens `path` for reading only; also in a folder where nothing may be written.
[[nodiscard]] Result<Database> openForReading(const std::filesystem::path& path);

} // namespace weir
