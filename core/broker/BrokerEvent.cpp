// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/broker/BrokerEvent.h"

#include "core/broker/MonitorJson.h"

namespace weir {

Result<ClientEvent> readClientEvent(const QByteArray& json)
{
    const auto document = monitorDocument(json, "an event", "client");
    if (!document)
        return document.error();
    const QJsonObject client = document->value("client").toObject();
    ClientEvent event;
    event.server = textIn(document->value("server").toObject(), "id");
    event.cid = countIn(client, "id");
    event.account = textIn(client, "acc");
    event.user = textIn(client, "user");
    event.name = textIn(client, "name");
    event.host = textIn(client, "host");
    event.reason = textIn(*document, "reason");
    event.time = timeIn(*document, "timestamp");
    event.start = timeIn(client, "start");
    if (event.server.empty() || event.cid == 0)
        return Error{ErrorCode::Format, "reading an event", "it names no server or no client", {}};
    return event;
}

BrokerEventKind brokerEventKind(std::string_view subject)
{
    if (subject.starts_with("$SYS.SERVER.") && subject.ends_with(".CLIENT.AUTH.ERR"))
        return BrokerEventKind::AuthError;
    if (subject.starts_with("$SYS.ACCOUNT.")) {
        if (subject.ends_with(".DISCONNECT"))
            return BrokerEventKind::Disconnect;
        return subject.ends_with(".CONNECT") ? BrokerEventKind::Connect : BrokerEventKind::Other;
    }
    return subject.find(".ADVISORY.") != std::string_view::npos ? BrokerEventKind::StreamChange
                                                                : BrokerEventKind::Other;
}

} // namespace weir
