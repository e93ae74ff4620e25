// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/TokenOptions.h"

#include <CLI/CLI.hpp>

namespace weir::cli {

void TokenOptions::addTo(CLI::App& app)
{
    app.add_option("--jwks", given.jwks, "Keys that verify tokens; may be repeated")
        ->type_name("FILE|URL")
        ->allow_extra_args(false);
    app.add_option("--issuer", given.issuers,
                   "Verify only tokens of this issuer (iss, or a NATS account's public key); may be repeated")
        ->type_name("ISS")
        ->allow_extra_args(false);
    app.add_option("--audience", given.audiences,
                   "Verify only tokens meant for this audience (aud); may be repeated")
        ->type_name("AUD")
        ->allow_extra_args(false);
}

Result<IdentityConfig> TokenOptions::over(IdentityConfig profiles) const
{
    for (auto list : {&IdentityConfig::jwks, &IdentityConfig::issuers, &IdentityConfig::audiences}) {
        if (!(given.*list).empty())
            profiles.*list = given.*list;
    }
    if (!profiles.audiences.empty() && profiles.jwks.empty() && profiles.issuers.empty())
        return Error{ErrorCode::Usage, "reading the command line",
                     "--audience alone verifies nothing: there is no key to check a signature by",
                     "give --jwks too"};
    return profiles;
}

} // namespace weir::cli
