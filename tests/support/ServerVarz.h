// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/support/NatsServer.h"

#include <QJsonDocument>
#include <QJsonObject>
#include <QTcpSocket>
#include <QUrl>

namespace weir::test {

/// What a server says of itself now; empty where it does not answer.
inline QJsonObject varzOf(const NatsServer& server)
{
    const QUrl url(server.monitorUrl());
    QTcpSocket socket;
    socket.connectToHost(url.host(), static_cast<quint16>(url.port()));
    if (!socket.waitForConnected())
        return {};
    socket.write("GET /varz HTTP/1.0\r\n\r\n");
    while (socket.state() == QAbstractSocket::ConnectedState && socket.waitForReadyRead()) {
    }
    const QByteArray answer = socket.readAll();
    return QJsonDocument::fromJson(answer.mid(answer.indexOf("\r\n\r\n") + 4)).object();
}

} // namespace weir::test
