// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Result.h"
#include "core/identity/IdentityConfig.h"

namespace CLI {
class App;
} // namespace CLI

namespace weir::cli {

/// The options that say whose tokens are believed: `--jwks`, `--issuer`, `--audience`.
struct TokenOptions
{
    IdentityConfig given;

    void addTo(CLI::App& app);
    /// What was given in place of what the profile says, list by list. Refuses what would check nothing.
    [[nodiscard]] Result<IdentityConfig> over(IdentityConfig profiles) const;
};

} // namespace weir::cli
