// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Result.h"
#include "core/base/Time.h"

#include <string>

namespace CLI {
class App;
} // namespace CLI

namespace weir::cli {

/// The stretch of time that a command looks at, as its options say it.
struct TimeRange
{
    std::string from; ///< as written; empty: from the first message on
    std::string to;

    struct Moments
    {
        Timestamp from = Timestamp::min();
        Timestamp to = Timestamp::max();
    };
    /// Ages count from `now`.
    [[nodiscard]] Result<Moments> moments(Timestamp now) const;
};

/// Adds `--from` and `--to`.
void addRangeOptions(CLI::App& app, TimeRange& range);

} // namespace weir::cli
