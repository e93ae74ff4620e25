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
    LiveTopology(const TopologyOptions& options, ConnectionProfile profile)
        : m_options(options), m_profile(std::move(profile))
    {
    }

    [[nodiscard]] Result<RangeLooks> observe(Nanoseconds duration)
    {
        const EndSignals ends;
        if (!m_folder.isValid())
            return Error{
                ErrorCode::Io, "making a temporary folder", m_folder.errorString().toStdString(), {}};
        const std::filesystem::path history = path();
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
        const auto before = look();
        remark("observing " + selection.inWords() + " for " + m_options.duration);
        if (before)
            m_from = before->time;
        (void)ends.wait(std::chrono::duration_cast<std::chrono::milliseconds>(duration));
        if (auto stopped = (*session)->stop(); !stopped)
            return stopped.error();
        const auto now = look();
        m_whole = (*session)->status().coverage.complete();
        RangeLooks looks;
        looks.now = now;
        looks.before = before;
        looks.observed = m_options.subjects;
        if (const auto& own = before ? before : now) // the first has our own connection
            looks.account = accountOfUser(*own, brokerUserOf(m_profile));
        return looks;
    }
    /// Of what was observed.
    [[nodiscard]] Result<std::unique_ptr<HistoryReader>> reader() const
    {
        return HistoryReader::open(path());
    }
    /// The first look, which counts who published from then on.
    [[nodiscard]] Timestamp from() const { return m_from; }
    /// Nothing was dropped, and the broker told what it was asked.
    [[nodiscard]] bool isWhole() const { return m_whole && m_told; }

private:
    [[nodiscard]] std::filesystem::path path() const { return m_folder.filePath("flow.db").toStdString(); }
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
    const QTemporaryDir m_folder;
    SystemClock m_clock;
    Timestamp m_from = Timestamp::min();
    bool m_whole = false;
    bool m_told = true;
};

Result<void> printObserved(const TopologyOptions& options, HistoryReader& reader, const Filter& filter,
                           Timestamp from, RangeLooks looks)
{
    constexpr Timestamp kLast = Timestamp::max();
    if (options.picture == Picture::Subjects) {
        const auto subjects = subjectsOfHistory(reader, from, kLast, filter, {});
        if (!subjects)
            return subjects.error();
        printSubjects(*subjects, filter.text(), &looks, options.format);
        return {};
    }
    auto flow = FlowOfHistory::read(reader, from, kLast, filter, {});
    if (!flow)
        return flow.error();
    const RangeFacts facts(std::move(*flow), std::move(looks));
    if (options.picture == Picture::Flow)
        return printFlow(facts.flow(), options.format);
    printWorld(facts.world(), options.format);
    return {};
}

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
    LiveTopology live(options, std::move(*profile));
    auto looks = live.observe(*duration);
    if (!looks)
        return complain(looks.error());
    auto reader = live.reader();
    if (!reader)
        return complain(reader.error());
    if (const auto printed = printObserved(options, **reader, *filter, live.from(), std::move(*looks));
        !printed)
        return complain(printed.error());
    return finishOutput(live.isWhole() ? Exit::Done : Exit::Incomplete);
}

} // namespace weir::cli
