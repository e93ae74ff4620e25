// SPDX-License-Identifier: GPL-3.0-or-later
// The input as each document of a server's monitoring, and as an event; what was read is looked over as a
// look is.
#include "core/broker/BrokerEvent.h"
#include "core/broker/ConnectionBook.h"
#include "core/broker/MonitorJson.h"
#include "core/broker/MonitorReply.h"

#include <cstdlib>

using namespace weir;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const QByteArray input(reinterpret_cast<const char*>(data), static_cast<qsizetype>(size));
    const std::string text = input.toStdString();
    BrokerLook look;
    (void)readVarz(input, look);
    (void)readRoutez(input, look);
    (void)readGatewayz(input, look);
    (void)readLeafz(input, look);
    (void)readAccount(input, look);
    (void)readAccountz(input);
    (void)readStatsz(input);
    (void)readClientEvent(input);
    (void)brokerEventKind(text);
    const auto streams = readJsz(input, look);
    const auto next = readConnz(input, look);
    // A reader that follows the pages must come to an end.
    if ((streams && *streams && **streams == 0) || (next && *next && **next == 0))
        std::abort();
    const std::size_t links = look.links.size();
    nameLinks(look);
    if (look.links.size() != links)
        std::abort();
    ConnectionBook book;
    for (int i = 0; i < 2; ++i) {
        book.accepted(look.connectionsTotal);
        (void)book.refresh(look.connections, look.connectionsTotal);
        book.replace(look.connections, look.connectionsTotal);
        if (book.all().size() > look.connections.size() || book.visitors() > look.connectionsTotal)
            std::abort();
    }
    mergeStreams(look.streams, look.streams);
    mergeAccounts(look.accounts, look.accounts);
    if (const Nanoseconds read = readGoDuration(text); read != kNoDuration && read < Nanoseconds(0))
        std::abort();
    return 0;
}
