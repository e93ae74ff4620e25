// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/broker/ConnectionProfile.h"

#include <cstdint>
#include <functional>
#include <stop_token>
#include <string>
#include <vector>

namespace weir {

/// One step of a connection test, in plain words.
struct TestStep
{
    enum class Outcome : std::uint8_t { Ok, Warning, Failed, Skipped };

    std::string
        name; ///< "Credentials", "Name", "TCP", "NATS", "TLS", "Authentication", "Permissions", "JetStream"
    Outcome outcome = Outcome::Skipped;
    std::string detail; ///< what was found, or the other side's own reason
    std::string hint;   ///< what to do; may be empty
};

/// Tries a profile step by step and says which one fails and why. Blocks for at most a few seconds a step, so
/// run it on a thread of its own; `onStep` is called on that thread as each step ends; a requested stop skips
/// what is left. `subjects` empty: profile.subjects.
[[nodiscard]] std::vector<TestStep> testConnection(const ConnectionProfile& profile,
                                                   const std::vector<std::string>& subjects = {},
                                                   std::stop_token stop = {},
                                                   const std::function<void(const TestStep&)>& onStep = {});

} // namespace weir
