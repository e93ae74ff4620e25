// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Result.h"
#include "core/base/Secret.h"

#include <string>

namespace weir {

/// The desktop's keyring, through QtKeychain, under the service name "weir". Both wait for the keyring, which
/// may ask the user to unlock it: not on the GUI thread. They need a QCoreApplication.
[[nodiscard]] Result<Secret> readKeyring(const std::string& entry);
[[nodiscard]] Result<void> writeKeyring(const std::string& entry, const Secret& secret);

} // namespace weir
