// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sql/MessageValues.h"

#include "core/capture/MessageJson.h"
#include "core/filter/FilterTerm.h"
#include "core/sql/SqlApi.h"

namespace weir {
namespace {

constexpr std::size_t kManySenders = 65536;

void giveBlob(sqlite3_context* context, std::string_view bytes)
{
    sqlite3_result_blob64(context, bytes.data() == nullptr ? "" : bytes.data(), bytes.size(),
                          SQLITE_TRANSIENT);
}

/// A text only where all of it would be shown and compared as one.
void giveBytes(sqlite3_context* context, std::string_view bytes)
{
    if (bytes.find('\0') != std::string_view::npos || !isUtf8(bytes))
        giveBlob(context, bytes);
    else
        sqlite3_result_text64(context, bytes.data() == nullptr ? "" : bytes.data(), bytes.size(),
                              SQLITE_TRANSIENT, SQLITE_UTF8);
}

/// NULL where there is none.
void giveName(sqlite3_context* context, std::string_view name)
{
    if (!name.empty())
        giveBytes(context, name);
}

void giveNumber(sqlite3_context* context, std::uint64_t number)
{
    sqlite3_result_int64(context, static_cast<sqlite3_int64>(number));
}

void giveMoment(sqlite3_context* context, Timestamp time)
{
    if (time != kNoTime)
        giveBytes(context, formatRfc3339(time));
}

void giveNanos(sqlite3_context* context, Timestamp time)
{
    if (time != kNoTime)
        sqlite3_result_int64(context, toUnixNanos(time));
}

} // namespace

const MessageValues::Sender& MessageValues::senderOf(const Message& message, const Names& names)
{
    if (const auto known = m_senders.find(message.identity.value); known != m_senders.end())
        return known->second;
    if (m_senders.size() >= kManySenders)
        m_senders.clear();
    const Identity identity = names.identities.at(message.identity);
    return m_senders[message.identity.value] = {identity.name, identity.issuer, accountOf(identity)};
}

void MessageValues::give(sqlite3_context* context, MessageColumn column, const Message& message,
                         const Names& names)
{
    switch (column) {
    case MessageColumn::Seq:
        return giveNumber(context, message.seq);
    case MessageColumn::Time:
        return giveMoment(context, message.time);
    case MessageColumn::Subject:
        return giveBytes(context, message.subjectName);
    case MessageColumn::Pop:
        return giveName(context, message.popName);
    case MessageColumn::Worker:
        return giveName(context, message.workerName);
    case MessageColumn::Identity:
        return giveName(context, senderOf(message, names).name);
    case MessageColumn::Evidence:
        return giveName(context, evidenceName(message.evidence));
    case MessageColumn::Issuer:
        return giveName(context, senderOf(message, names).issuer);
    case MessageColumn::Account:
        return giveName(context, senderOf(message, names).account);
    case MessageColumn::Trace:
        return giveName(context, message.trace);
    case MessageColumn::LatencyUs:
        if (message.latency() != kNoDuration)
            sqlite3_result_int64(
                context, std::chrono::duration_cast<std::chrono::microseconds>(message.latency()).count());
        return;
    case MessageColumn::Size:
        return giveNumber(context, message.size());
    case MessageColumn::Sent:
        return giveMoment(context, message.sent);
    case MessageColumn::Stored:
        return giveMoment(context, message.stored);
    case MessageColumn::Stream:
        return giveName(context, streamOf(message, names));
    case MessageColumn::StreamSeq:
        if (message.streamSeq != 0)
            giveNumber(context, message.streamSeq);
        return;
    case MessageColumn::Reply:
        return giveName(context, message.reply);
    case MessageColumn::Headers:
        m_json.clear();
        appendHeadersJson(m_json, message.headers);
        return giveBytes(context, m_json);
    case MessageColumn::Payload:
        return giveBytes(context, message.payload);
    case MessageColumn::TimeNs:
        return giveNanos(context, message.time);
    case MessageColumn::SentNs:
        return giveNanos(context, message.sent);
    case MessageColumn::StoredNs:
        return giveNanos(context, message.stored);
    case MessageColumn::HeadersRaw:
        return giveBlob(context, message.headers);
    case MessageColumn::Filter:
        return;
    }
}

} // namespace weir
