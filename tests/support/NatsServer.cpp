// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/NatsServer.h"

#include <QCoreApplication>
#include <QElapsedTimer>
#include <QFile>
#include <QTcpServer>
#include <QTcpSocket>

namespace weir::test {
namespace {

QString& program()
{
    static QString path = QStringLiteral("nats-server");
    return path;
}

} // namespace

void NatsServer::useProgram(const QString& path)
{
    program() = path;
}

int freePort()
{
    QTcpServer probe;
    return probe.listen(QHostAddress::LocalHost) ? probe.serverPort() : 0;
}

NatsServer::NatsServer(const QString& config) : m_config(config) {}

NatsServer::~NatsServer()
{
    stop();
}

bool NatsServer::start()
{
    // A free port may be taken by someone else until the server binds it: then choose another one.
    const bool again = m_port != 0;
    for (int i = 0; i < (again ? 1 : 5); ++i) {
        if (!again) {
            m_port = freePort();
            m_monitorPort = freePort();
        }
        if (startOnce())
            return true;
        stop();
    }
    return false;
}

bool NatsServer::startOnce()
{
    const QString name =
        m_name.isEmpty() ? QString("test-%1-%2").arg(QCoreApplication::applicationPid()).arg(m_port) : m_name;
    QFile file(m_dir.filePath("server.conf"));
    if (!file.open(QIODevice::WriteOnly)) {
        m_error = file.errorString();
        return false;
    }
    file.write(QString("listen: \"127.0.0.1:%1\"\n%5: \"127.0.0.1:%2\"\nserver_name: %3\n%4\n")
                   .arg(QString::number(m_port), QString::number(m_monitorPort), name, m_config,
                        m_monitorsOverTls ? "https" : "http")
                   .toUtf8());
    file.close();
    m_process.setProcessChannelMode(QProcess::MergedChannels);
    m_process.setStandardOutputFile(m_dir.filePath("server.log"));
    m_process.start(program(), {"-c", file.fileName()});
    if (!m_process.waitForStarted()) {
        m_error = m_process.errorString();
        return false;
    }
    QElapsedTimer timer;
    timer.start();
    while (timer.elapsed() < 10'000 && m_process.state() == QProcess::Running) {
        QTcpSocket socket;
        socket.connectToHost("127.0.0.1", static_cast<quint16>(m_port));
        // The name tells our server from another one on the same port.
        if (socket.waitForConnected(200) && socket.waitForReadyRead(2000) &&
            socket.readAll().contains(name.toUtf8()))
            return true;
        m_process.waitForFinished(20);
    }
    QFile log(m_dir.filePath("server.log"));
    (void)log.open(QIODevice::ReadOnly);
    m_error = "nats-server did not answer: " + QString::fromUtf8(log.readAll());
    return false;
}

void NatsServer::stop(bool hard)
{
    if (m_process.state() == QProcess::NotRunning)
        return;
    if (hard)
        m_process.kill();
    else
        m_process.terminate();
    m_process.waitForFinished(10'000);
}

QString NatsServer::url() const
{
    return QString("nats://127.0.0.1:%1").arg(m_port);
}

QString NatsServer::monitorUrl() const
{
    return QString("%1://127.0.0.1:%2").arg(m_monitorsOverTls ? "https" : "http").arg(m_monitorPort);
}

} // namespace weir::test
