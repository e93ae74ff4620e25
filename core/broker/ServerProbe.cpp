// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/broker/ServerProbe.h"

#include "core/broker/ProfileText.h"
#include "core/broker/TlsFiles.h"

#include <QDateTime>
#include <QElapsedTimer>
#include <QHostAddress>
#include <QHostInfo>
#include <QJsonDocument>
#include <QJsonObject>
#include <QSslCertificate>
#include <QSslConfiguration>
#include <QStringList>

#include <charconv>

namespace weir {
namespace {

constexpr int kSliceMs = 50; // how soon a requested stop is seen
constexpr qsizetype kLongestGreeting = 1 << 16;

std::string printable(const QByteArray& bytes)
{
    QByteArray line =
        bytes.left(bytes.indexOf('\n') < 0 ? bytes.size() : bytes.indexOf('\n')).left(80).trimmed();
    for (char& c : line)
        c = c < 0x20 || c == 0x7f ? '.' : c;
    return QString::fromLatin1(line).toStdString();
}

ServerGreeting readInfo(const QJsonObject& info)
{
    ServerGreeting greeting;
    greeting.id = info.value("server_id").toString().toStdString();
    if (info.value("server_name") != info.value("server_id"))
        greeting.name = info.value("server_name").toString().toStdString();
    greeting.version = info.value("version").toString().toStdString();
    greeting.tlsRequired = info.value("tls_required").toBool();
    greeting.tlsAvailable = info.value("tls_available").toBool();
    greeting.wantsCertificate = info.value("tls_verify").toBool();
    greeting.authRequired = info.value("auth_required").toBool();
    greeting.jetstream = info.value("jetstream").toBool();
    greeting.headers = info.value("headers").toBool();
    greeting.maxPayload = info.value("max_payload").toInteger();
    return greeting;
}

Error networkError(std::string what, const QString& why, std::string hint)
{
    return {ErrorCode::Network, std::move(what), why.toStdString(), std::move(hint)};
}

Result<QSslConfiguration> configurationFor(const ConnectionProfile& profile)
{
    const Result<TlsFiles> files = readTlsFiles(profile);
    if (!files)
        return files.error();
    QSslConfiguration configuration = QSslConfiguration::defaultConfiguration();
    configuration.setProtocol(QSsl::TlsV1_2OrLater);
    configuration.setSslOption(QSsl::SslOptionDisableSessionPersistence, false); // tells of tickets
    if (!files->authorities.isEmpty())
        configuration.setCaCertificates(files->authorities);
    configuration.setLocalCertificateChain(files->chain);
    configuration.setPrivateKey(files->key);
    return configuration;
}

} // namespace

Result<HostPort> hostPortOf(const std::string& url)
{
    const std::string bare = withoutUserInfo(url);
    const std::size_t scheme = bare.find("://");
    std::string place = scheme == std::string::npos ? bare : bare.substr(scheme + 3);
    place = place.substr(0, place.find('/'));
    HostPort where;
    const std::size_t bracket = place.rfind(']');
    const std::size_t colon = place.rfind(':');
    const bool hasPort = colon != std::string::npos && (bracket == std::string::npos || colon > bracket);
    where.host = hasPort ? place.substr(0, colon) : place;
    if (where.host.starts_with('[') && where.host.ends_with(']'))
        where.host = where.host.substr(1, where.host.size() - 2);
    const std::string port = hasPort ? place.substr(colon + 1) : "4222";
    const char* end = port.data() + port.size();
    if (where.host.empty() || std::from_chars(port.data(), end, where.port).ptr != end || where.port == 0)
        return Error{ErrorCode::Usage, "reading the URL " + bare, "it names no host and port",
                     "write nats://HOST:PORT"};
    return where;
}

ServerProbe::ServerProbe(HostPort where, std::stop_token stop, std::chrono::milliseconds patience)
    : m_where(std::move(where)), m_stop(std::move(stop)), m_patience(patience)
{
    QObject::connect(&m_socket, &QSslSocket::newSessionTicketReceived, [this] { m_ticket = true; });
    // What comes after the first is only that the connection is closed.
    QObject::connect(&m_socket, &QSslSocket::errorOccurred, [this] {
        if (m_trouble.isEmpty())
            m_trouble = m_socket.errorString();
    });
}

std::string ServerProbe::place() const
{
    return m_where.host + ":" + std::to_string(m_where.port);
}

template<typename Done>
bool ServerProbe::waitFor(Done done)
{
    QElapsedTimer timer;
    timer.start();
    while (!m_stop.stop_requested() && timer.elapsed() < m_patience.count()) {
        if (done())
            return true;
        if (m_socket.state() == QAbstractSocket::UnconnectedState)
            return done();
    }
    return false;
}

Result<std::string> ServerProbe::resolve()
{
    QHostAddress address;
    if (address.setAddress(QString::fromStdString(m_where.host)))
        return m_where.host + " is an address";
    const QHostInfo info = QHostInfo::fromName(QString::fromStdString(m_where.host));
    if (info.error() != QHostInfo::NoError)
        return networkError("finding " + m_where.host, info.errorString(),
                            "check the spelling and the name server");
    QStringList found;
    for (const QHostAddress& one : info.addresses())
        found += one.toString();
    return m_where.host + " is " + found.join(", ").toStdString();
}

Result<void> ServerProbe::connect()
{
    m_socket.connectToHost(QString::fromStdString(m_where.host), m_where.port);
    // In one piece: waitForConnected() gives the attempt up when its time is over.
    const bool connected = m_socket.waitForConnected(static_cast<int>(m_patience.count()));
    if (connected)
        return {};
    const bool refused = m_socket.error() == QAbstractSocket::ConnectionRefusedError;
    if (m_socket.error() != QAbstractSocket::SocketTimeoutError)
        return networkError("connecting to " + place(), m_socket.errorString(),
                            refused ? "nothing listens there: check the port and that the server runs"
                                    : "check the network and the firewall");
    return Error{ErrorCode::Timeout, "connecting to " + place(), "nobody answered",
                 "a firewall may swallow the connection; check host and port"};
}

Error ServerProbe::notNats(const QByteArray& answer) const
{
    std::string hint = "check the port: NATS clients use 4222 by default";
    if (answer.startsWith("HTTP/"))
        hint += "; 8222 is its monitoring port";
    if (answer.startsWith(QByteArray("\x15\x03", 2)))
        return {ErrorCode::Tls, "greeting " + place(), "it expects TLS before it says a word",
                "a NATS listener with handshake_first, or not NATS at all"};
    return {ErrorCode::Format, "greeting " + place(),
            "this is not a NATS server: it answered '" + printable(answer) + "'", hint};
}

Result<ServerGreeting> ServerProbe::greeting()
{
    QByteArray answer;
    const auto line = [&] {
        if (m_socket.waitForReadyRead(kSliceMs) || m_socket.bytesAvailable() > 0)
            answer += m_socket.read(kLongestGreeting - answer.size());
        return answer.contains('\n') || answer.size() >= kLongestGreeting;
    };
    // A NATS server speaks first. What keeps silent is asked in the web's language before it is given up.
    if (!waitFor(line) && answer.isEmpty() && m_socket.state() == QAbstractSocket::UnconnectedState)
        return Error{ErrorCode::Network, "greeting " + place(), "it closed the connection without a word",
                     "check the port; a proxy without a server behind it does this too"};
    if (answer.isEmpty() && !m_stop.stop_requested()) {
        m_socket.write("GET / HTTP/1.1\r\nHost: " + QByteArray::fromStdString(m_where.host) +
                       "\r\nConnection: close\r\n\r\n");
        (void)waitFor(line);
    }
    if (answer.isEmpty())
        return Error{ErrorCode::Timeout, "greeting " + place(), "it says nothing; a NATS server speaks first",
                     "check the port: NATS clients use 4222 by default"};
    if (!answer.startsWith("INFO "))
        return notNats(answer);
    const QJsonDocument info = QJsonDocument::fromJson(answer.mid(5, answer.indexOf('\n') - 5).trimmed());
    if (!info.isObject())
        return notNats(answer);
    const ServerGreeting greeting = readInfo(info.object());
    m_wantsCertificate = greeting.wantsCertificate;
    return greeting;
}

/// With TLS 1.3 the client has finished before the server judges its certificate. The server's session ticket
/// tells that it is let in (RFC 8446, 4.6.1); a server without tickets is given its time to object.
bool ServerProbe::isLetIn()
{
    if (!m_wantsCertificate || m_socket.sessionProtocol() != QSsl::TlsV1_3)
        return true;
    (void)waitFor([this] { return m_ticket || m_socket.waitForReadyRead(kSliceMs) || m_ticket; });
    return m_ticket || m_socket.state() == QAbstractSocket::ConnectedState;
}

Result<std::string> ServerProbe::encrypt(const ConnectionProfile& profile)
{
    const Result<QSslConfiguration> configuration = configurationFor(profile);
    if (!configuration)
        return configuration.error();
    m_socket.setSslConfiguration(*configuration);
    m_socket.setPeerVerifyMode(profile.tlsVerify ? QSslSocket::VerifyPeer : QSslSocket::QueryPeer);
    if (!profile.tlsVerify)
        m_socket.ignoreSslErrors();
    m_socket.setPeerVerifyName(QString::fromStdString(m_where.host));
    m_socket.startClientEncryption();
    const std::string what = "the TLS handshake with " + place();
    if (!waitFor([this] { return m_socket.isEncrypted() || m_socket.waitForEncrypted(kSliceMs); })) {
        const QList<QSslError> errors = m_socket.sslHandshakeErrors();
        if (profile.tlsVerify && !errors.isEmpty())
            return certificateError(what, errors);
        return handshakeRefused(what, m_trouble.isEmpty() ? m_socket.errorString() : m_trouble, profile);
    }
    if (!isLetIn())
        return handshakeRefused(what, m_trouble.isEmpty() ? m_socket.errorString() : m_trouble, profile);
    const std::string until =
        m_socket.peerCertificate().expiryDate().toUTC().toString(Qt::ISODate).toStdString();
    return "encrypted, the certificate is valid until " + until;
}

namespace {

Result<void> walk(const ConnectionProfile& profile, const std::string& url)
{
    const Result<HostPort> where = hostPortOf(url);
    if (!where)
        return where.error();
    ServerProbe probe(*where, {}, profile.connectTimeout);
    if (const Result<std::string> found = probe.resolve(); !found)
        return found.error();
    if (Result<void> connected = probe.connect(); !connected)
        return connected;
    const Result<ServerGreeting> greeting = probe.greeting();
    if (!greeting)
        return greeting.error();
    if (!greeting->tlsRequired && !greeting->tlsAvailable)
        return {};
    const Result<std::string> encrypted = probe.encrypt(profile);
    return encrypted ? Result<void>() : encrypted.error();
}

} // namespace

Error diagnose(const ConnectionProfile& profile)
{
    for (const std::string& url : profile.urls) {
        if (const Result<void> there = walk(profile, url); !there)
            return there.error();
    }
    return {ErrorCode::NotFound, "", "", ""};
}

} // namespace weir
