// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/envelope/TokenChecking.h"

#include "core/identity/TokenVerifier.h"

namespace weir {

std::function<TokenChecker(std::shared_ptr<Names>)> tokenChecking(IdentityConfig config, Clock& clock)
{
    return [config = std::move(config), &clock](const std::shared_ptr<Names>& names) -> TokenChecker {
        auto verifier = std::make_shared<TokenVerifier>(
            config, std::shared_ptr<IdentityTable>(names, &names->identities), clock);
        verifier->start();
        return [verifier](IdentityId id, std::string token) { return verifier->offer(id, std::move(token)); };
    };
}

} // namespace weir
