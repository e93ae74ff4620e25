// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/broker/BrokerUser.h"

#include "core/base/Clock.h"
#include "core/broker/CredsFile.h"
#include "core/broker/NkeySeed.h"

namespace weir {

std::string brokerUserOf(const ConnectionProfile& profile)
{
    if (!profile.user.empty())
        return profile.user;
    if (!profile.credsFile.empty() || profile.credsText.isSet()) {
        SystemClock clock;
        const auto text = profile.credsFile.empty() ? profile.credsText.resolve() : Result<Secret>(Secret());
        if (!text)
            return {};
        const auto creds = profile.credsFile.empty() ? CredsFile::parse(*text, "creds", clock.now())
                                                     : CredsFile::read(profile.credsFile, clock.now());
        return creds ? creds->claims().publicKey : std::string();
    }
    const auto seed =
        profile.nkeyFile.empty() ? profile.nkeySeed.resolve() : SecretRef::file(profile.nkeyFile).resolve();
    const auto key = seed ? nkeyPublicKey(*seed) : Result<std::string>(seed.error());
    return key ? *key : std::string();
}

} // namespace weir
