// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/RawPublisher.h"

namespace weir::test {

RawPublisher::RawPublisher(int port, const QByteArray& connectOptions)
{
    m_socket.connectToHost("127.0.0.1", static_cast<quint16>(port));
    if (m_socket.waitForConnected(5000))
        m_socket.write("CONNECT {" + connectOptions + "}\r\n");
}

void RawPublisher::publish(const QByteArray& subject, const QByteArray& payload, const QByteArray& headers,
                           const QByteArray& reply)
{
    const QByteArray to = subject + (reply.isEmpty() ? "" : " " + reply) + " ";
    const QByteArray total = QByteArray::number(headers.size() + payload.size());
    if (headers.isEmpty())
        m_socket.write("PUB " + to + total + "\r\n" + payload + "\r\n");
    else
        m_socket.write("HPUB " + to + QByteArray::number(headers.size()) + " " + total + "\r\n" + headers +
                       payload + "\r\n");
    // Large payloads would pile up in Qt's buffer otherwise.
    while (m_socket.bytesToWrite() > (1 << 20) && m_socket.waitForBytesWritten(10'000)) {
    }
}

void RawPublisher::subscribe(const QByteArray& subject, const QByteArray& queue)
{
    m_socket.write("SUB " + subject + (queue.isEmpty() ? "" : " " + queue) + " " +
                   QByteArray::number(++m_subscriptions) + "\r\n");
}

bool RawPublisher::flush()
{
    const qsizetype before = m_answers.count("PONG");
    m_socket.write("PING\r\n");
    while (m_answers.count("PONG") == before) {
        if (m_socket.bytesToWrite() > 0 && !m_socket.waitForBytesWritten(10'000))
            return false;
        if (m_socket.bytesAvailable() == 0 && !m_socket.waitForReadyRead(10'000))
            return false;
        m_answers += m_socket.readAll();
    }
    return true;
}

} // namespace weir::test
