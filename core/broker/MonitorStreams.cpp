// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/broker/MonitorJson.h"
#include "core/broker/MonitorReply.h"

#include <QJsonArray>

#include <algorithm>
#include <map>
#include <string_view>

namespace weir {
namespace {

/// Whether the server that tells leads this part of a cluster: it lists the others, and a follower's leader
/// is one of them. A follower counts nothing of what the leader delivers (2.9.10).
bool isLeader(const QJsonObject& part)
{
    const QJsonObject cluster = part.value("cluster").toObject();
    const QJsonArray others = cluster.value("replicas").toArray();
    const std::string leader = textIn(cluster, "leader");
    return cluster.isEmpty() ||
           (!leader.empty() && std::none_of(others.begin(), others.end(), [&](const QJsonValue& other) {
               return textIn(other.toObject(), "name") == leader;
           }));
}

SeenConsumer consumerOf(const QJsonObject& from)
{
    const QJsonObject config = from.value("config").toObject();
    SeenConsumer seen;
    seen.name = textIn(from, "name");
    seen.deliverSubject = textIn(config, "deliver_subject");
    seen.filters = textsOf(config.value("filter_subjects"));
    if (const std::string filter = textIn(config, "filter_subject"); !filter.empty())
        seen.filters.push_back(filter);
    seen.untold = !isLeader(from);
    if (seen.untold)
        return seen;
    seen.delivered = countIn(from.value("delivered").toObject(), "consumer_seq");
    seen.pending = countIn(from, "num_pending");
    seen.ackPending = countIn(from, "num_ack_pending");
    seen.redelivered = countIn(from, "num_redelivered");
    return seen;
}

SeenStream streamOf(const QJsonObject& from, const std::string& account)
{
    const QJsonObject state = from.value("state").toObject();
    SeenStream seen;
    seen.account = account;
    seen.name = textIn(from, "name");
    seen.subjects = textsOf(from.value("config").toObject().value("subjects"));
    seen.messages = countIn(state, "messages");
    seen.lastSequence = countIn(state, "last_seq");
    for (const QJsonValue& each : from.value("consumer_detail").toArray())
        seen.consumers.push_back(consumerOf(each.toObject()));
    return seen;
}

SeenAccount& accountOf(const std::string& id, std::vector<SeenAccount>& accounts)
{
    const auto found = std::find_if(accounts.begin(), accounts.end(),
                                    [&](const SeenAccount& account) { return account.id == id; });
    if (found != accounts.end())
        return *found;
    accounts.push_back({id, {}, false, {}});
    return accounts.back();
}

/// What each consumer's leader tells.
void mergeConsumers(std::vector<SeenConsumer> from, std::vector<SeenConsumer>& into)
{
    std::map<std::string, std::size_t> known;
    for (std::size_t i = 0; i < into.size(); ++i)
        known.emplace(into[i].name, i);
    for (SeenConsumer& consumer : from) {
        const auto same = known.find(consumer.name);
        if (same == known.end())
            into.push_back(std::move(consumer));
        else if (into[same->second].untold)
            into[same->second] = std::move(consumer);
    }
}

} // namespace

void mergeStreams(std::vector<SeenStream> from, std::vector<SeenStream>& into)
{
    using Name = std::pair<std::string_view, std::string_view>;
    std::map<Name, std::size_t> known;
    into.reserve(into.size() + from.size()); // the names stay where they are
    for (std::size_t i = 0; i < into.size(); ++i)
        known.emplace(Name{into[i].account, into[i].name}, i);
    for (SeenStream& stream : from) {
        const auto same = known.find({stream.account, stream.name});
        if (same == known.end()) {
            into.push_back(std::move(stream));
            continue;
        }
        SeenStream& other = into[same->second];
        mergeConsumers(std::move(stream.consumers), other.consumers);
        if (stream.lastSequence <= other.lastSequence)
            continue;
        other.subjects = std::move(stream.subjects);
        other.messages = stream.messages;
        other.lastSequence = stream.lastSequence;
        other.told = stream.told;
    }
}

void mergeAccounts(const std::vector<SeenAccount>& from, std::vector<SeenAccount>& into)
{
    for (const SeenAccount& account : from) {
        SeenAccount& known = accountOf(account.id, into);
        if (!account.name.empty())
            known.name = account.name;
        known.isSystem = known.isSystem || account.isSystem;
        if (!account.imports.empty())
            known.imports = account.imports;
    }
}

Result<std::optional<std::uint64_t>> readJsz(const QByteArray& json, BrokerLook& into)
{
    const auto jsz = monitorDocument(json, "jsz", "server_id");
    if (!jsz)
        return jsz.error();
    const QJsonArray accounts = jsz->value("account_details").toArray();
    std::vector<SeenStream> streams;
    for (const QJsonValue& each : accounts) {
        const QJsonObject account = each.toObject();
        SeenAccount& known = accountOf(textIn(account, "id"), into.accounts);
        if (known.name.empty() && textIn(account, "name") != known.id)
            known.name = textIn(account, "name");
        for (const QJsonValue& stream : account.value("stream_detail").toArray())
            streams.push_back(streamOf(stream.toObject(), textIn(account, "id")));
    }
    mergeStreams(std::move(streams), into.streams);
    // `accounts` counts those with JetStream; the reply does not repeat the offset that was asked for.
    return static_cast<std::uint64_t>(accounts.size()) < countIn(*jsz, "accounts") && !accounts.isEmpty()
               ? std::optional(static_cast<std::uint64_t>(accounts.size()))
               : std::nullopt;
}

Result<AccountList> readAccountz(const QByteArray& json)
{
    const auto accountz = monitorDocument(json, "accountz", "accounts");
    if (!accountz)
        return accountz.error();
    return AccountList{textsOf(accountz->value("accounts")), textIn(*accountz, "system_account")};
}

Result<void> readAccount(const QByteArray& json, BrokerLook& into)
{
    const auto accountz = monitorDocument(json, "accountz", "account_detail");
    if (!accountz)
        return accountz.error();
    const QJsonObject detail = accountz->value("account_detail").toObject();
    SeenAccount& account = accountOf(textIn(detail, "account_name"), into.accounts);
    if (const std::string name = textIn(detail, "name_tag"); !name.empty())
        account.name = name;
    account.isSystem = detail.value("is_system").toBool();
    account.imports.clear();
    for (const QJsonValue& each : detail.value("imports").toArray()) {
        const QJsonObject from = each.toObject();
        SeenImport import;
        import.service = textIn(from, "type") == "service";
        import.from = textIn(from, "account");
        // The subject of a stream is the exporter's; of a service it is the importer's own.
        const std::string local = textIn(from, "local_subject");
        const std::string to = textIn(from, "to");
        import.remote = import.service && !to.empty() ? to : textIn(from, "subject");
        import.local = import.service || local.empty() ? textIn(from, "subject") : local;
        account.imports.push_back(std::move(import));
    }
    return {};
}

} // namespace weir
