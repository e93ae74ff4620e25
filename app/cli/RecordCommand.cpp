// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/BrokerOptions.h"
#include "app/cli/Commands.h"
#include "app/cli/EndSignals.h"
#include "app/cli/KeepOptions.h"
#include "app/cli/Options.h"
#include "app/cli/RecordReport.h"
#include "app/cli/TokenOptions.h"
#include "core/base/Clock.h"
#include "core/broker/BrokerLookout.h"
#include "core/capture/CaptureSession.h"
#include "core/capture/NatsSelection.h"

#include <CLI/CLI.hpp>
#include <atomic>
#include <memory>

namespace weir::cli {
namespace {

constexpr std::uint64_t kNoLimit = std::numeric_limits<std::uint64_t>::max();
constexpr std::uint64_t kProfilesOwn = kNoLimit; ///< the rate that the profile says
constexpr std::chrono::seconds kLookEvery{2};

struct RecordOptions
{
    BrokerOptions broker;
    std::string history;
    NatsSelection selection;
    std::uint64_t count = kNoLimit;
    std::string duration;
    std::uint64_t maxRate = kProfilesOwn;
    std::string rules;
    TokenOptions tokens;
    KeepOptions keep;
    Format format = Format::Text;
};

/// Waits for the count, the duration or a signal.
void supervise(const CaptureSession& session, const EndSignals& signals, const std::atomic<bool>& full,
               Nanoseconds duration, Clock& clock, RecordReport& report)
{
    const Nanoseconds end = duration == kNoDuration ? Nanoseconds::max() : clock.steady() + duration;
    while (!full && clock.steady() < end) {
        const Nanoseconds left = std::min<Nanoseconds>(end - clock.steady(), std::chrono::milliseconds(200));
        if (signals.wait(std::chrono::ceil<std::chrono::milliseconds>(left)))
            break;
        report.show(session.status());
    }
    report.end();
}

Result<void> checkSelection(const NatsSelection& selection)
{
    if (selection.subjects.empty() && !selection.isStream())
        return usage("nothing says what to record", "give --subject S, or --stream NAME");
    if (selection.isStream() && selection.subjects.size() > 1)
        return usage("a stream takes one --subject at the most, as its filter",
                     "record the others from another --consumer into another history");
    return {};
}

std::string consumerInWords(const NatsSelection& selection, const std::string& history)
{
    if (!selection.isStream())
        return {};
    const auto own = selection.consumer.empty() ? ownConsumer(history) : selection.consumer;
    return own ? ", consumer " + *own : std::string();
}

/// Keeps what the broker says of itself beside the messages, where the profile says how to look at it.
std::unique_ptr<BrokerLookout> lookOut(const NatsSelection& selection, CaptureSession& session)
{
    if (!saysHowToLook(selection.profile))
        return nullptr;
    const auto tell = [&session, observed = selection.subjects,
                       problem = std::string()](const BrokerLookout::Told& told) mutable {
        if (told.look)
            session.keepLook({told.look, told.account, observed});
        if (!told.problem.empty() && told.problem != problem) // once, while it lasts
            remark("who consumes is not kept: " + told.problem);
        problem = told.problem;
    };
    return std::make_unique<BrokerLookout>(selection.profile, kLookEvery, tell);
}

Exit runRecord(const RecordOptions& options)
{
    if (const auto right = checkSelection(options.selection); !right)
        return complain(right.error());
    Nanoseconds duration = kNoDuration;
    if (!options.duration.empty()) {
        const auto parsed = parseDuration(options.duration);
        if (!parsed)
            return complain(parsed.error());
        duration = *parsed;
    }
    const auto keep = options.keep.limits();
    if (!keep)
        return complain(keep.error());
    const EndSignals signals;
    auto profile = options.broker.profile();
    if (!profile)
        return complain(profile.error());
    const auto identity = options.tokens.over(profile->identity);
    if (!identity)
        return complain(identity.error());
    if (options.maxRate != kProfilesOwn) {
        profile->budget.maxMessagesPerSecond = options.maxRate;
        if (options.maxRate == 0)
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
    capture.stream = options.selection.stream;
    capture.history = options.history;
    capture.keep = *keep;
    capture.identity = *identity;
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
    remark("recording " + selection.inWords() + " from " + selection.profile.urlsForPeople() + " into " +
           options.history + consumerInWords(selection, options.history));
    const auto lookout = lookOut(selection, **session);
    RecordReport report;
    supervise(**session, signals, full, duration, clock, report);
    const auto stopped = (*session)->stop();
    const CaptureStatus status = (*session)->status();
    report.tellKeys(status);
    RecordReport::printResult(status, options.format);
    if (!stopped)
        return complain(stopped.error());
    const bool whole = status.coverage.complete() && !status.tokensUnchecked;
    return finishOutput(whole ? Exit::Done : Exit::Incomplete);
}

} // namespace

void addRecordCommand(CLI::App& app, std::function<Exit()>& chosen)
{
    auto options = std::make_shared<RecordOptions>();
    CLI::App* command = app.add_subcommand("record", "Record messages into a history");
    options->broker.addTo(*command);
    command->add_option("--history", options->history, "The history file; appended to if it exists")
        ->type_name("FILE")
        ->required();
    command
        ->add_option("--subject", options->selection.subjects,
                     "Subject to subscribe to, wildcards allowed; may be repeated; with --stream: its filter")
        ->type_name("S")
        ->allow_extra_args(false);
    command
        ->add_option("--stream", options->selection.stream,
                     "Record a JetStream stream instead, losing nothing even at kill -9")
        ->type_name("NAME");
    command
        ->add_option("--consumer", options->selection.consumer,
                     "The durable consumer that --stream uses; default: one of the history's own. Two "
                     "recorders with one consumer take each other's messages")
        ->type_name("NAME");
    addNumberOption(*command, "--count", options->count, 1, "End after this many messages");
    command->add_option("--duration", options->duration, "End after this long, e.g. 30s")->type_name("D");
    addNumberOption(*command, "--max-rate", options->maxRate, 0,
                    "Observation budget in messages/s; 0 lifts it; default 200000, or the profile's");
    command
        ->add_option("--rules", options->rules,
                     "Envelope rules of your own, as JSON: see the README, \"Envelope rules\"")
        ->type_name("FILE");
    options->keep.addTo(*command);
    options->tokens.addTo(*command);
    addFormatOption(*command, options->format, {Format::Text, Format::Json});
    command->footer("Ends cleanly on Ctrl+C, SIGTERM and SIGHUP: everything received is committed first.");
    command->callback([options, &chosen] { chosen = [options] { return runRecord(*options); }; });
}

} // namespace weir::cli
