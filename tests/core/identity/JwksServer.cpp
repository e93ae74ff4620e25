// SPDX-License-Identifier: GPL-3.0-or-later
#include "JwksServer.h"

#include <QTcpSocket>

namespace weir::test {

JwksServer::JwksServer()
{
    connect(&m_server, &QTcpServer::newConnection, this, &JwksServer::answer);
    m_server.listen(QHostAddress::LocalHost);
}

std::string JwksServer::url() const
{
    return "http://127.0.0.1:" + std::to_string(m_server.serverPort()) + "/jwks.json";
}

void JwksServer::answer()
{
    QTcpSocket* socket = m_server.nextPendingConnection();
    connect(socket, &QTcpSocket::disconnected, socket, &QObject::deleteLater);
    connect(socket, &QTcpSocket::readyRead, this, [this, socket] {
        if (!socket->peek(65536).contains("\r\n\r\n"))
            return;
        socket->readAll();
        ++requests;
        if (silent)
            return;
        const QByteArray document = QByteArray::fromStdString(body);
        socket->write("HTTP/1.1 " + status + "\r\nContent-Length: " + QByteArray::number(document.size()) +
                      "\r\nConnection: close\r\n" + headers + "\r\n" + document);
        socket->disconnectFromHost();
    });
}

} // namespace weir::test
