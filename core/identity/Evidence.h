// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string_view>

namespace weir {

/// How Weir knows who sent a message, weakest first. Stored in histories: append only, never renumber.
enum class Evidence : std::uint8_t {
    Unknown = 0,
    Inferred = 1, ///< the only connected user who may publish there
    Claimed = 2,  ///< an unsigned header, or a token nobody has checked
    Vouched = 3,  ///< stamped by the server (Nats-Request-Info)
    Verified = 4, ///< a signature that was checked
};

[[nodiscard]] constexpr std::string_view evidenceName(Evidence evidence)
{
    switch (evidence) {
    case Evidence::Inferred:
        return "inferred";
    case Evidence::Claimed:
        return "claimed";
    case Evidence::Vouched:
        return "vouched";
    case Evidence::Verified:
        return "verified";
    case Evidence::Unknown:
        break;
    }
    return "unknown";
}

} // namespace weir
