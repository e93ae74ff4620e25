// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/BrokerWatching.h"

#include "app/cli/Cli.h"
#include "app/cli/EndSignals.h"
#include "core/broker/LiveMonitor.h"

namespace weir::cli {

Result<RangeLooks> watchBroker(const ConnectionProfile& profile, const std::string& duration, Clock& clock)
{
    const auto length = parseDuration(duration);
    if (!length)
        return length.error();
    const EndSignals ends;
    auto before = makeNatsMonitor(profile, {}, clock)->look({});
    if (!before && before.error().code == ErrorCode::Unsupported)
        return usage("only its monitoring ports tell of a broker's servers",
                     "give --monitor URL, or --system-creds FILE of a user of the system account");
    if (!before)
        return before.error();
    remark("looking at the broker for " + duration + ", for rates");
    (void)ends.wait(std::chrono::duration_cast<std::chrono::milliseconds>(*length));
    auto now = makeNatsMonitor(profile, {}, clock)->look({});
    if (!now)
        return now.error();
    RangeLooks looks;
    looks.now = *now;
    looks.before = *before;
    return looks;
}

} // namespace weir::cli
