// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/broker/NatsMonitor.h"

#include "core/broker/MonitorReply.h"

#include <QEventLoop>
#include <QNetworkAccessManager>
#include <QNetworkReply>
#include <QTimer>
#include <QUrl>

#include <algorithm>

namespace weir {
namespace {

constexpr int kShareOfTime = 20;

Error notRead(const std::string& url, ErrorCode code, const QString& why)
{
    return {code, "reading " + url, why.toStdString(), "check the monitoring URL"};
}

/// Only what leads to a host: a path or a query of the user's would break ours.
std::string trimmed(std::string url)
{
    while (url.ends_with('/'))
        url.pop_back();
    return url;
}

} // namespace

std::vector<std::string> monitorUrls(const ConnectionProfile& profile)
{
    std::vector<std::string> urls;
    const std::string& list = profile.monitorUrl;
    for (std::size_t at = 0; at < list.size();) {
        const std::size_t end = std::min(list.find(',', at), list.size());
        if (end > at)
            urls.push_back(list.substr(at, end - at));
        at = end + 1;
    }
    return urls;
}

Nanoseconds pauseAfterLook(Nanoseconds interval, Nanoseconds took)
{
    return std::max(interval, took * kShareOfTime);
}

Result<QByteArray> NatsMonitor::fetch(const std::string& url, const std::stop_token& stop) const
{
    const QUrl target(QString::fromStdString(url), QUrl::StrictMode);
    if (!target.isValid() ||
        (target.scheme() != QLatin1String("http") && target.scheme() != QLatin1String("https")))
        return notRead(url, ErrorCode::Usage, QStringLiteral("it is neither http:// nor https://"));
    QNetworkAccessManager network;
    QNetworkRequest request(target);
    request.setAttribute(QNetworkRequest::RedirectPolicyAttribute, QNetworkRequest::ManualRedirectPolicy);
    QEventLoop loop;
    const std::unique_ptr<QNetworkReply> reply(network.get(request));
    QObject::connect(reply.get(), &QNetworkReply::finished, &loop, &QEventLoop::quit);
    QObject::connect(reply.get(), &QNetworkReply::downloadProgress, &loop, [&](qint64 received, qint64) {
        if (received > m_options.largestPage)
            loop.exit(1);
    });
    QTimer::singleShot(m_options.patience, &loop, [&loop] { loop.exit(2); });
    const std::stop_callback quit(
        stop, [&loop] { QMetaObject::invokeMethod(&loop, "quit", Qt::QueuedConnection); });
    const int ended = reply->isFinished() ? 0 : loop.exec();
    if (ended == 1 || reply->bytesAvailable() > m_options.largestPage)
        return notRead(url, ErrorCode::Limit,
                       QStringLiteral("the answer is larger than %1 kB").arg(m_options.largestPage / 1000));
    if (ended == 2)
        return notRead(url, ErrorCode::Timeout,
                       QStringLiteral("no whole answer within %1 ms").arg(m_options.patience.count()));
    if (!reply->isFinished())
        return notRead(url, ErrorCode::Cancelled, QStringLiteral("it was stopped"));
    const int status = reply->attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt();
    if (status != 0 && status != 200)
        return notRead(url, status == 401 || status == 403 ? ErrorCode::Auth : ErrorCode::Network,
                       QStringLiteral("the server answered %1 %2")
                           .arg(status)
                           .arg(reply->attribute(QNetworkRequest::HttpReasonPhraseAttribute).toString()));
    if (reply->error() != QNetworkReply::NoError) {
        const bool tls = reply->error() == QNetworkReply::SslHandshakeFailedError;
        return notRead(url, tls ? ErrorCode::Tls : ErrorCode::Network, reply->errorString());
    }
    return reply->readAll();
}

Result<std::shared_ptr<const BrokerLook>> NatsMonitor::look(const std::stop_token& stop) const
{
    auto look = std::make_shared<BrokerLook>();
    look->time = m_clock.now();
    Error last{ErrorCode::Usage, "looking at the broker", "no monitoring URL is known",
               "name it: nats-server's http_port"};
    for (const std::string& each : m_options.urls) {
        const auto done = lookAt(trimmed(each), stop, *look);
        if (stop.stop_requested())
            return Error{ErrorCode::Cancelled, "looking at the broker", "it was stopped", {}};
        if (done)
            continue;
        last = done.error();
        look->problems.push_back(done.error().line());
    }
    if (look->servers.empty())
        return last;
    nameLinks(*look);
    if (look->connections.size() < look->connectionsTotal)
        look->problems.push_back("connections: " + std::to_string(look->connections.size()) + " of " +
                                 std::to_string(look->connectionsTotal) + " were read");
    return std::shared_ptr<const BrokerLook>(look);
}

Result<void> NatsMonitor::lookAt(const std::string& url, const std::stop_token& stop, BrokerLook& look) const
{
    const auto varz = fetch(url + "/varz", stop);
    if (!varz)
        return varz.error();
    if (auto done = readVarz(*varz, look); !done)
        return Error{done.error().code, "reading " + url + "/varz", done.error().why, done.error().hint};
    readLinks(url, stop, look);
    readAccounts(url, stop, look);
    readStreams(url, stop, look);
    readConnections(url, stop, look);
    return {};
}

void NatsMonitor::readLinks(const std::string& url, const std::stop_token& stop, BrokerLook& look) const
{
    constexpr std::pair<const char*, Result<void> (*)(const QByteArray&, BrokerLook&)> kPages[] = {
        {"/routez", readRoutez}, {"/gatewayz", readGatewayz}, {"/leafz", readLeafz}};
    for (const auto& [page, read] : kPages) {
        const auto got = fetch(url + page, stop);
        const auto done = got ? read(*got, look) : Result<void>(got.error());
        if (!done)
            look.problems.push_back("links of servers: " + done.error().line());
    }
}

void NatsMonitor::readAccounts(const std::string& url, const std::stop_token& stop, BrokerLook& look) const
{
    const auto page = fetch(url + "/accountz", stop);
    const auto list = page ? readAccountz(*page) : Result<AccountList>(page.error());
    if (!list)
        return look.problems.push_back("accounts: " + list.error().line());
    for (const std::string& id : list->accounts) {
        const QByteArray wanted = QUrl::toPercentEncoding(QString::fromStdString(id));
        const auto account = fetch(url + "/accountz?acc=" + wanted.toStdString(), stop);
        const auto done = account ? readAccount(*account, look) : Result<void>(account.error());
        if (!done)
            look.problems.push_back("account " + id + ": " + done.error().line());
    }
}

void NatsMonitor::readStreams(const std::string& url, const std::stop_token& stop, BrokerLook& look) const
{
    std::uint64_t offset = 0;
    for (std::optional<std::uint64_t> next = 0; next && !stop.stop_requested();) {
        const auto page =
            fetch(url + "/jsz?consumers=true&config=true&limit=" + std::to_string(m_options.pageSize) +
                      "&offset=" + std::to_string(offset),
                  stop);
        const auto read = page ? readJsz(*page, look) : Result<std::optional<std::uint64_t>>(page.error());
        if (!read)
            return look.problems.push_back("streams: " + read.error().line());
        next = *read;
        offset += next.value_or(0);
    }
}

void NatsMonitor::readConnections(const std::string& url, const std::stop_token& stop, BrokerLook& look) const
{
    for (std::optional<std::uint64_t> next = 0;
         next && !stop.stop_requested() && look.connections.size() < m_options.mostConnections;) {
        const auto page =
            fetch(url + "/connz?subs=detail&auth=true&limit=" + std::to_string(m_options.pageSize) +
                      "&offset=" + std::to_string(*next),
                  stop);
        const auto read = page ? readConnz(*page, look) : Result<std::optional<std::uint64_t>>(page.error());
        if (!read)
            return look.problems.push_back("connections: " + read.error().line());
        next = *read;
    }
}

} // namespace weir
