// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Result.h"
#include "core/history/KeepLimits.h"

#include <string>
#include <vector>

namespace CLI {
class App;
} // namespace CLI

namespace weir::cli {

/// The options that say how much of a history stays: `--keep-age 7d --keep-size 10GB --keep "audit.>=365d"`.
struct KeepOptions
{
    std::string age;
    std::string size;
    std::vector<std::string> subjects; ///< SUBJECT=AGE each

    void addTo(CLI::App& app);
    [[nodiscard]] Result<KeepLimits> limits() const;
};

/// Reads a user's size: `500MB`, `10GB`, `1.5TB`, `64MiB`; a number alone is bytes.
[[nodiscard]] Result<std::uint64_t> parseSize(const std::string& text);

} // namespace weir::cli
