// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/broker/ConnectionProfile.h"

#include <string>
#include <vector>

namespace weir {

/// The `nats` CLI's contexts, read where they lie: DIR/context/NAME.json, the selected name in
/// DIR/context.txt. Never written. Any thread. Source of the format: nats-io/jsm.go natscontext.
class NatsContexts
{
public:
    /// `dir` empty: $XDG_CONFIG_HOME/nats, else ~/.config/nats.
    explicit NatsContexts(std::string dir = {});

    [[nodiscard]] const std::string& dir() const { return m_dir; }
    /// Names, sorted; empty when there are none.
    [[nodiscard]] std::vector<std::string> list() const;
    /// The context that the CLI uses by default; empty when none is selected.
    [[nodiscard]] std::string selected() const;
    /// Reads one; empty `name`: the selected one. NotFound names what exists, nearest first.
    [[nodiscard]] Result<LoadedProfile> load(const std::string& name) const;

private:
    [[nodiscard]] Error unknownContext(const std::string& name) const;
    std::string m_dir;
};

} // namespace weir
