// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QTcpSocket>

namespace weir::test {

/// A client of this name that subscribes, and keeps whatever it is given.
class NamedSubscriber
{
public:
    NamedSubscriber(int port, const QByteArray& name, const QByteArray& subject, const QByteArray& queue = {})
    {
        m_socket.connectToHost("127.0.0.1", static_cast<quint16>(port));
        if (m_socket.waitForConnected() && m_socket.waitForReadyRead())
            m_given += m_socket.readAll();
        m_given.clear(); // INFO
        m_socket.write("CONNECT {\"verbose\":false,\"headers\":true,\"name\":\"" + name + "\"}\r\nSUB " +
                       subject + " " + queue + " 1\r\n");
        (void)flushed();
    }
    /// All that came until the server answered a PING.
    [[nodiscard]] QByteArray flushed()
    {
        m_socket.write("PING\r\n");
        const qsizetype before = m_given.size();
        while (!m_given.mid(before).contains("PONG\r\n") && m_socket.waitForReadyRead(10'000))
            m_given += m_socket.readAll();
        return m_given;
    }

private:
    QTcpSocket m_socket;
    QByteArray m_given;
};

} // namespace weir::test
