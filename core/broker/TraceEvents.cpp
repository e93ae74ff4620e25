// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/broker/TraceEvents.h"

#include "core/broker/MonitorJson.h"

#include <QJsonArray>

#include <array>

namespace weir {
namespace {

/// The hop is a header of the request as this server got it; its case is the sender's.
std::string hopOf(const QJsonObject& request)
{
    const QJsonObject headers = request.value("header").toObject();
    for (auto header = headers.begin(); header != headers.end(); ++header) {
        if (header.key().compare(QLatin1String("Nats-Trace-Hop"), Qt::CaseInsensitive) == 0)
            return header.value().toArray().first().toString().toStdString();
    }
    return {};
}

std::string kindIn(const QJsonObject& event)
{
    return traceKindName(event.value("kind").toInt(-1));
}

TraceEgress egressOf(const QJsonObject& event)
{
    return {kindIn(event),        countIn(event, "cid"),  textIn(event, "name"),
            textIn(event, "acc"), textIn(event, "sub"),   textIn(event, "queue"),
            textIn(event, "hop"), textIn(event, "error"), timeIn(event, "ts")};
}

void addEvent(const QJsonObject& event, TraceHop& hop)
{
    const std::string type = textIn(event, "type");
    if (type == "in") {
        hop.kind = kindIn(event);
        hop.name = textIn(event, "name");
        hop.account = textIn(event, "acc");
        hop.subject = textIn(event, "subj");
        hop.error = textIn(event, "error");
        hop.time = timeIn(event, "ts");
    } else if (type == "eg") {
        hop.egresses.push_back(egressOf(event));
    } else if (type == "js") {
        hop.stream =
            TraceStream{textIn(event, "stream"), textIn(event, "subject"), event.value("nointerest").toBool(),
                        textIn(event, "error"), timeIn(event, "ts")};
    } else if (type == "sm") {
        hop.mappings.push_back("mapped to " + textIn(event, "to"));
    } else if (type == "se") {
        hop.mappings.push_back("exported to account " + textIn(event, "acc") + " as " + textIn(event, "to"));
    } else if (type == "si") {
        hop.mappings.push_back("calls account " + textIn(event, "acc") + ": " + textIn(event, "from") +
                               " becomes " + textIn(event, "to"));
    } else {
        hop.mappings.push_back("something that this Weir does not know: " + type);
    }
}

} // namespace

std::string traceKindName(int kind)
{
    constexpr std::array kNames = {"client",    "route",     "gateway", "system",
                                   "leaf node", "JetStream", "account"};
    return kind >= 0 && kind < static_cast<int>(kNames.size()) ? kNames[static_cast<std::size_t>(kind)]
                                                               : "connection of kind " + std::to_string(kind);
}

Result<TraceHop> readTraceEvent(const QByteArray& json)
{
    const auto event = monitorDocument(json, "trace event", "events");
    if (!event)
        return event.error();
    TraceHop hop;
    const QJsonObject server = event->value("server").toObject();
    hop.server = textIn(server, "name");
    hop.serverId = textIn(server, "id");
    hop.cluster = textIn(server, "cluster");
    hop.version = textIn(server, "ver");
    hop.id = hopOf(event->value("request").toObject());
    hop.next = event->value("hops").toInt();
    for (const QJsonValue& each : event->value("events").toArray())
        addEvent(each.toObject(), hop);
    return hop;
}

} // namespace weir
