// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/broker/NatsInbox.h"

#include <nats/nats.h>

#include <memory>

namespace weir {

std::string natsInboxFor(const ConnectionProfile& profile)
{
    char* raw = nullptr;
    if (natsInbox_Create(&raw) != NATS_OK)
        return {};
    const std::unique_ptr<char, void (*)(natsInbox*)> owner(raw, natsInbox_Destroy);
    const std::string inbox = raw; // _INBOX.<22 characters>
    return profile.inboxPrefix.empty() ? inbox : profile.inboxPrefix + inbox.substr(inbox.find('.'));
}

} // namespace weir
