// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/broker/ConnectionProfile.h"

#include <string>

namespace weir {

/// The name by which servers list this profile's connections (CONNZ `authorized_user`): a user's name or a
/// public nkey; empty without authentication, and where the credentials cannot be read. Reads files; a
/// keyring that is locked may ask the user: not on the GUI thread.
[[nodiscard]] std::string brokerUserOf(const ConnectionProfile& profile);

} // namespace weir
