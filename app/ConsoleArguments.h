// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/cli/ConsoleOptions.h"
#include "core/base/Result.h"
#include "ui/models/CaptureController.h"

#include <optional>
#include <string>

namespace weir {

class Console;

/// What `weir` without a subcommand was told: a broker and subjects to observe, or a history to open, or
/// nothing.
class ConsoleArguments
{
public:
    /// Fails on a context that does not exist, and on options that say nothing together.
    [[nodiscard]] static Result<ConsoleArguments> of(const cli::ConsoleOptions& options);
    /// Opens, observes, or asks, as told.
    void applyTo(Console& console) const;

private:
    std::optional<CaptureRequest> m_request; ///< a broker was named
    std::string m_history;                   ///< only a history was named
};

} // namespace weir
