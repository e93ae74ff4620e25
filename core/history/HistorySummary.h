// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/history/Database.h"
#include "core/history/HistoryReader.h"

#include <filesystem>

namespace weir {

/// The size of a history on disk, with what SQLite has beside it.
[[nodiscard]] std::uint64_t bytesOf(const std::filesystem::path& path);

/// What a history says of itself, from its tables alone: no block is opened.
[[nodiscard]] Result<HistoryInfo> readInfo(Database& database, const std::filesystem::path& path);

} // namespace weir
