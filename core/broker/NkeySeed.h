// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Result.h"
#include "core/base/Secret.h"

#include <string>
#include <string_view>

namespace weir {

/// The public key (U…, A…, O…) of an nkey seed (SU…, SA…, SO…): base32 of two prefix bytes, the 32-byte
/// Ed25519 seed and a CRC16/XMODEM in little-endian (nats-io/nkeys, strkey.go).
[[nodiscard]] Result<std::string> nkeyPublicKey(const Secret& seed);

/// The 64-byte Ed25519 signature of `text` by the seed's key. Ours, because nats_Sign of nats.c 3.4.1 refuses
/// about one sound seed in 20,000 (measured).
[[nodiscard]] Result<std::string> nkeySign(const Secret& seed, std::string_view text);

} // namespace weir
