// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/broker/MonitorReply.h"

#include "core/identity/Base64Url.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

#include <algorithm>

namespace weir {
namespace {

constexpr qsizetype kQuoted = 60;

std::string text(const QJsonObject& object, const char* key)
{
    return object.value(QLatin1String(key)).toString().toStdString();
}

std::uint64_t number(const QJsonObject& object, const char* key)
{
    return static_cast<std::uint64_t>(std::max<qint64>(object.value(QLatin1String(key)).toInteger(), 0));
}

std::vector<std::string> texts(const QJsonValue& list)
{
    std::vector<std::string> found;
    for (const QJsonValue& each : list.toArray())
        found.push_back(each.toString().toStdString());
    return found;
}

Error wrong(const char* what, const QString& why)
{
    return {ErrorCode::Format, std::string("reading ") + what, why.toStdString(),
            "check that the monitoring URL is a nats-server's"};
}

/// The object that `json` is, which must have `key`.
Result<QJsonObject> document(const QByteArray& json, const char* what, const char* key)
{
    QJsonParseError error{};
    const QJsonDocument parsed = QJsonDocument::fromJson(json, &error);
    if (error.error != QJsonParseError::NoError) {
        const QByteArray begin = json.trimmed().left(kQuoted);
        const bool isPage = begin.startsWith('<');
        return wrong(what, isPage ? QStringLiteral("a web page answered")
                                  : QStringLiteral("it is not JSON: %1").arg(error.errorString()));
    }
    if (!parsed.object().contains(QLatin1String(key)))
        return wrong(what, QStringLiteral("it has no \"%1\"").arg(QLatin1String(key)));
    return parsed.object();
}

std::optional<std::uint64_t> nextPage(const QJsonObject& page, std::uint64_t read, const char* total)
{
    const std::uint64_t next = number(page, "offset") + read;
    if (read == 0 || next >= number(page, total))
        return std::nullopt;
    return next;
}

/// The permissions in a user JWT (nats-io/jwt v2, user_claims.go); it is not checked: the server did that.
std::optional<UserPermissions> permissionsOf(const std::string& jwt)
{
    const std::size_t first = jwt.find('.');
    const std::size_t second = first == std::string::npos ? first : jwt.find('.', first + 1);
    if (second == std::string::npos)
        return std::nullopt;
    const auto claims = decodeBase64Url(std::string_view(jwt).substr(first + 1, second - first - 1));
    if (!claims)
        return std::nullopt;
    const QJsonObject nats =
        QJsonDocument::fromJson(QByteArray::fromStdString(*claims)).object().value("nats").toObject();
    if (nats.value("type").toString() != QLatin1String("user"))
        return std::nullopt;
    // A scoped signing key says what its users may do: their own JWT is silent.
    const QJsonObject pub = nats.value("pub").toObject();
    const QJsonObject sub = nats.value("sub").toObject();
    return UserPermissions{texts(pub.value("allow")), texts(pub.value("deny")), texts(sub.value("allow")),
                           texts(sub.value("deny"))};
}

SeenConnection connectionOf(const QJsonObject& from, const std::string& server)
{
    SeenConnection seen;
    seen.server = server;
    seen.cid = number(from, "cid");
    seen.name = text(from, "name");
    seen.account = text(from, "account");
    if (seen.account.empty())
        seen.account = "$G"; // left out for the global account
    seen.user = text(from, "authorized_user");
    seen.userName = text(from, "name_tag");
    seen.permissions = permissionsOf(text(from, "jwt"));
    seen.inMessages = number(from, "in_msgs");
    seen.outMessages = number(from, "out_msgs");
    for (const QJsonValue& each : from.value("subscriptions_list_detail").toArray()) {
        const QJsonObject detail = each.toObject();
        seen.subscriptions.push_back(
            {text(detail, "subject"), text(detail, "qgroup"), number(detail, "msgs")});
    }
    return seen;
}

SeenConsumer consumerOf(const QJsonObject& from)
{
    const QJsonObject config = from.value("config").toObject();
    SeenConsumer seen;
    seen.name = text(from, "name");
    seen.deliverSubject = text(config, "deliver_subject");
    seen.filters = texts(config.value("filter_subjects"));
    if (const std::string filter = text(config, "filter_subject"); !filter.empty())
        seen.filters.push_back(filter);
    seen.delivered = number(from.value("delivered").toObject(), "consumer_seq");
    seen.pending = number(from, "num_pending");
    seen.ackPending = number(from, "num_ack_pending");
    seen.redelivered = number(from, "num_redelivered");
    return seen;
}

SeenStream streamOf(const QJsonObject& from, const std::string& account)
{
    const QJsonObject state = from.value("state").toObject();
    SeenStream seen;
    seen.account = account;
    seen.name = text(from, "name");
    seen.subjects = texts(from.value("config").toObject().value("subjects"));
    seen.messages = number(state, "messages");
    seen.lastSequence = number(state, "last_seq");
    for (const QJsonValue& each : from.value("consumer_detail").toArray())
        seen.consumers.push_back(consumerOf(each.toObject()));
    return seen;
}

/// Another server's telling of the same stream: the one that knows more stands.
void takeStream(SeenStream stream, std::vector<SeenStream>& into)
{
    const auto same = std::find_if(into.begin(), into.end(), [&](const SeenStream& other) {
        return other.account == stream.account && other.name == stream.name;
    });
    if (same == into.end())
        into.push_back(std::move(stream));
    else if (stream.lastSequence > same->lastSequence || stream.consumers.size() > same->consumers.size())
        *same = std::move(stream);
}

SeenAccount& accountOf(const std::string& id, BrokerLook& look)
{
    const auto found = std::find_if(look.accounts.begin(), look.accounts.end(),
                                    [&](const SeenAccount& account) { return account.id == id; });
    if (found != look.accounts.end())
        return *found;
    look.accounts.push_back({id, {}, false, {}});
    return look.accounts.back();
}

} // namespace

Result<void> readVarz(const QByteArray& json, BrokerLook& into)
{
    const auto varz = document(json, "varz", "server_id");
    if (!varz)
        return varz.error();
    SeenServer server;
    server.id = text(*varz, "server_id");
    server.name = text(*varz, "server_name");
    server.version = text(*varz, "version");
    server.cluster = text(varz->value("cluster").toObject(), "name");
    server.inMessages = number(*varz, "in_msgs");
    server.outMessages = number(*varz, "out_msgs");
    server.slowConsumers = number(*varz, "slow_consumers");
    server.connections = number(*varz, "connections");
    server.cpu = varz->value("cpu").toDouble();
    into.servers.push_back(std::move(server));
    return {};
}

Result<std::optional<std::uint64_t>> readConnz(const QByteArray& json, BrokerLook& into)
{
    const auto connz = document(json, "connz", "connections");
    if (!connz)
        return connz.error();
    const std::string server = text(*connz, "server_id");
    const QJsonArray connections = connz->value("connections").toArray();
    for (const QJsonValue& each : connections)
        into.connections.push_back(connectionOf(each.toObject(), server));
    if (number(*connz, "offset") == 0)
        into.connectionsTotal += number(*connz, "total");
    return nextPage(*connz, static_cast<std::uint64_t>(connections.size()), "total");
}

Result<std::optional<std::uint64_t>> readJsz(const QByteArray& json, BrokerLook& into)
{
    const auto jsz = document(json, "jsz", "server_id");
    if (!jsz)
        return jsz.error();
    const QJsonArray accounts = jsz->value("account_details").toArray();
    for (const QJsonValue& each : accounts) {
        const QJsonObject account = each.toObject();
        SeenAccount& known = accountOf(text(account, "id"), into);
        if (known.name.empty() && text(account, "name") != known.id)
            known.name = text(account, "name");
        for (const QJsonValue& stream : account.value("stream_detail").toArray())
            takeStream(streamOf(stream.toObject(), text(account, "id")), into.streams);
    }
    // `accounts` counts those with JetStream; the reply does not repeat the offset that was asked for.
    return static_cast<std::uint64_t>(accounts.size()) < number(*jsz, "accounts") && !accounts.isEmpty()
               ? std::optional(static_cast<std::uint64_t>(accounts.size()))
               : std::nullopt;
}

Result<AccountList> readAccountz(const QByteArray& json)
{
    const auto accountz = document(json, "accountz", "accounts");
    if (!accountz)
        return accountz.error();
    return AccountList{texts(accountz->value("accounts")), text(*accountz, "system_account")};
}

Result<void> readAccount(const QByteArray& json, BrokerLook& into)
{
    const auto accountz = document(json, "accountz", "account_detail");
    if (!accountz)
        return accountz.error();
    const QJsonObject detail = accountz->value("account_detail").toObject();
    SeenAccount& account = accountOf(text(detail, "account_name"), into);
    if (const std::string name = text(detail, "name_tag"); !name.empty())
        account.name = name;
    account.isSystem = detail.value("is_system").toBool();
    account.imports.clear();
    for (const QJsonValue& each : detail.value("imports").toArray()) {
        const QJsonObject from = each.toObject();
        SeenImport import;
        import.service = text(from, "type") == "service";
        import.from = text(from, "account");
        // The subject of a stream is the exporter's; of a service it is the importer's own.
        const std::string local = text(from, "local_subject");
        const std::string to = text(from, "to");
        import.remote = import.service && !to.empty() ? to : text(from, "subject");
        import.local = import.service || local.empty() ? text(from, "subject") : local;
        account.imports.push_back(std::move(import));
    }
    return {};
}

} // namespace weir
