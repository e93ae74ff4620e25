// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/broker/NatsSource.h"
#include "tests/support/EventLog.h"

#include <string>
#include <utility>
#include <vector>

namespace weir::test {

/// A subscription of a profile's, with all that it fills; soon connected again.
struct Observation
{
    explicit Observation(const ConnectionProfile& profile, std::vector<std::string> subjects = {"a"})
        : source(optionsFor(profile, std::move(subjects)), clock)
    {
    }
    [[nodiscard]] Result<void> start() { return source.start(queue, events); }

    SystemClock clock;
    MessageQueue queue;
    EventLog events;
    NatsSource source; // ends before what it fills

private:
    static NatsSource::Options optionsFor(const ConnectionProfile& profile, std::vector<std::string> subjects)
    {
        NatsSource::Options options;
        options.profile = profile;
        options.subjects = std::move(subjects);
        options.reconnect = quickReconnect();
        return options;
    }
};

} // namespace weir::test
