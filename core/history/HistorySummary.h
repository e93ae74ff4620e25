// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/history/Database.h"
#include "core/history/HistoryReader.h"

#include <filesystem>

namespace weir {

/// What a history says of itself, from its tables alone: no block is opened.
[[nodiscard]] Result<HistoryInfo> readInfo(Database& database, const std::filesystem::path& path);

} // namespace weir
