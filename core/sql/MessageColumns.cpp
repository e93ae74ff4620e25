// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sql/MessageColumns.h"

#include "core/sql/Moment.h"

#include <array>

namespace weir {
namespace {

using Info = MessageColumnInfo;
using In = MessageColumn;

constexpr std::string_view kMoment = "TEXT COLLATE weir_time";
constexpr ColumnSet kSender = bit(Column::Identity);

constexpr std::array kColumns{
    Info{In::Seq, "seq", "INTEGER", 0, "Weir's own number, from 1; also the rowid"},
    Info{In::Time, "time", kMoment, bit(Column::Time), "when Weir received it"},
    Info{In::Subject, "subject", "TEXT", bit(Column::Subject), ""},
    Info{In::Pop, "pop", "TEXT", bit(Column::Pop), "point of presence of the edge"},
    Info{In::Worker, "worker", "TEXT", bit(Column::Worker), "Worker or EdgeWorker"},
    Info{In::Identity, "identity", "TEXT", kSender, "who sent it"},
    Info{In::Evidence, "evidence", "TEXT", Column::Identity | Column::Time,
         "how that is known: unknown, inferred, claimed, vouched or verified"},
    Info{In::Issuer, "issuer", "TEXT", kSender, "who vouches for the identity"},
    Info{In::Account, "account", "TEXT", kSender, "account of the sender"},
    Info{In::Trace, "trace", "TEXT", bit(Column::Trace), "trace id"},
    Info{In::LatencyUs, "latency_us", "INTEGER", Column::Sent | Column::Time,
         "from sent to stored, or else to received, in microseconds"},
    Info{In::Size, "size", "INTEGER", bit(Column::Size), "bytes of headers and payload"},
    Info{In::Sent, "sent", kMoment, bit(Column::Sent), "when its sender says it sent it"},
    Info{In::Stored, "stored", kMoment, bit(Column::Sent), "when the broker's stream stored it"},
    Info{In::Stream, "stream", "TEXT", Column::Reply | Column::Headers, "JetStream stream"},
    Info{In::StreamSeq, "stream_seq", "INTEGER", bit(Column::StreamSeq), "its number in that stream"},
    Info{In::Reply, "reply", "TEXT", bit(Column::Reply), "reply subject"},
    Info{In::Headers, "headers", "TEXT", bit(Column::Headers), "JSON: each name with the list of its values"},
    Info{In::Payload, "payload", "", bit(Column::Payload), "TEXT where it is UTF-8 without NUL, else BLOB"},
    Info{In::Filter, "filter", "TEXT", 0, "filter = '…' selects as weir query does"},
    Info{In::TimeNs, "time_ns", "INTEGER", bit(Column::Time), "time in nanoseconds since 1970"},
    Info{In::SentNs, "sent_ns", "INTEGER", bit(Column::Sent), "sent, likewise"},
    Info{In::StoredNs, "stored_ns", "INTEGER", bit(Column::Sent), "stored, likewise"},
    Info{In::HeadersRaw, "headers_raw", "BLOB", bit(Column::Headers), "the header block, tokens redacted"},
};

} // namespace

std::span<const MessageColumnInfo> messageColumns()
{
    return kColumns;
}

std::string messagesDeclaration()
{
    std::string sql = "CREATE TABLE messages(";
    for (const Info& info : kColumns) {
        sql += info.column == In::Seq ? "" : ", ";
        sql += info.name;
        sql += ' ';
        sql += info.type;
        sql += info.isHidden() ? " HIDDEN" : "";
    }
    return sql + ")";
}

ColumnSet neededFor(std::uint32_t used)
{
    ColumnSet needed = 0;
    for (const Info& info : kColumns)
        needed |= (used & usedBit(info.column)) != 0 ? info.needs : 0;
    return needed;
}

} // namespace weir
