// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/support/NatsServer.h"

#include <array>
#include <memory>
#include <string>
#include <vector>

namespace weir::test {

/// Three real servers with routes to each other; the route ports may be taken, then it starts over. `config`
/// is appended to each server's configuration.
class NatsCluster
{
public:
    explicit NatsCluster(QString config = {}) : m_config(std::move(config)) {}

    [[nodiscard]] bool start();
    [[nodiscard]] NatsServer& server(std::size_t i) { return *m_servers.at(i); }
    /// The server that `url` names; null: none of these.
    [[nodiscard]] NatsServer* at(const std::string& url);
    [[nodiscard]] std::vector<std::string> urls() const;
    [[nodiscard]] std::vector<std::string> monitorUrls() const;

private:
    [[nodiscard]] bool startAll(const std::array<int, 3>& ports);

    const QString m_config;
    std::array<std::unique_ptr<NatsServer>, 3> m_servers;
};

} // namespace weir::test
