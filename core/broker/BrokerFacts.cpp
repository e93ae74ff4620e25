// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/broker/BrokerFacts.h"

#include "core/broker/NatsInbox.h"
#include "core/broker/NatsLink.h"
#include "core/broker/NatsMonitor.h"
#include "core/broker/NatsOptions.h"
#include "core/broker/TlsFiles.h"

#include <QCoreApplication>
#include <QEventLoop>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QNetworkAccessManager>
#include <QNetworkReply>

namespace weir {
namespace {

constexpr std::int64_t kPatienceMs = 2000;
constexpr std::int64_t kQuietMs = 150; // no further server answers
constexpr int kPage = 100; // connections a reply: with their subscriptions it must fit max_payload
constexpr int kMostPages = 20;
constexpr int kStreamPage = 256;

std::uint64_t number(const QJsonObject& object, const char* key)
{
    return static_cast<std::uint64_t>(object.value(QLatin1String(key)).toInteger());
}

QJsonObject parse(natsMsg* message)
{
    return QJsonDocument::fromJson(QByteArray(natsMsg_GetData(message), natsMsg_GetDataLength(message)))
        .object();
}

/// Sends one request and gathers the answers of all servers; the error when there is none.
Result<std::vector<QJsonObject>> ask(NatsLink& link, const ConnectionProfile& profile,
                                     const std::string& subject, const QJsonObject& body)
{
    const std::string inbox = natsInboxFor(profile);
    natsSubscription* raw = nullptr;
    natsStatus status = natsConnection_SubscribeSync(&raw, link.handle(), inbox.c_str());
    const NatsSubscriptionPtr owner(raw);
    const QByteArray json = QJsonDocument(body).toJson(QJsonDocument::Compact);
    if (status == NATS_OK)
        status = natsConnection_PublishRequest(link.handle(), subject.c_str(), inbox.c_str(),
                                               json.constData(), static_cast<int>(json.size()));
    std::vector<QJsonObject> answers;
    // In slices, because a refusal comes apart from the answers.
    for (std::int64_t waited = 0; status == NATS_OK && waited < kPatienceMs; waited += kQuietMs) {
        natsMsg* message = nullptr;
        const natsStatus got = natsSubscription_NextMsg(&message, raw, kQuietMs);
        const NatsMsgPtr holder(message);
        if (got == NATS_OK && natsMsg_IsNoResponders(message))
            status = NATS_NO_RESPONDERS;
        else if (got == NATS_OK)
            answers.push_back(parse(message));
        else if (got != NATS_TIMEOUT || !answers.empty() || !link.refusedPermission().empty())
            status = got;
    }
    if (!answers.empty())
        return answers;
    const std::string refused = link.refusedPermission();
    if (status == NATS_NO_RESPONDERS)
        return Error{ErrorCode::Unsupported, "asking " + subject, "nobody on the broker answers this", ""};
    if (refused.find(subject) != std::string::npos)
        return natsError("asking " + subject, NATS_NOT_PERMITTED, refused);
    return natsError("asking " + subject, status, natsStatus_GetText(status));
}

void readStreams(NatsLink& link, const ConnectionProfile& profile, const std::stop_token& stop,
                 BrokerFacts& facts)
{
    for (int offset = 0; !stop.stop_requested(); offset += kStreamPage) {
        const auto answers =
            ask(link, profile, profile.jetstreamApi() + ".STREAM.LIST", {{"offset", offset}});
        if (!answers) {
            facts.notes.push_back(answers.error().code == ErrorCode::Unsupported
                                      ? "streams: this account has no JetStream"
                                      : "streams: " + answers.error().why);
            return;
        }
        const QJsonObject& page = answers->front();
        for (const QJsonValue& one : page.value("streams").toArray()) {
            const QJsonObject config = one.toObject().value("config").toObject();
            const QJsonObject state = one.toObject().value("state").toObject();
            StreamFacts stream;
            stream.name = config.value("name").toString().toStdString();
            for (const QJsonValue& subject : config.value("subjects").toArray())
                stream.subjects.push_back(subject.toString().toStdString());
            stream.messages = number(state, "messages");
            stream.bytes = number(state, "bytes");
            stream.lastSequence = number(state, "last_seq");
            facts.streams[stream.name] = stream;
        }
        if (static_cast<int>(number(page, "total")) <= offset + kStreamPage)
            return;
    }
}

/// Adds a CONNZ document (HTTP's, or a reply's `data`); true when the server has further pages.
bool readConnections(const QJsonObject& connz, BrokerFacts& facts, bool total)
{
    const std::string server = connz.value("server_id").toString().toStdString();
    for (const QJsonValue& one : connz.value("connections").toArray()) {
        const QJsonObject connection = one.toObject();
        if (connection.value("name").toString() == QLatin1String(kNatsClientName))
            continue; // a Weir's: observing is no use of a subject
        const std::string cid = server + "/" + std::to_string(number(connection, "cid"));
        if (total) {
            facts.publishers[cid] = {number(connection, "in_msgs"), number(connection, "in_bytes")};
        }
        for (const QJsonValue& subscription : connection.value("subscriptions_list_detail").toArray()) {
            const QJsonObject detail = subscription.toObject();
            facts.subscriptions[cid + "/" + detail.value("sid").toString().toStdString()] = {
                detail.value("subject").toString().toStdString(), number(detail, "msgs")};
        }
    }
    return number(connz, "offset") + number(connz, "num_connections") < number(connz, "total");
}

/// The own account's connections; every server of the cluster answers for itself.
bool askConnections(NatsLink& link, const ConnectionProfile& profile, const std::stop_token& stop,
                    BrokerFacts& facts)
{
    bool more = true;
    for (int page = 0; more && page < kMostPages && !stop.stop_requested(); ++page) {
        const auto answers = ask(link, profile, "$SYS.REQ.SERVER.PING.CONNZ",
                                 {{"subscriptions", true},
                                  {"subscriptions_detail", true},
                                  {"limit", kPage},
                                  {"offset", page * kPage}});
        if (!answers) {
            facts.notes.push_back("connections of this account: " + answers.error().why);
            return page > 0;
        }
        more = false;
        for (const QJsonObject& answer : *answers)
            more = readConnections(answer.value("data").toObject(), facts, true) || more;
    }
    if (more)
        facts.notes.push_back("only the first " + std::to_string(kPage * kMostPages) +
                              " connections were looked at");
    return true;
}

Result<QJsonObject> fetch(const ConnectionProfile& profile, const std::string& url)
{
    const std::string what = "reading " + url;
    if (QCoreApplication::instance() == nullptr)
        return Error{ErrorCode::Unsupported, what, "there is no application loop", ""};
    QNetworkAccessManager manager;
    QNetworkRequest request(QUrl(QString::fromStdString(url)));
    if (url.starts_with("https:")) {
        const auto https = httpsOf(profile);
        if (!https)
            return https.error();
        request.setSslConfiguration(*https);
    }
    request.setTransferTimeout(static_cast<int>(kPatienceMs));
    const std::unique_ptr<QNetworkReply> reply(manager.get(request));
    QEventLoop loop;
    QObject::connect(reply.get(), &QNetworkReply::finished, &loop, &QEventLoop::quit);
    if (!reply->isFinished())
        loop.exec();
    if (reply->error() != QNetworkReply::NoError)
        return Error{ErrorCode::Network, what, reply->errorString().toStdString(),
                     "check the monitoring URL"};
    return QJsonDocument::fromJson(reply->readAll()).object();
}

void readMonitoring(const ConnectionProfile& profile, const std::stop_token& stop, bool connections,
                    BrokerFacts& facts)
{
    const std::string url = monitorUrls(profile).front();
    bool more = connections;
    for (int page = 0; more && page < kMostPages && !stop.stop_requested(); ++page) {
        const auto connz = fetch(profile, url + "/connz?subs=detail&limit=" + std::to_string(kPage) +
                                              "&offset=" + std::to_string(page * kPage));
        more = connz && readConnections(*connz, facts, false);
        if (!connz)
            facts.notes.push_back("connections: " + connz.error().why);
        else if (page == 0)
            facts.notes.push_back("subscriptions are those of all accounts of the server");
    }
    const auto varz = fetch(profile, url + "/varz");
    if (!varz)
        return facts.notes.push_back("traffic of the server: " + varz.error().why);
    facts.inMessages = number(*varz, "in_msgs");
    facts.inBytes = number(*varz, "in_bytes");
}

} // namespace

BrokerFacts readBrokerFacts(NatsLink& link, const ConnectionProfile& profile, const std::stop_token& stop)
{
    BrokerFacts facts;
    facts.time = std::chrono::duration_cast<Nanoseconds>(std::chrono::steady_clock::now().time_since_epoch());
    readStreams(link, profile, stop, facts);
    const bool told = !stop.stop_requested() && askConnections(link, profile, stop, facts);
    if (!monitorUrls(profile).empty() && !stop.stop_requested())
        readMonitoring(profile, stop, !told, facts);
    facts.notes.push_back("Not seen: subjects that nobody subscribes to and no stream keeps" +
                          std::string(told ? ", and other accounts" : "") +
                          "; the subscriptions of Weir itself are left out.");
    return facts;
}

} // namespace weir
