// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/RecordReport.h"

#include "app/cli/Cli.h"
#include "core/base/Wording.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <chrono>
#include <cstdio>
#include <vector>

namespace weir::cli {
namespace {

/// Why something is missing, where that is known in words.
std::vector<std::string> warningsOf(const CaptureStatus& status)
{
    std::vector<std::string> warnings;
    if (!status.connection.warning.empty())
        warnings.push_back(status.connection.warning);
    return warnings;
}

void printJson(const CaptureStatus& status, double seconds, double rate)
{
    const Coverage& c = status.coverage;
    QJsonArray warnings;
    for (const std::string& warning : warningsOf(status))
        warnings.append(QString::fromStdString(warning));
    const auto number = [](std::uint64_t value) { return static_cast<unsigned long long>(value); };
    std::printf("{\"received\":%llu,\"stored\":%llu,\"dropped_broker\":%llu,\"dropped_queue\":%llu,"
                "\"sampled\":%llu,"
                "\"sampled_estimated\":%s,\"failed\":%llu,\"gaps\":%llu,\"seconds\":%.6f,\"rate\":%.1f,"
                "\"bytes_in\":%llu,\"bytes_on_disk\":%llu,\"tokens_unchecked\":%s,\"warnings\":%s}\n",
                number(c.received), number(c.stored), number(c.droppedBroker), number(c.droppedQueue),
                number(c.sampledOut), c.sampledEstimated ? "true" : "false", number(c.failed), number(c.gaps),
                seconds, rate, number(c.bytesIn), number(status.bytesOnDisk),
                status.tokensUnchecked ? "true" : "false",
                QJsonDocument(warnings).toJson(QJsonDocument::Compact).constData());
}

void printRecorded(const Coverage& c, double seconds, double rate)
{
    if (c.offered() == 0) {
        std::printf("recorded   nothing: no message came\n");
        return;
    }
    std::printf("recorded   %s of %s", grouped(c.stored).c_str(), counted(c.offered(), "message").c_str());
    if (seconds > 0)
        std::printf(" in %.1f s (%s msg/s)", seconds, grouped(static_cast<std::uint64_t>(rate)).c_str());
    std::printf("\n");
}

} // namespace

std::string missingInWords(const Coverage& coverage)
{
    if (coverage.complete())
        return "nothing";
    return grouped(coverage.droppedBroker) + " dropped by the broker, " + grouped(coverage.droppedQueue) +
           " by the queue, " + grouped(coverage.sampledOut) + " sampled out" +
           (coverage.sampledEstimated ? " (estimated)" : "") + ", " + grouped(coverage.failed) + " failed, " +
           counted(coverage.gaps, "gap");
}

RecordReport::RecordReport() : m_progress(stderrIsTerminal()) {}

void RecordReport::show(const CaptureStatus& status)
{
    tellStore(status);
    tellKeys(status);
    tellConnection(status.connection);
    if (m_progress)
        showProgress(status);
}

void RecordReport::end() const
{
    if (m_progress)
        std::fputs("\r\033[K", stderr);
}

void RecordReport::tell(const std::string& text) const
{
    end();
    remark(text);
}

void RecordReport::tellStore(const CaptureStatus& status)
{
    const bool fails = status.failure.has_value();
    if (fails && !m_storeFails)
        tell(status.failure->line());
    if (!fails && m_storeFails)
        tell("the history is written again");
    m_storeFails = fails;
}

void RecordReport::tellKeys(const CaptureStatus& status)
{
    if (status.keysProblem == m_keysProblem)
        return;
    m_keysProblem = status.keysProblem;
    tell(m_keysProblem.empty() ? "the keys can be read again: tokens are verified"
                               : "tokens are not verified, they count as claimed: " + m_keysProblem);
}

void RecordReport::tellConnection(const ConnectionStatus& status)
{
    const bool away = status.phase != ConnectionPhase::Connected;
    if (away && !m_away)
        tell("the connection is lost: " + status.detail);
    if (!away && m_away)
        tell("connected again to " + status.server);
    m_away = away;
    if (status.warning != m_warning && !status.warning.empty())
        tell(status.warning);
    m_warning = status.warning;
    if (status.sampleOneIn > 1 && m_oneIn == 1)
        tell("more comes than the observation budget allows: about one message in " +
             std::to_string(status.sampleOneIn) + " is taken (--max-rate changes it)");
    if (status.sampleOneIn == 1 && m_oneIn > 1)
        tell("within the observation budget again: every message is taken");
    m_oneIn = status.sampleOneIn;
}

void RecordReport::showProgress(const CaptureStatus& status) const
{
    const Coverage& coverage = status.coverage;
    std::fprintf(stderr, "\r\033[K%s received, %s stored, %s missing, %s on disk",
                 grouped(coverage.received).c_str(), grouped(coverage.stored).c_str(),
                 grouped(coverage.offered() - coverage.received + coverage.failed).c_str(),
                 bytesForPeople(status.bytesOnDisk).c_str());
    if (status.connection.phase != ConnectionPhase::Connected)
        std::fprintf(stderr, " – %s", printable(status.connection.detail).c_str());
}

void RecordReport::printResult(const CaptureStatus& status, Format format)
{
    const Coverage& c = status.coverage;
    const bool any = status.firstReceived != kNoTime && status.lastCommitted != kNoTime;
    const double seconds =
        any ? std::chrono::duration<double>(status.lastCommitted - status.firstReceived).count() : 0.0;
    const double rate = seconds > 0 ? static_cast<double>(c.stored) / seconds : 0.0;
    if (format == Format::Json) {
        printJson(status, seconds, rate);
        return;
    }
    printRecorded(c, seconds, rate);
    std::printf("size       %s on disk, %s as received\n", bytesForPeople(status.bytesOnDisk).c_str(),
                bytesForPeople(c.bytesIn).c_str());
    std::printf("missing    %s\n", missingInWords(c).c_str());
    if (status.tokensUnchecked)
        std::printf("unchecked  all tokens, they count as claimed: %s\n",
                    printable(status.keysProblem).c_str());
    for (const std::string& warning : warningsOf(status))
        std::printf("because    %s\n", printable(warning).c_str());
}

} // namespace weir::cli
