// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Result.h"
#include "core/broker/ConnectionProfile.h"

#include <string>
#include <vector>

namespace CLI {
class App;
} // namespace CLI

namespace weir::cli {

/// The options by which every command names a broker: `--context NAME`, or `--server URL --creds FILE`, and
/// its monitoring ports.
struct BrokerOptions
{
    std::string context;
    std::string server;
    std::string creds;
    std::string systemCreds;
    std::vector<std::string> monitors;

    void addTo(CLI::App& app);
    /// The profile that they name: a `nats` CLI context, else one of Weir's own; `--server`, `--creds`,
    /// `--system-creds` and `--monitor` win over its fields. Warnings about how it was read are printed on
    /// stderr.
    [[nodiscard]] Result<ConnectionProfile> profile() const;
};

/// `--context`'s meaning on its own: the `nats` CLI's context of this name, else Weir's profile of this name.
[[nodiscard]] Result<LoadedProfile> loadProfile(const std::string& name);

} // namespace weir::cli
