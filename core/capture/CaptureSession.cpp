// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/capture/CaptureSession.h"

#include "core/broker/MessageQueue.h"
#include "core/capture/CapturePipeline.h"
#include "core/envelope/EnvelopeReader.h"
#include "core/history/HistoryWriter.h"
#include "core/identity/JwksFetch.h"
#include "core/identity/TokenVerifier.h"

#include <atomic>
#include <chrono>
#include <mutex>
#include <system_error>
#include <vector>

namespace weir {
namespace {

/// How long the end of a recording waits for the verdicts on its last tokens.
constexpr std::chrono::milliseconds kVerdictPatience{3000};

std::uint64_t bytesOnDisk(const std::filesystem::path& history)
{
    std::uint64_t total = 0;
    for (const char* suffix : {"", "-wal", "-shm"}) {
        std::error_code error;
        const auto size = std::filesystem::file_size(history.string() + suffix, error);
        if (!error)
            total += size;
    }
    return total;
}

/// A key file that is not there or holds no keys is told at once; what changes later is the JwksStore's.
Result<void> checkKeyFiles(const IdentityConfig& identity)
{
    for (const std::string& place : identity.jwks) {
        if (isUrl(place))
            continue;
        const auto read = readJwksFile(place);
        if (!read)
            return read.error();
        if (const auto set = JsonWebKeySet::parse(read->body); !set)
            return Error{set.error().code, "reading keys from " + place, set.error().why, set.error().hint};
    }
    return {};
}

/// Lands everything that a source tells in the ledger, and keeps its latest status.
class LedgerEvents final : public SourceEvents
{
public:
    explicit LedgerEvents(CoverageLedger& ledger) : m_ledger(ledger) {}

    void statusChanged(const ConnectionStatus& status) override
    {
        const std::unique_lock lock(m_mutex);
        m_status = status;
    }
    void droppedByBroker(std::uint64_t count) override { m_ledger.droppedByBroker(count); }
    void droppedByQueue(std::uint64_t count) override { m_ledger.droppedByQueue(count); }
    void sampledOut(std::uint64_t count, bool estimated) override { m_ledger.sampledOut(count, estimated); }
    std::uint64_t gapBegan(GapCause cause, Timestamp from, const std::string& detail) override
    {
        Gap gap;
        gap.from = from;
        gap.cause = cause;
        gap.detail = detail;
        return m_ledger.beginGap(std::move(gap));
    }
    void gapGrew(std::uint64_t key, std::uint64_t messages, bool estimated) override
    {
        m_ledger.addToGap(key, messages, estimated);
    }
    void gapEnded(std::uint64_t key, Timestamp to) override { m_ledger.endGap(key, to); }

    [[nodiscard]] ConnectionStatus status() const
    {
        const std::unique_lock lock(m_mutex);
        return m_status;
    }

private:
    CoverageLedger& m_ledger;
    mutable std::mutex m_mutex;
    ConnectionStatus m_status; // guarded by m_mutex
};

class RunningCapture final : public CaptureSession
{
public:
    RunningCapture(Options options, Clock& clock)
        : m_options(std::move(options)), m_clock(clock), m_queue(m_options.queueBudget), m_events(m_ledger)
    {
    }
    ~RunningCapture() override { (void)end(); }

    Result<void> begin()
    {
        if (auto keys = checkKeyFiles(m_options.identity); !keys)
            return keys;
        HistoryWriter::Options writing;
        writing.path = m_options.history;
        writing.source = m_options.sourceName;
        writing.subjects = m_options.subjects;
        writing.stream = m_options.stream;
        writing.holdWhileFailing = m_options.holdWhileFailing;
        writing.keep = m_options.keep;
        auto writer = HistoryWriter::open(writing, m_clock, m_ledger,
                                          [this](std::uint64_t count) { onCommitted(count); });
        if (!writer)
            return writer.error();
        m_writer = std::move(*writer);
        const auto names = m_writer->names();
        CapturePipeline::Options piping;
        piping.firstSeq = m_writer->firstSeq();
        piping.limit = m_options.limit;
        piping.limitReached = m_options.limitReached;
        m_pipeline = std::make_unique<CapturePipeline>(
            m_queue, m_ledger, EnvelopeReader(m_options.rules, names, checkerOf(names)), names, m_clock,
            std::vector<BatchSink*>{m_writer.get()}, std::move(piping));
        m_pipeline->start();
        m_started = m_clock.now();
        auto begun = m_options.source->start(m_queue, m_events);
        m_inVain = !begun;
        return begun;
    }

    CaptureStatus status() const override
    {
        CaptureStatus status;
        status.connection = m_events.status();
        status.coverage = m_ledger.snapshot();
        status.started = m_started;
        status.firstReceived = m_pipeline->firstReceived();
        status.lastCommitted = fromUnixNanos(m_lastCommitted.load());
        status.bytesOnDisk = bytesOnDisk(m_options.history);
        status.failure = m_writer->failure();
        if (m_verifier)
            status.keysProblem = m_verifier->problem();
        status.tokensUnchecked = m_verifier && m_verifier->lacksKeys();
        return status;
    }

    const std::filesystem::path& history() const override { return m_options.history; }

    void keepLook(ObservedLook look) override { m_writer->keepLook(std::move(look)); }

    Result<void> stop() override { return end(); }

private:
    /// Tokens are checked on the verifier's thread where there are keys to check them by.
    TokenChecker checkerOf(const std::shared_ptr<Names>& names)
    {
        if (m_options.identity.jwks.empty() && m_options.identity.issuers.empty())
            return {};
        const std::shared_ptr<IdentityTable> table(names, &names->identities);
        m_verifier = std::make_unique<TokenVerifier>(m_options.identity, table, m_clock);
        m_verifier->start();
        return [this](IdentityId id, std::string token) { return m_verifier->offer(id, std::move(token)); };
    }

    void onCommitted(std::uint64_t count)
    {
        m_lastCommitted = toUnixNanos(m_clock.now());
        m_options.source->committed(count);
    }

    /// The source must outlive the last commit (it acknowledges then), and send nothing after the pipeline
    /// ended: so stop() ends its subscription first, and its connection only in its destructor.
    Result<void> end()
    {
        if (m_ended)
            return {};
        m_ended = true;
        m_options.source->stop();
        if (m_writer)
            m_writer->expectEnd();
        if (m_pipeline)
            m_pipeline->finish();
        if (m_verifier)
            m_verifier->finish(kVerdictPatience);
        if (!m_writer)
            return {};
        return m_inVain ? m_writer->closeInVain() : m_writer->close();
    }

    Options m_options;
    Clock& m_clock;
    CoverageLedger m_ledger;
    MessageQueue m_queue;
    LedgerEvents m_events;
    std::unique_ptr<HistoryWriter> m_writer;
    std::unique_ptr<TokenVerifier> m_verifier; // the pipeline offers to it
    std::unique_ptr<CapturePipeline> m_pipeline;
    Timestamp m_started = kNoTime;
    std::atomic<std::int64_t> m_lastCommitted{toUnixNanos(kNoTime)};
    bool m_inVain = false; ///< the source did not start
    bool m_ended = false;
};

} // namespace

Result<std::unique_ptr<CaptureSession>> CaptureSession::start(Options options, Clock& clock)
{
    auto session = std::make_unique<RunningCapture>(std::move(options), clock);
    if (auto begun = session->begin(); !begun)
        return begun.error();
    return std::unique_ptr<CaptureSession>(std::move(session));
}

} // namespace weir
