// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Result.h"
#include "core/base/Secret.h"

#include <string>

namespace weir {

/// The public key (U…, A…, O…) of an nkey seed (SU…, SA…, SO…): base32 of two prefix bytes, the 32-byte
/// Ed25519 seed and a CRC16/XMODEM in little-endian (nats-io/nkeys, strkey.go).
[[nodiscard]] Result<std::string> nkeyPublicKey(const Secret& seed);

} // namespace weir
