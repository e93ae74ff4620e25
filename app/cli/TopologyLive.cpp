// SPDX-License-Identifier: GPL-3.0-or-later
// Pictures of the present.
#include "app/cli/BrokerWatching.h"
#include "app/cli/Commands.h"
#include "app/cli/EndSignals.h"
#include "app/cli/Options.h"
#include "app/cli/Output.h"
#include "app/cli/TopologyFacts.h"
#include "app/cli/TopologyPrint.h"
#include "app/cli/TopologyRuns.h"
#include "core/base/Clock.h"
#include "core/broker/BrokerUser.h"
#include "core/broker/LiveMonitor.h"
#include "core/capture/CaptureSession.h"
#include "core/capture/NatsSelection.h"

#include <QTemporaryDir>

#include <memory>
#include <utility>

namespace weir::cli {
namespace {

/// Messages observed for a while, in a history that nobody keeps, and the broker's own word before and after.
class LiveTopology
{
public:
    LiveTopology(const TopologyOptions& options, ConnectionProfile profile, const Filter& filter)
        : m_options(options), m_profile(std::move(profile)), m_filter(filter)
    {
    }

    [[nodiscard]] Result<RangeFacts> observe(Nanoseconds duration)
    {
        const EndSignals ends;
        if (!m_folder.isValid())
            return Error{
                ErrorCode::Io, "making a temporary folder", m_folder.errorString().toStdString(), {}};
        const std::filesystem::path history = m_folder.filePath("flow.db").toStdString();
        CaptureSession::Options capture;
        NatsSelection selection{m_profile, m_options.subjects, {}, {}, false};
        auto source = makeSource(selection, history, m_clock);
        if (!source)
            return source.error();
        capture.source = std::move(*source);
        capture.history = history;
        capture.subjects = selection.inWords();
        auto session = CaptureSession::start(std::move(capture), m_clock);
        if (!session)
            return session.error();
        remark("observing " + selection.inWords() + " for " + m_options.duration);
        const auto before = look();
        (void)ends.wait(std::chrono::duration_cast<std::chrono::milliseconds>(duration));
        const auto now = look(); // while our own connection can be seen
        if (auto stopped = (*session)->stop(); !stopped)
            return stopped.error();
        m_whole = (*session)->status().coverage.complete();
        auto reader = HistoryReader::open(history);
        if (!reader)
            return reader.error();
        auto flow = FlowOfHistory::read(**reader, Timestamp::min(), Timestamp::max(), m_filter, {});
        if (!flow)
            return flow.error();
        RangeLooks looks;
        looks.now = now;
        looks.before = before;
        looks.observed = m_options.subjects;
        if (now)
            looks.account = accountOfUser(*now, brokerUserOf(m_profile));
        return RangeFacts(std::move(*flow), std::move(looks));
    }
    /// Nothing was dropped, and the broker told what it was asked.
    [[nodiscard]] bool isWhole() const { return m_whole && m_told; }

private:
    [[nodiscard]] Result<std::shared_ptr<const BrokerLook>> askBroker()
    {
        return makeNatsMonitor(m_profile, {}, m_clock)->look({});
    }
    std::shared_ptr<const BrokerLook> look()
    {
        auto look = askBroker();
        if (!look && look.error().code == ErrorCode::Unsupported) {
            if (std::exchange(m_told, false))
                remark("consumers are not shown: --monitor URL names the server's monitoring port, "
                       "--system-creds "
                       "FILE a user of the system account");
            return nullptr;
        }
        if (!look) {
            m_told = false;
            (void)complain(look.error());
            return nullptr;
        }
        return *look;
    }

    const TopologyOptions& m_options;
    const ConnectionProfile m_profile;
    const Filter m_filter;
    const QTemporaryDir m_folder;
    SystemClock m_clock;
    bool m_whole = false;
    bool m_told = true;
};

Exit runLiveServers(const TopologyOptions& options, const ConnectionProfile& profile)
{
    SystemClock clock;
    const auto looks = watchBroker(profile, options.duration, clock);
    if (!looks)
        return complain(looks.error());
    printServers(serversOf(*looks), options.format);
    return finishOutput(looks->now->problems.empty() ? Exit::Done : Exit::Incomplete);
}

} // namespace

Exit runLiveTopology(const TopologyOptions& options)
{
    const bool ofServers = options.picture == Picture::Servers;
    if (!ofServers && options.subjects.empty())
        return complain(usage("nothing says what to observe", "give --subject S, or --history FILE"));
    const auto duration = parseDuration(options.duration);
    if (!duration)
        return complain(duration.error());
    auto profile = options.broker.profile();
    if (!profile)
        return complain(profile.error());
    const auto filter = Filter::parse(inOneLine(options.filter), SystemClock().now());
    if (!filter)
        return complain(filter.error());
    if (ofServers)
        return runLiveServers(options, *profile);
    LiveTopology live(options, std::move(*profile), *filter);
    const auto facts = live.observe(*duration);
    if (!facts)
        return complain(facts.error());
    if (options.picture == Picture::World)
        printWorld(facts->world(), options.format);
    else if (const auto printed = printFlow(facts->flow(), options.format); !printed)
        return complain(printed.error());
    return finishOutput(live.isWhole() ? Exit::Done : Exit::Incomplete);
}

} // namespace weir::cli
