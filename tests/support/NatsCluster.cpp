// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/NatsCluster.h"

namespace weir::test {

bool NatsCluster::start()
{
    for (int i = 0; i < 5; ++i) {
        if (startAll({freePort(), freePort(), freePort()}))
            return true;
    }
    return false;
}

bool NatsCluster::startAll(const std::array<int, 3>& ports)
{
    QString routes;
    for (const int port : ports)
        routes += QString("\"nats-route://127.0.0.1:%1\",").arg(port);
    bool all = true;
    for (std::size_t i = 0; i < ports.size(); ++i) {
        m_servers.at(i) = std::make_unique<NatsServer>(
            QString("cluster { name: test, listen: \"127.0.0.1:%1\", routes: [%2] }\n%3")
                .arg(QString::number(ports.at(i)), routes.chopped(1), m_config));
        all = m_servers.at(i)->start() && all;
    }
    return all;
}

NatsServer* NatsCluster::at(const std::string& url)
{
    for (const auto& server : m_servers) {
        if (url.ends_with(server->url().toStdString()))
            return server.get();
    }
    return nullptr;
}

std::vector<std::string> NatsCluster::urls() const
{
    std::vector<std::string> urls;
    for (const auto& server : m_servers)
        urls.push_back(server->url().toStdString());
    return urls;
}

std::vector<std::string> NatsCluster::monitorUrls() const
{
    std::vector<std::string> urls;
    for (const auto& server : m_servers)
        urls.push_back(server->monitorUrl().toStdString());
    return urls;
}

} // namespace weir::test
