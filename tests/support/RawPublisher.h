// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QString>
#include <QTcpSocket>

namespace weir::test {

/// Speaks NATS over a bare socket: what no client library would send, a broken proxy does.
class RawPublisher
{
public:
    explicit RawPublisher(
        int port, const QByteArray& connectOptions = "\"verbose\":false,\"pedantic\":false,\"headers\":true");

    /// Without headers when `headers` is empty; the bytes go out as they are.
    void publish(const QByteArray& subject, const QByteArray& payload, const QByteArray& headers = {},
                 const QByteArray& reply = {});
    void subscribe(const QByteArray& subject, const QByteArray& queue = {});
    /// Waits until the server has handled everything; false when it closed the connection instead.
    [[nodiscard]] bool flush();
    [[nodiscard]] QByteArray answers() const { return m_answers; }

private:
    QTcpSocket m_socket;
    QByteArray m_answers;
    int m_subscriptions = 0;
};

} // namespace weir::test
