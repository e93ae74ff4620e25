// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace weir {

/// A public NATS key (nats-io/nkeys): base32 without padding of a prefix byte, an Ed25519 public key and a
/// CRC-16/XMODEM, little-endian; 56 characters.
struct Nkey
{
    enum class Kind : unsigned char {
        Server = 13 << 3,
        Cluster = 2 << 3,
        Operator = 14 << 3,
        Account = 0,
        User = 20 << 3,
        Curve = 23 << 3
    };
    Kind kind = Kind::User;
    std::string publicKey; ///< 32 bytes

    /// Nothing for any other length or character, an unknown prefix, or a wrong checksum.
    [[nodiscard]] static std::optional<Nkey> decode(std::string_view text);
    [[nodiscard]] std::string encode() const;
};

} // namespace weir
