// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/StreamBroker.h"

#include "core/broker/NatsHandles.h"

#include <QJsonDocument>

namespace weir::test {

struct StreamBroker::Client
{
    NatsConnectionPtr connection;
};

StreamBroker::StreamBroker()
    : m_server(QString("jetstream { store_dir: \"%1\" }").arg(m_dir.path())),
      m_client(std::make_unique<Client>())
{
}

StreamBroker::~StreamBroker() = default;

bool StreamBroker::start(const QByteArray& stream, const QByteArray& subject)
{
    return m_server.start() && connect() &&
           api("STREAM.CREATE." + stream, "{\"name\":\"" + stream + "\",\"subjects\":[\"" + subject + "\"]}")
               .contains("config");
}

bool StreamBroker::connect()
{
    natsConnection* raw = nullptr;
    if (natsConnection_ConnectTo(&raw, m_server.url().toUtf8().constData()) != NATS_OK)
        return false;
    m_client->connection.reset(raw);
    return true;
}

QJsonObject StreamBroker::api(const QByteArray& what, const QByteArray& body) const
{
    natsMsg* raw = nullptr;
    (void)natsConnection_Request(&raw, m_client->connection.get(), ("$JS.API." + what).constData(),
                                 body.constData(), static_cast<int>(body.size()), 5000);
    const NatsMsgPtr reply(raw);
    if (raw == nullptr)
        return {};
    return QJsonDocument::fromJson(QByteArray(natsMsg_GetData(raw), natsMsg_GetDataLength(raw))).object();
}

std::uint64_t StreamBroker::lastSequence(const QByteArray& stream) const
{
    return static_cast<std::uint64_t>(
        api("STREAM.INFO." + stream).value("state").toObject().value("last_seq").toInteger());
}

QJsonObject StreamBroker::consumer(const QByteArray& stream, const QByteArray& name) const
{
    return api("CONSUMER.INFO." + stream + "." + name);
}

int StreamBroker::floor() const
{
    return consumer().value("ack_floor").toObject().value("stream_seq").toInt(-1);
}

bool StreamBroker::isSettled(const QByteArray& stream, const QByteArray& name) const
{
    const QJsonObject state = consumer(stream, name);
    return state.value("num_pending").toInt(-1) == 0 && state.value("num_ack_pending").toInt(-1) == 0;
}

} // namespace weir::test
