// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/broker/HttpMonitor.h"

#include "core/broker/TlsFiles.h"

#include <QEventLoop>
#include <QNetworkReply>
#include <QTimer>
#include <QUrl>

#include <memory>

namespace weir {
namespace {

using Page = MonitorQuestion::Page;

/// All of them: servers before 2.10 do not put the first page into the order of the others.
constexpr std::uint64_t kAccountsAPage = 100'000;

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

std::string encoded(const std::string& text)
{
    return QUrl::toPercentEncoding(QString::fromStdString(text)).toStdString();
}

/// A refusal's code and words.
Error refused(const std::string& url, int status, const QString& words)
{
    return notRead(url, status == 401 || status == 403 ? ErrorCode::Auth : ErrorCode::Network,
                   QStringLiteral("the server answered %1 %2").arg(status).arg(words));
}

} // namespace

HttpMonitor::HttpMonitor(Options options) : m_options(std::move(options))
{
    for (std::string& url : m_options.urls)
        url = trimmed(std::move(url));
}

Result<std::vector<std::string>> HttpMonitor::servers(const std::stop_token& /*stop*/)
{
    if (m_options.urls.empty())
        return Error{ErrorCode::Usage, "looking at the broker", "no monitoring URL is known",
                     "name it: nats-server's http_port"};
    return m_options.urls;
}

std::string HttpMonitor::describe(const std::string& server, const MonitorQuestion& question) const
{
    const std::string offset = "&offset=" + std::to_string(question.offset);
    switch (question.page) {
    case Page::Varz:
        return server + "/varz";
    case Page::Connz:
        return server + "/connz?" + (question.details ? "subs=detail&auth=true&" : "") +
               (question.cid > 0 ? "cid=" + std::to_string(question.cid)
                                 : "limit=" + std::to_string(m_options.pageSize) + offset);
    case Page::Routez:
        return server + "/routez";
    case Page::Gatewayz:
        return server + "/gatewayz";
    case Page::Leafz:
        return server + "/leafz";
    case Page::Accountz:
        return server + "/accountz" + (question.account.empty() ? "" : "?acc=" + encoded(question.account));
    case Page::Jsz:
        return server + "/jsz?consumers=true&config=true&" +
               (question.account.empty() ? "limit=" + std::to_string(kAccountsAPage) + offset
                                         : "acc=" + encoded(question.account));
    }
    return server;
}

std::string HttpMonitor::whyNotAsked() const
{
    return "no monitoring URL reaches";
}

Result<QByteArray> HttpMonitor::ask(const std::string& server, const MonitorQuestion& question,
                                    const std::stop_token& stop)
{
    return fetch(describe(server, question), stop);
}

Result<QByteArray> HttpMonitor::fetch(const std::string& url, const std::stop_token& stop)
{
    const QUrl target(QString::fromStdString(url), QUrl::StrictMode);
    if (!target.isValid() ||
        (target.scheme() != QLatin1String("http") && target.scheme() != QLatin1String("https")))
        return notRead(url, ErrorCode::Usage, QStringLiteral("it is neither http:// nor https://"));
    if (target.scheme() == QLatin1String("https") && !m_https) {
        auto https = httpsOf(m_options.profile);
        if (!https)
            return https.error();
        m_https = *std::move(https);
    }
    QNetworkRequest request(target);
    if (m_https)
        request.setSslConfiguration(*m_https);
    request.setAttribute(QNetworkRequest::RedirectPolicyAttribute, QNetworkRequest::ManualRedirectPolicy);
    QEventLoop loop;
    const std::unique_ptr<QNetworkReply> reply(m_network.get(request));
    QObject::connect(reply.get(), &QNetworkReply::finished, &loop, &QEventLoop::quit);
    QObject::connect(reply.get(), &QNetworkReply::readyRead, &loop, [&] {
        if (reply->bytesAvailable() > m_options.largestPage)
            loop.exit(1);
    });
    QList<QSslError> wrong;
    QObject::connect(reply.get(), &QNetworkReply::sslErrors, &loop,
                     [&wrong](const QList<QSslError>& errors) { wrong = errors; });
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
        return refused(url, status, reply->attribute(QNetworkRequest::HttpReasonPhraseAttribute).toString());
    if (reply->error() != QNetworkReply::NoError) {
        if (!wrong.isEmpty())
            return certificateError("reading " + url, wrong);
        const bool tls = reply->error() == QNetworkReply::SslHandshakeFailedError;
        return notRead(url, tls ? ErrorCode::Tls : ErrorCode::Network, reply->errorString());
    }
    return reply->readAll();
}

} // namespace weir
