// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Result.h"
#include "core/base/Secret.h"

#include <chrono>
#include <string>

namespace weir {

/// The desktop's keyring, through QtKeychain, under the service name "weir". Both wait for the keyring, which
/// may ask the user to unlock it: not on the GUI thread, for `patience` at the most (Timeout), less when the
/// calling QThread is asked to end. They need a QCoreApplication.
inline constexpr std::chrono::seconds kKeyringPatience{60};
[[nodiscard]] Result<Secret> readKeyring(const std::string& entry,
                                         std::chrono::milliseconds patience = kKeyringPatience);
[[nodiscard]] Result<void> writeKeyring(const std::string& entry, const Secret& secret,
                                        std::chrono::milliseconds patience = kKeyringPatience);

} // namespace weir
