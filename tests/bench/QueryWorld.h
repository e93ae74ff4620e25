// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/history/Database.h"

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string>

namespace weir::bench {

template<typename T>
T orDie(Result<T> result)
{
    if (result)
        return std::move(*result);
    std::fprintf(stderr, "%s\n", result.error().line().c_str());
    std::exit(EXIT_FAILURE);
}

inline void orDie(const Result<void>& result)
{
    if (result)
        return;
    std::fprintf(stderr, "%s\n", result.error().line().c_str());
    std::exit(EXIT_FAILURE);
}

/// The same messages three times: as a history, as NDJSON, as a table with a row a message and an index for
/// each field that is asked for. Beside them a history without any.
struct QueryWorld
{
    /// Makes them in `directory`, or takes them as they are there from an earlier run.
    [[nodiscard]] static QueryWorld in(const std::filesystem::path& directory, std::size_t messages);

    std::string history;
    std::string empty;
    std::string ndjson;
    std::string rows;
    std::string trace;         ///< of a message in the middle
    std::uint64_t needles = 0; ///< messages with "needle" in the payload
};

} // namespace weir::bench
