// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/BrokerOptions.h"
#include "app/cli/Commands.h"
#include "app/cli/Output.h"
#include "core/base/Clock.h"
#include "core/capture/CaptureSession.h"
#include "core/capture/NatsSelection.h"

#include <CLI/CLI.hpp>
#include <atomic>
#include <csignal>
#include <cstdio>
#include <ctime>
#include <memory>

namespace weir::cli {
namespace {

struct RecordOptions
{
    BrokerOptions broker;
    std::string history;
    NatsSelection selection;
    std::uint64_t count = std::numeric_limits<std::uint64_t>::max();
    std::string duration;
    std::optional<std::uint64_t> maxRate;
    std::string rules;
    std::vector<std::string> jwks;
    Format format = Format::Text;
};

/// SIGINT and SIGTERM as something to wait for: blocked for every thread that starts after this.
class EndSignals
{
public:
    EndSignals()
    {
        sigemptyset(&m_set);
        sigaddset(&m_set, SIGINT);
        sigaddset(&m_set, SIGTERM);
        sigaddset(&m_set, SIGUSR1); // ours, to wake the wait
        pthread_sigmask(SIG_BLOCK, &m_set, nullptr);
    }
    /// Whether one came within `patience`.
    [[nodiscard]] bool wait(std::chrono::milliseconds patience) const
    {
        const timespec time{patience.count() / 1000, (patience.count() % 1000) * 1'000'000};
        const int got = sigtimedwait(&m_set, nullptr, &time);
        return got == SIGINT || got == SIGTERM;
    }
    static void wake() { (void)kill(getpid(), SIGUSR1); }

private:
    sigset_t m_set{};
};

void showProgress(const CaptureStatus& status)
{
    const Coverage& coverage = status.coverage;
    std::fprintf(stderr, "\r\033[K%s received, %s stored, %s missing, %s on disk",
                 grouped(coverage.received).c_str(), grouped(coverage.stored).c_str(),
                 grouped(coverage.offered() - coverage.received + coverage.failed).c_str(),
                 bytesForPeople(status.bytesOnDisk).c_str());
    if (status.connection.phase != ConnectionPhase::Connected)
        std::fprintf(stderr, " – %s", printable(status.connection.detail).c_str());
}

void printResult(const CaptureStatus& status, Format format)
{
    const Coverage& c = status.coverage;
    const bool any = status.firstReceived != kNoTime && status.lastCommitted != kNoTime;
    const double seconds =
        any ? std::chrono::duration<double>(status.lastCommitted - status.firstReceived).count() : 0.0;
    const double rate = seconds > 0 ? static_cast<double>(c.stored) / seconds : 0.0;
    const auto number = [](std::uint64_t value) { return static_cast<unsigned long long>(value); };
    if (format == Format::Json) {
        std::printf("{\"received\":%llu,\"stored\":%llu,\"dropped_broker\":%llu,\"dropped_queue\":%llu,"
                    "\"sampled\":%llu,"
                    "\"sampled_estimated\":%s,\"failed\":%llu,\"gaps\":%llu,\"seconds\":%.6f,\"rate\":%.1f,"
                    "\"bytes_in\":%llu,\"bytes_on_disk\":%llu}\n",
                    number(c.received), number(c.stored), number(c.droppedBroker), number(c.droppedQueue),
                    number(c.sampledOut), c.sampledEstimated ? "true" : "false", number(c.failed),
                    number(c.gaps), seconds, rate, number(c.bytesIn), number(status.bytesOnDisk));
        return;
    }
    std::printf("recorded   %s of %s messages in %.1f s (%s msg/s)\n", grouped(c.stored).c_str(),
                grouped(c.offered()).c_str(), seconds, grouped(static_cast<std::uint64_t>(rate)).c_str());
    std::printf("size       %s on disk, %s as received\n", bytesForPeople(status.bytesOnDisk).c_str(),
                bytesForPeople(c.bytesIn).c_str());
    std::printf(
        "missing    %s dropped by the broker, %s by the queue, %s sampled out%s, %s failed, %s gaps\n",
        grouped(c.droppedBroker).c_str(), grouped(c.droppedQueue).c_str(), grouped(c.sampledOut).c_str(),
        c.sampledEstimated ? " (estimated)" : "", grouped(c.failed).c_str(), grouped(c.gaps).c_str());
}

/// Waits for the count, the duration or a signal; tells about trouble once each time it begins.
void supervise(const CaptureSession& session, const EndSignals& signals, const std::atomic<bool>& full,
               Nanoseconds duration, Clock& clock)
{
    const Nanoseconds end = duration == kNoDuration ? Nanoseconds::max() : clock.steady() + duration;
    const bool progress = stderrIsTerminal();
    bool troubled = false;
    while (!full && clock.steady() < end) {
        const Nanoseconds left = std::min<Nanoseconds>(end - clock.steady(), std::chrono::milliseconds(200));
        if (signals.wait(std::chrono::ceil<std::chrono::milliseconds>(left)))
            break;
        const CaptureStatus status = session.status();
        if (status.failure && !troubled)
            (void)complain(*status.failure);
        troubled = status.failure.has_value();
        if (progress)
            showProgress(status);
    }
    if (progress)
        std::fprintf(stderr, "\r\033[K");
}

Exit runRecord(const RecordOptions& options)
{
    if (options.selection.subjects.empty() && !options.selection.isStream())
        return complain({ErrorCode::Usage, "weir record", "nothing says what to record",
                         "--subject S, or --stream NAME"});
    Nanoseconds duration = kNoDuration;
    if (!options.duration.empty()) {
        const auto parsed = parseDuration(options.duration);
        if (!parsed)
            return complain(parsed.error());
        duration = *parsed;
    }
    const EndSignals signals;
    auto profile = options.broker.profile();
    if (!profile)
        return complain(profile.error());
    if (options.maxRate) {
        profile->budget.maxMessagesPerSecond = *options.maxRate;
        if (*options.maxRate == 0)
            profile->budget.maxBytesPerSecond = 0;
    }
    SystemClock clock;
    std::atomic<bool> full{false};
    CaptureSession::Options capture;
    auto rules = options.rules.empty() ? EnvelopeRules::forUser()
                                       : EnvelopeRules::load(options.rules, EnvelopeRules::defaults());
    if (!rules)
        return complain(rules.error());
    capture.rules = std::move(*rules);
    capture.sourceName = profile->name;
    capture.subjects = options.selection.inWords();
    capture.history = options.history;
    capture.identity.jwks = options.jwks;
    capture.limit = options.count;
    capture.limitReached = [&full] {
        full = true;
        EndSignals::wake();
    };
    NatsSelection selection = options.selection;
    selection.profile = std::move(*profile);
    auto source = makeSource(selection, options.history, clock);
    if (!source)
        return complain(source.error());
    capture.source = std::move(*source);
    capture.holdWhileFailing = selection.isStream();
    auto session = CaptureSession::start(std::move(capture), clock);
    if (!session)
        return complain(session.error());
    remark("recording " + selection.inWords() + " into " + options.history);
    supervise(**session, signals, full, duration, clock);
    const auto stopped = (*session)->stop();
    const CaptureStatus status = (*session)->status();
    printResult(status, options.format);
    if (!stopped)
        return complain(stopped.error());
    return status.coverage.complete() ? Exit::Done : Exit::Incomplete;
}

} // namespace

void addRecordCommand(CLI::App& app, std::optional<Exit>& exit)
{
    auto options = std::make_shared<RecordOptions>();
    CLI::App* command = app.add_subcommand("record", "Record messages into a history");
    options->broker.addTo(*command);
    command->add_option("--history", options->history, "The history file; appended to if it exists")
        ->type_name("FILE")
        ->required();
    command
        ->add_option("--subject", options->selection.subjects,
                     "Subject to subscribe to, wildcards allowed; may be repeated")
        ->type_name("S");
    command
        ->add_option("--stream", options->selection.stream,
                     "Record a JetStream stream instead, losing nothing even at kill -9")
        ->type_name("NAME");
    command->add_option("--consumer", options->selection.consumer, "The durable consumer that --stream uses")
        ->type_name("NAME")
        ->capture_default_str();
    command->add_option("--count", options->count, "End after this many messages")->type_name("N");
    command->add_option("--duration", options->duration, "End after this long, e.g. 30s")->type_name("D");
    command->add_option("--max-rate", options->maxRate, "Observation budget in messages/s; 0 lifts it")
        ->type_name("N");
    command->add_option("--rules", options->rules, "Envelope rules of your own")->type_name("FILE");
    command->add_option("--jwks", options->jwks, "Keys that verify tokens; may be repeated")
        ->type_name("FILE|URL");
    addFormatOption(*command, options->format, {Format::Text, Format::Json});
    command->callback([options, &exit] { exit = runRecord(*options); });
}

} // namespace weir::cli
