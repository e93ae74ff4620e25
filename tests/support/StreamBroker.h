// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/support/NatsServer.h"

#include <QByteArray>
#include <QJsonObject>
#include <QTemporaryDir>

#include <cstdint>
#include <memory>

namespace weir::test {

/// A real server with JetStream and one stream, and a plain client to look at it with.
class StreamBroker
{
public:
    StreamBroker();
    ~StreamBroker();
    StreamBroker(const StreamBroker&) = delete;
    StreamBroker& operator=(const StreamBroker&) = delete;

    [[nodiscard]] bool start(const QByteArray& stream = "ORDERS", const QByteArray& subject = "orders.>");
    /// The client's connection; again after the server was started again.
    [[nodiscard]] bool connect();
    /// Asks JetStream's API, `what` without its prefix: "STREAM.INFO.ORDERS". Empty where nothing answers.
    [[nodiscard]] QJsonObject api(const QByteArray& what, const QByteArray& body = {}) const;

    [[nodiscard]] std::uint64_t lastSequence(const QByteArray& stream) const;
    [[nodiscard]] QJsonObject consumer(const QByteArray& stream = "ORDERS",
                                       const QByteArray& name = "weir") const;
    [[nodiscard]] int unacknowledged() const { return consumer().value("num_ack_pending").toInt(-1); }
    [[nodiscard]] int floor() const;
    /// Everything in the stream is delivered and acknowledged.
    [[nodiscard]] bool isSettled(const QByteArray& stream, const QByteArray& name) const;

    NatsServer& server() { return m_server; }
    [[nodiscard]] const NatsServer& server() const { return m_server; }

private:
    struct Client;
    QTemporaryDir m_dir;
    NatsServer m_server;
    std::unique_ptr<Client> m_client;
};

} // namespace weir::test
