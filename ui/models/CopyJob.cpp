// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/capture/MessageJson.h"
#include "core/envelope/Names.h"
#include "ui/models/FeedJobs.h"
#include "ui/models/Format.h"
#include "ui/models/MessageDetails.h"

namespace weir {
namespace {

/// Tabs and line ends inside a field would make another field or line of it.
void appendField(std::string& out, std::string_view field)
{
    out += escaped(field, field.size()).toStdString();
    out += '\t';
}

void appendLine(std::string& out, const Message& message, const Names& names)
{
    const Identity who = names.identities.at(message.identity);
    out += formatRfc3339(message.time);
    out += '\t';
    appendField(out, message.subjectName);
    appendField(out, message.popName);
    appendField(out, message.workerName);
    appendField(out, who.name);
    out += evidenceName(evidenceOf(who, message.evidence, message.time));
    out += '\t';
    if (message.sent != kNoTime)
        out += std::to_string(message.latency().count() / 1000) + "us";
    out += '\t' + std::to_string(message.size()) + '\n';
}

} // namespace

Result<CopiedMessages> copyMessages(HistoryReader& reader, const std::stop_token& stop,
                                    const std::vector<SeqRun>& runs, CopyForm form, std::uint64_t limit)
{
    CopiedMessages copied;
    if (form == CopyForm::Text)
        copied.text = "time\tsubject\tpop\tworker\tidentity\tevidence\tlatency\tbytes\n";
    for (const SeqRun& run : runs) {
        HistoryQuery query;
        query.firstSeq = run.first;
        query.lastSeq = run.second;
        query.limit = limit - copied.messages;
        query.columns = form == CopyForm::Json ? kAllColumns : kEnvelopeOnly;
        if (query.limit == 0)
            break;
        const auto done = reader.scan(query, stop, [&](const std::shared_ptr<const Batch>& batch) {
            for (const Message& message : batch->messages) {
                if (copied.messages++ == limit)
                    break;
                if (form == CopyForm::Text) {
                    appendLine(copied.text, message, *batch->names);
                    continue;
                }
                appendMessageJson(copied.text, message, *batch->names);
                copied.text += '\n';
            }
            copied.messages = std::min(copied.messages, limit);
            return copied.messages < limit;
        });
        if (!done)
            return done.error();
    }
    return copied;
}

} // namespace weir
