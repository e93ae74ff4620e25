// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/TraceWay.h"

#include "app/cli/Commands.h"
#include "app/cli/Output.h"
#include "core/base/Clock.h"
#include "core/broker/BrokerLookout.h"
#include "core/broker/LiveMonitor.h"
#include "core/broker/MessageTrace.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

#include <cstdio>

namespace weir::cli {
namespace {

QString text(const std::string& of)
{
    return QString::fromStdString(of);
}

/// Since the first server had it; servers' clocks differ by what their time service leaves.
QJsonValue micros(const MessageWay& way, Timestamp time)
{
    if (time == kNoTime || way.hops.empty() || way.hops.front().time == kNoTime)
        return QJsonValue::Null;
    return static_cast<qint64>((time - way.hops.front().time).count() / 1000);
}

QJsonObject jsonOf(const MessageWay& way, const TraceEgress& egress)
{
    return {{"kind", text(egress.kind)},       {"name", text(egress.name)},
            {"account", text(egress.account)}, {"subscription", text(egress.subscription)},
            {"queue", text(egress.queue)},     {"hop", text(egress.hop)},
            {"error", text(egress.error)},     {"at_us", micros(way, egress.time)}};
}

QJsonObject jsonOf(const MessageWay& way, const TraceHop& hop)
{
    QJsonArray egresses;
    for (const TraceEgress& egress : hop.egresses)
        egresses << jsonOf(way, egress);
    QJsonValue stream = QJsonValue::Null;
    if (hop.stream)
        stream = QJsonObject{{"stream", text(hop.stream->name)},
                             {"subject", text(hop.stream->subject)},
                             {"no_interest", hop.stream->noInterest},
                             {"error", text(hop.stream->error)},
                             {"at_us", micros(way, hop.stream->time)}};
    QJsonArray mappings;
    for (const std::string& mapping : hop.mappings)
        mappings << text(mapping);
    return {{"hop", text(hop.id)},
            {"server", text(hop.server)},
            {"server_id", text(hop.serverId)},
            {"cluster", text(hop.cluster)},
            {"version", text(hop.version)},
            {"from", QJsonObject{{"kind", text(hop.kind)},
                                 {"name", text(hop.name)},
                                 {"account", text(hop.account)},
                                 {"subject", text(hop.subject)},
                                 {"error", text(hop.error)}}},
            {"at_us", micros(way, hop.time)},
            {"mappings", mappings},
            {"stream", stream},
            {"egresses", egresses}};
}

void printJson(const MessageWay& way)
{
    QJsonArray hops;
    for (const TraceHop& hop : way.hops)
        hops << jsonOf(way, hop);
    QJsonArray coverage;
    for (const std::string& line : way.lacks)
        coverage << text(line);
    const QJsonObject all{{"subject", text(way.subject)},
                          {"time", text(formatRfc3339(way.time))},
                          {"hops", hops},
                          {"coverage", coverage}};
    std::printf("%s\n", QJsonDocument(all).toJson(QJsonDocument::Compact).constData());
}

std::string sinceFirst(const MessageWay& way, Timestamp time)
{
    const QJsonValue since = micros(way, time);
    return since.isNull() ? std::string("?") : std::to_string(since.toInteger()) + " us";
}

std::string failure(const std::string& error)
{
    return error.empty() ? std::string() : "  ! " + printable(error);
}

void printHop(const MessageWay& way, const TraceHop& hop)
{
    std::printf("server     %s (%s)  %s  from %s %s, subject %s%s\n", printable(hop.server).c_str(),
                printable(hop.version).c_str(), sinceFirst(way, hop.time).c_str(), hop.kind.c_str(),
                printable(hop.name).c_str(), printable(hop.subject).c_str(), failure(hop.error).c_str());
    for (const std::string& mapping : hop.mappings)
        std::printf("           %s\n", printable(mapping).c_str());
    if (hop.stream)
        std::printf("           stream %s as %s  %s%s%s\n", printable(hop.stream->name).c_str(),
                    printable(hop.stream->subject).c_str(), sinceFirst(way, hop.stream->time).c_str(),
                    hop.stream->noInterest ? "  not stored: no consumer wants it" : "",
                    failure(hop.stream->error).c_str());
    for (const TraceEgress& egress : hop.egresses)
        std::printf("           %s %s%s%s%s%s  %s%s\n", egress.kind.c_str(), printable(egress.name).c_str(),
                    egress.subscription.empty() ? "" : ", subscription ",
                    printable(egress.subscription).c_str(), egress.queue.empty() ? "" : ", queue ",
                    printable(egress.queue).c_str(), sinceFirst(way, egress.time).c_str(),
                    failure(egress.error).c_str());
    if (hop.egresses.empty() && !hop.stream && hop.error.empty())
        std::printf("           nobody here takes it\n");
}

} // namespace

Exit traceWay(const ConnectionProfile& profile, const std::string& subject, bool json)
{
    TraceProbe probe;
    probe.subject = subject;
    SystemClock clock;
    if (saysHowToLook(profile)) {
        const auto look = makeNatsMonitor(profile, {}, clock)->look({});
        if (!look)
            return complain(look.error());
        probe.look = *look;
    }
    const auto way = traceMessage(profile, probe);
    if (!way)
        return complain(way.error());
    if (json) {
        printJson(*way);
    } else {
        for (const TraceHop& hop : way->hops)
            printHop(*way, hop);
        for (const std::string& line : way->lacks)
            std::printf("coverage   %s\n", printable(line).c_str());
    }
    return finishOutput(way->isWhole() ? Exit::Done : Exit::Incomplete);
}

} // namespace weir::cli
