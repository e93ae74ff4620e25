// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/NatsServer.h"

#include <QElapsedTimer>
#include <QFile>
#include <QTcpServer>
#include <QTcpSocket>

namespace weir::test {

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
    if (m_port == 0) {
        m_port = freePort();
        m_monitorPort = freePort();
    }
    QFile file(m_dir.filePath("server.conf"));
    if (!file.open(QIODevice::WriteOnly)) {
        m_error = file.errorString();
        return false;
    }
    file.write(QString("listen: \"127.0.0.1:%1\"\nhttp: \"127.0.0.1:%2\"\nserver_name: test\n%3\n")
                   .arg(m_port)
                   .arg(m_monitorPort)
                   .arg(m_config)
                   .toUtf8());
    file.close();
    m_process.setProcessChannelMode(QProcess::MergedChannels);
    m_process.setStandardOutputFile(m_dir.filePath("server.log"));
    m_process.start("nats-server", {"-c", file.fileName()});
    if (!m_process.waitForStarted()) {
        m_error = m_process.errorString();
        return false;
    }
    QElapsedTimer timer;
    timer.start();
    while (timer.elapsed() < 10'000 && m_process.state() == QProcess::Running) {
        QTcpSocket socket;
        socket.connectToHost("127.0.0.1", static_cast<quint16>(m_port));
        if (socket.waitForConnected(200) && socket.waitForReadyRead(2000))
            return true;
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
    return QString("http://127.0.0.1:%1").arg(m_monitorPort);
}

} // namespace weir::test
