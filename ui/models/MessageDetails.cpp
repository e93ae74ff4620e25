// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/MessageDetails.h"

#include "core/envelope/HeaderBlock.h"
#include "core/envelope/Names.h"

namespace weir {

MessageDetails toDetails(const Message& message, const Names& names)
{
    MessageDetails details;
    details.seq = message.seq;
    details.time = message.time;
    details.sent = message.sent;
    details.stored = message.stored;
    details.streamSeq = message.streamSeq;
    details.stream = names.streams.name(message.stream);
    details.headerSize = message.headerSize;
    details.payloadSize = message.payloadSize;
    details.subject = message.subjectName;
    details.pop = message.popName;
    details.worker = message.workerName;
    details.reply = message.reply;
    details.trace = message.trace;
    details.identity = names.identities.at(message.identity);
    details.evidence = evidenceOf(details.identity, message.evidence, message.time);
    details.payload = message.payload;
    HeaderBlock block(message.headers);
    std::string_view status = block.status();
    status.remove_prefix(std::min(status.size(), status.find_first_not_of(' ')));
    details.status = status;
    for (HeaderBlock::Line line; block.next(line);)
        details.headers.emplace_back(line.name, line.value);
    return details;
}

Evidence evidenceOf(const Identity& identity, Evidence written, Timestamp time)
{
    // A token's verdict may come after its first messages were written: the table knows the latest.
    const Evidence known = evidenceAt(identity, time);
    return known == Evidence::Unknown ? written : known;
}

} // namespace weir
