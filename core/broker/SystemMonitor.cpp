// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/broker/SystemMonitor.h"

#include "core/broker/MonitorReply.h"
#include "core/broker/NatsInbox.h"
#include "core/broker/NatsLink.h"

#include <QJsonDocument>
#include <QJsonObject>

#include <algorithm>

namespace weir {
namespace {

using Page = MonitorQuestion::Page;
using namespace std::chrono_literals;

constexpr Nanoseconds kNotSystemWait = 5min; ///< a user seldom changes its account
constexpr auto kSlice = 50ms;                ///< between two looks at whether to stop

const char* nameOf(Page page)
{
    switch (page) {
    case Page::Varz:
        return "VARZ";
    case Page::Connz:
        return "CONNZ";
    case Page::Routez:
        return "ROUTEZ";
    case Page::Gatewayz:
        return "GATEWAYZ";
    case Page::Leafz:
        return "LEAFZ";
    case Page::Accountz:
        return "ACCOUNTZ";
    case Page::Jsz:
        return "JSZ";
    }
    return "";
}

/// The options as requests name them, which is not how URLs do.
QJsonObject bodyOf(const MonitorQuestion& question, std::uint64_t pageSize)
{
    QJsonObject body;
    const QString account = QString::fromStdString(question.account);
    if (question.page == Page::Connz) {
        body = {{"auth", question.details}, {"subscriptions_detail", question.details}};
        if (question.cid > 0)
            body["cid"] = static_cast<qint64>(question.cid);
        else
            body["limit"] = static_cast<qint64>(pageSize);
    }
    if (question.page == Page::Jsz)
        body = {{"consumer", true}, {"config", true}};
    if (!account.isEmpty())
        body["account"] = account;
    if (question.offset > 0)
        body["offset"] = static_cast<qint64>(question.offset);
    return body;
}

QByteArray textOf(natsMsg* message)
{
    return {natsMsg_GetData(message), natsMsg_GetDataLength(message)};
}

Error notSystem(const std::string& subject)
{
    return {ErrorCode::Unsupported, "asking " + subject,
            "nobody answers: the user is not in the system account",
            "name a monitoring URL, or credentials of the system account"};
}

} // namespace

ConnectionProfile systemProfileOf(ConnectionProfile profile)
{
    if (profile.systemCreds.empty())
        return profile;
    profile.credsFile = profile.systemCreds;
    profile.user.clear();
    profile.nkeyFile.clear();
    for (SecretRef* secret : {&profile.password, &profile.token, &profile.credsText, &profile.nkeySeed,
                              &profile.userJwt, &profile.userSeed})
        *secret = {};
    return profile;
}

SystemMonitor::SystemMonitor(Options options, Clock& clock) : m_options(std::move(options)), m_clock(clock) {}

SystemMonitor::~SystemMonitor() = default;

std::string SystemMonitor::describe(const std::string& server, const MonitorQuestion& question) const
{
    return "$SYS.REQ.SERVER." + server + "." + nameOf(question.page);
}

std::string SystemMonitor::whyNotAsked() const
{
    return "no answer from";
}

Result<void> SystemMonitor::connect()
{
    if (m_link && !m_link->closed())
        return {};
    if (m_clock.steady() < m_connectAt)
        return m_failure;
    m_answers.reset();
    auto link = NatsLink::connect(m_options.profile, {}, [] {});
    if (!link) {
        m_failure = link.error();
        m_connectAt = m_clock.steady() + std::max<Nanoseconds>(m_policy.next(), 1s);
        return m_failure;
    }
    m_link = std::move(*link);
    m_policy.reset();
    m_inbox = natsInboxFor(m_options.profile);
    natsSubscription* raw = nullptr;
    const natsStatus status = natsConnection_SubscribeSync(&raw, m_link->handle(), (m_inbox + ".*").c_str());
    m_answers.reset(raw);
    if (status != NATS_OK)
        return natsError("subscribing to " + m_inbox, status);
    m_findAt = Nanoseconds::min();
    return {};
}

Result<void> SystemMonitor::send(const std::string& subject, const QByteArray& body)
{
    const std::string reply = m_inbox + "." + std::to_string(++m_asked);
    const natsStatus status = natsConnection_PublishRequest(m_link->handle(), subject.c_str(), reply.c_str(),
                                                            body.constData(), static_cast<int>(body.size()));
    return status == NATS_OK ? Result<void>() : natsError("asking " + subject, status);
}

SystemMonitor::Answer SystemMonitor::take(std::chrono::milliseconds patience, const std::stop_token& stop)
{
    const std::string reply = m_inbox + "." + std::to_string(m_asked);
    const Nanoseconds end = m_clock.steady() + patience;
    while (!stop.stop_requested() && m_clock.steady() < end && !m_link->closed()) {
        natsMsg* message = nullptr;
        const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(end - m_clock.steady());
        const natsStatus status = natsSubscription_NextMsg(
            &message, m_answers.get(), std::clamp<std::int64_t>(left.count(), 1, kSlice.count()));
        NatsMsgPtr owner(message);
        if (message != nullptr && natsMsg_GetSubject(message) == reply)
            return {std::move(owner)};
        if (status == NATS_NO_RESPONDERS)
            return {nullptr, true};
    }
    return {};
}

Result<void> SystemMonitor::findServers(const std::stop_token& stop)
{
    const std::string subject = "$SYS.REQ.SERVER.PING";
    m_findAt = m_clock.steady() + m_options.between;
    if (auto sent = send(subject, {}); !sent)
        return sent;
    std::vector<std::string> found;
    std::uint64_t expected = 1;
    Result<void> wrong;
    while (found.size() < expected) {
        const Answer answer = take(found.empty() ? m_options.patience : m_options.straggling, stop);
        if (answer.nobody) {
            m_findAt = m_clock.steady() + kNotSystemWait;
            return notSystem(subject);
        }
        if (!answer.message)
            break;
        const auto server = readStatsz(textOf(answer.message.get()));
        if (!server) {
            wrong = server.error();
            continue;
        }
        expected = std::max(expected, server->activeServers);
        if (std::find(found.begin(), found.end(), server->id) == found.end())
            found.push_back(server->id);
    }
    if (stop.stop_requested())
        return Error{ErrorCode::Cancelled, "asking " + subject, "it was stopped", {}};
    if (found.empty() && !wrong)
        return wrong;
    if (const std::string refused = m_link->refusedPermission(); found.empty() && !refused.empty())
        return natsError("asking " + subject, NATS_NOT_PERMITTED, refused);
    if (found.empty())
        return Error{ErrorCode::Timeout,
                     "asking " + subject,
                     "no answer within " + std::to_string(m_options.patience.count()) + " ms",
                     {}};
    std::sort(found.begin(), found.end());
    m_servers = std::move(found);
    m_expected = expected;
    return {};
}

Result<std::vector<std::string>> SystemMonitor::servers(const std::stop_token& stop)
{
    if (auto connected = connect(); !connected)
        return connected.error();
    if (m_clock.steady() >= m_findAt) {
        if (auto found = findServers(stop); !found) {
            m_servers.clear();
            m_failure = found.error();
        }
    }
    return m_servers.empty() ? Result<std::vector<std::string>>(m_failure) : m_servers;
}

Result<QByteArray> SystemMonitor::ask(const std::string& server, const MonitorQuestion& question,
                                      const std::stop_token& stop)
{
    const std::string subject = describe(server, question);
    const auto failed = [&](ErrorCode code, const std::string& why) {
        if (question.page == Page::Varz)
            m_findAt = Nanoseconds::min(); // it may be gone: who is there?
        return Error{code, "asking " + subject, why, {}};
    };
    if (m_link->closed())
        return failed(ErrorCode::Network, m_link->closeReason());
    const QByteArray body =
        QJsonDocument(bodyOf(question, m_options.pageSize)).toJson(QJsonDocument::Compact);
    if (auto sent = send(subject, body); !sent)
        return sent.error();
    const auto [answer, nobody] = take(m_options.patience, stop);
    if (stop.stop_requested())
        return failed(ErrorCode::Cancelled, "it was stopped");
    if (nobody)
        return failed(ErrorCode::Network, "the server does not answer any more");
    if (!answer)
        return failed(ErrorCode::Timeout,
                      "no answer within " + std::to_string(m_options.patience.count()) + " ms");
    if (natsMsg_GetDataLength(answer.get()) > m_options.largestPage)
        return failed(ErrorCode::Limit,
                      "the answer is larger than " + std::to_string(m_options.largestPage / 1000) + " kB");
    return textOf(answer.get());
}

} // namespace weir
