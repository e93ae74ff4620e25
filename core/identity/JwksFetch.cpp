// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/identity/JwksFetch.h"

#include <QEventLoop>
#include <QHostAddress>
#include <QNetworkAccessManager>
#include <QNetworkReply>
#include <QNetworkRequest>
#include <QTimer>
#include <QUrl>

#include <charconv>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>

namespace weir {
namespace {

constexpr qint64 kMaxBody = 1 << 20;
constexpr int kDeadlineMs = 10'000;

bool isThisMachine(const QString& host)
{
    return host == QLatin1String("localhost") || QHostAddress(host).isLoopback();
}

/// The seconds of Cache-Control's max-age; kNoDuration without one.
Nanoseconds maxAge(const QByteArray& cacheControl)
{
    const qsizetype at = cacheControl.toLower().indexOf("max-age=");
    if (at < 0)
        return kNoDuration;
    const char* const from = cacheControl.constData() + at + 8;
    int seconds = 0;
    const auto [end, error] = std::from_chars(from, cacheControl.constData() + cacheControl.size(), seconds);
    return error == std::errc() && seconds >= 0 ? Nanoseconds(std::chrono::seconds(seconds)) : kNoDuration;
}

Error notFetched(const std::string& url, ErrorCode code, const QString& why, const char* hint)
{
    return {code, "fetching keys from " + url, why.toStdString(), hint};
}

Result<FetchedJwks> outcome(const std::string& url, QNetworkReply& reply)
{
    if (reply.error() != QNetworkReply::NoError) {
        const bool tls = reply.error() == QNetworkReply::SslHandshakeFailedError;
        return notFetched(url, tls ? ErrorCode::Tls : ErrorCode::Network, reply.errorString(),
                          "check the URL in a browser");
    }
    const int status = reply.attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt();
    if (status != 200)
        return notFetched(url, ErrorCode::Network, "the server answered " + QString::number(status),
                          "check the URL in a browser");
    FetchedJwks fetched;
    fetched.body = reply.readAll().toStdString();
    fetched.maxAge = maxAge(reply.rawHeader("Cache-Control"));
    if (fetched.body.size() > static_cast<std::size_t>(kMaxBody))
        return notFetched(url, ErrorCode::Limit, "the answer is larger than 1 MiB", "a key set is a few kB");
    return fetched;
}

} // namespace

bool isUrl(const std::string& place)
{
    return place.find("://") != std::string::npos;
}

Result<FetchedJwks> fetchJwks(const std::string& url, std::stop_token stop)
{
    const QUrl target(QString::fromStdString(url), QUrl::StrictMode);
    const bool secure = target.scheme() == QLatin1String("https");
    const bool local = target.scheme() == QLatin1String("http") && isThisMachine(target.host());
    if (!target.isValid() || !(secure || local))
        return notFetched(url, ErrorCode::Usage, "it is neither https nor on this machine",
                          "use an https:// URL");
    QNetworkAccessManager network;
    QNetworkRequest request(target);
    request.setAttribute(QNetworkRequest::RedirectPolicyAttribute,
                         secure ? QNetworkRequest::NoLessSafeRedirectPolicy
                                : QNetworkRequest::ManualRedirectPolicy);
    request.setMaximumRedirectsAllowed(5);
    request.setRawHeader("Accept", "application/jwk-set+json, application/json");
    QEventLoop loop;
    const std::unique_ptr<QNetworkReply> reply(network.get(request));
    QObject::connect(reply.get(), &QNetworkReply::finished, &loop, &QEventLoop::quit);
    QObject::connect(reply.get(), &QNetworkReply::downloadProgress, &loop, [&loop](qint64 received, qint64) {
        if (received > kMaxBody)
            loop.exit(1);
    });
    QTimer::singleShot(kDeadlineMs, &loop, [&loop] { loop.exit(2); });
    // By name, not by functor: the call then carries nothing from the asking thread.
    const std::stop_callback quit(
        stop, [&loop] { QMetaObject::invokeMethod(&loop, "quit", Qt::QueuedConnection); });
    const int ended = reply->isFinished() ? 0 : loop.exec();
    if (ended == 1)
        return notFetched(url, ErrorCode::Limit, "the answer is larger than 1 MiB", "a key set is a few kB");
    if (ended == 2)
        return notFetched(url, ErrorCode::Timeout, "no answer within 10 s", "check the URL in a browser");
    if (!reply->isFinished())
        return notFetched(url, ErrorCode::Cancelled, "the capture ends", "");
    return outcome(url, *reply);
}

Result<FetchedJwks> readJwksFile(const std::string& path)
{
    const std::string what = "reading keys from " + path;
    std::error_code error;
    if (!std::filesystem::exists(path, error))
        return Error{ErrorCode::NotFound, what, "there is no such file", "check the path"};
    if (!std::filesystem::is_regular_file(path, error))
        return Error{ErrorCode::Io, what, "it is not a file", "name a JWKS file"};
    if (std::filesystem::file_size(path, error) > static_cast<std::uintmax_t>(kMaxBody))
        return Error{ErrorCode::Limit, what, "it is larger than 1 MiB", "a key set is a few kB"};
    std::ifstream in(path, std::ios::binary);
    if (!in)
        return Error{ErrorCode::Permission, what, "it cannot be opened", "check its permissions"};
    FetchedJwks read;
    read.body.assign(std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>());
    return read;
}

} // namespace weir
