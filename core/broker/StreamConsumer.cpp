// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/broker/StreamConsumer.h"

#include "core/broker/NearNames.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

namespace weir {
namespace {

constexpr std::int64_t kPatienceMs = 5000;
// err_code of nats-server's errors.json
constexpr int kConsumerNotFound = 10014;
constexpr int kStreamNotFound = 10059;
constexpr int kNoMessageFound = 10037;

Result<QJsonObject> request(natsConnection* connection, const std::string& subject, const QByteArray& body)
{
    natsMsg* raw = nullptr;
    const natsStatus status = natsConnection_Request(&raw, connection, subject.c_str(), body.constData(),
                                                     static_cast<int>(body.size()), kPatienceMs);
    const NatsMsgPtr reply(raw);
    const char* reason = nullptr;
    if (status == NATS_TIMEOUT && natsConnection_GetLastError(connection, &reason) == NATS_NOT_PERMITTED)
        return natsError("asking JetStream", NATS_NOT_PERMITTED, reason);
    if (status == NATS_NO_RESPONDERS)
        return Error{ErrorCode::Unsupported, "asking JetStream", "this account has no JetStream",
                     "subscribe to the subjects instead of capturing the stream"};
    if (status != NATS_OK)
        return natsError("asking JetStream", status);
    return QJsonDocument::fromJson(QByteArray(natsMsg_GetData(raw), natsMsg_GetDataLength(raw))).object();
}

int errorCode(const QJsonObject& reply)
{
    return reply.value("error").toObject().value("err_code").toInt();
}

Error apiError(const std::string& what, const QJsonObject& reply)
{
    const QJsonObject error = reply.value("error").toObject();
    const int code = error.value("code").toInt();
    return {code == 404   ? ErrorCode::NotFound
            : code == 503 ? ErrorCode::Unsupported
                          : ErrorCode::Usage,
            what, error.value("description").toString().toStdString(),
            "check the stream with `nats stream info`"};
}

Error unknownStream(natsConnection* connection, const ConsumerWish& wish)
{
    std::vector<std::string> names;
    if (const Result<QJsonObject> reply = request(connection, wish.api + ".STREAM.NAMES", {})) {
        for (const QJsonValue& name : reply->value("streams").toArray())
            names.push_back(name.toString().toStdString());
    }
    return {
        ErrorCode::NotFound, "capturing the stream " + wish.stream, "there is no such stream in this account",
        names.empty() ? "this account has no streams" : "its streams: " + nearestNames(wish.stream, names)};
}

ConsumerState readState(const QJsonObject& info)
{
    const auto place = [&info](const char* key) {
        const QJsonObject at = info.value(QLatin1String(key)).toObject();
        return ConsumerPlace{static_cast<std::uint64_t>(at.value("stream_seq").toInteger()),
                             static_cast<std::uint64_t>(at.value("consumer_seq").toInteger())};
    };
    ConsumerState state;
    state.delivered = place("delivered");
    state.ackFloor = place("ack_floor");
    state.pending = static_cast<std::uint64_t>(info.value("num_pending").toInteger());
    state.unacknowledged = static_cast<std::uint64_t>(info.value("num_ack_pending").toInteger());
    state.maxAckPending =
        static_cast<std::uint32_t>(info.value("config").toObject().value("max_ack_pending").toInteger());
    return state;
}

Error otherFilter(const std::string& filter, const ConsumerWish& wish)
{
    const std::string same = filter.empty() ? "leave --subject out" : "give --subject '" + filter + "'";
    return {ErrorCode::Usage, "using the consumer " + wish.consumer + " of " + wish.stream,
            filter.empty() ? "it takes the whole stream" : "it takes only '" + filter + "'",
            same + " to go on with it, or --consumer NAME for another one"};
}

Result<void> checkFit(const QJsonObject& config, const ConsumerWish& wish)
{
    const auto unfit = [&wish](const std::string& why) {
        return Error{ErrorCode::Usage, "using the consumer " + wish.consumer + " of " + wish.stream, why,
                     "choose another consumer name"};
    };
    if (!config.value("deliver_subject").toString().isEmpty())
        return unfit("it is a push consumer of someone else");
    if (config.value("ack_policy").toString() != "explicit")
        return unfit("it does not acknowledge each message");
    if (config.value("filter_subject").toString().toStdString() != wish.filterSubject)
        return otherFilter(config.value("filter_subject").toString().toStdString(), wish);
    return {};
}

Result<QJsonObject> create(natsConnection* connection, const ConsumerWish& wish)
{
    QJsonObject config{{"durable_name", QString::fromStdString(wish.consumer)},
                       {"description", "Weir's capture"},
                       {"deliver_policy", wish.startAfter > 0 ? "by_start_sequence"
                                          : wish.fromNow      ? "new"
                                                              : "all"},
                       {"ack_policy", "explicit"},
                       {"ack_wait", static_cast<qint64>(wish.ackWait.count())},
                       {"max_deliver", -1},
                       {"max_ack_pending", static_cast<qint64>(wish.maxAckPending)},
                       {"replay_policy", "instant"}};
    if (wish.startAfter > 0)
        config["opt_start_seq"] = static_cast<qint64>(wish.startAfter + 1);
    if (!wish.filterSubject.empty())
        config["filter_subject"] = QString::fromStdString(wish.filterSubject);
    const QJsonObject body{{"stream_name", QString::fromStdString(wish.stream)}, {"config", config}};
    return request(connection, wish.api + ".CONSUMER.DURABLE.CREATE." + wish.stream + "." + wish.consumer,
                   QJsonDocument(body).toJson(QJsonDocument::Compact));
}

} // namespace

Result<ConsumerState> consumerState(natsConnection* connection, const ConsumerWish& wish)
{
    const Result<QJsonObject> info =
        request(connection, wish.api + ".CONSUMER.INFO." + wish.stream + "." + wish.consumer, {});
    if (!info)
        return info.error();
    if (info->contains("error"))
        return apiError("asking for the consumer " + wish.consumer, *info);
    return readState(*info);
}

Result<std::uint64_t> nextInStream(natsConnection* connection, const ConsumerWish& wish, std::uint64_t after)
{
    const QString filter = wish.filterSubject.empty() ? ">" : QString::fromStdString(wish.filterSubject);
    const QJsonObject body{{"seq", static_cast<qint64>(after + 1)}, {"next_by_subj", filter}};
    const Result<QJsonObject> found = request(connection, wish.api + ".STREAM.MSG.GET." + wish.stream,
                                              QJsonDocument(body).toJson(QJsonDocument::Compact));
    if (!found)
        return found.error();
    if (errorCode(*found) == kNoMessageFound)
        return std::uint64_t{0};
    if (found->contains("error"))
        return apiError("asking for a message of the stream " + wish.stream, *found);
    return static_cast<std::uint64_t>(found->value("message").toObject().value("seq").toInteger());
}

Result<StreamState> findStream(natsConnection* connection, const ConsumerWish& wish)
{
    if ((wish.stream + wish.consumer).find_first_of(" .*>\t\r\n") != std::string::npos ||
        wish.stream.empty() || wish.consumer.empty())
        return Error{ErrorCode::Usage, "capturing a stream",
                     "the names of streams and consumers have no . * > or blank", "check the names"};
    const Result<QJsonObject> stream = request(connection, wish.api + ".STREAM.INFO." + wish.stream, {});
    if (!stream)
        return stream.error();
    if (errorCode(*stream) == kStreamNotFound)
        return unknownStream(connection, wish);
    if (stream->contains("error"))
        return apiError("capturing the stream " + wish.stream, *stream);
    StreamState state;
    state.created = stream->value("created").toString().toStdString();
    state.first =
        static_cast<std::uint64_t>(stream->value("state").toObject().value("first_seq").toInteger());
    return state;
}

Result<ConsumerState> ensureConsumer(natsConnection* connection, const ConsumerWish& wish)
{
    Result<QJsonObject> info =
        request(connection, wish.api + ".CONSUMER.INFO." + wish.stream + "." + wish.consumer, {});
    const bool absent = info && errorCode(*info) == kConsumerNotFound;
    if (absent)
        info = create(connection, wish);
    if (!info)
        return info.error();
    if (info->contains("error"))
        return apiError("making the consumer " + wish.consumer + " of " + wish.stream, *info);
    if (Result<void> fit = checkFit(info->value("config").toObject(), wish); !fit)
        return fit.error();
    ConsumerState state = readState(*info);
    state.created = absent;
    return state;
}

} // namespace weir
