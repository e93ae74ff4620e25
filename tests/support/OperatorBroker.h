// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/broker/ConnectionProfile.h"
#include "core/broker/NatsHandles.h"
#include "core/broker/NatsOptions.h"
#include "tests/support/NatsServer.h"
#include "tests/support/NatsUser.h"

#include <QFile>
#include <QTemporaryDir>

namespace weir::test {

/// A server in operator mode, its system account, and users who connect.
class OperatorBroker
{
public:
    /// `config` is appended to the server's configuration.
    explicit OperatorBroker(const QString& config = {}) : m_server(m_keys.config() + "\n" + config) {}

    /// `observer`: limits of the observing user, as TestOperator::userCreds() takes them.
    [[nodiscard]] bool start(const QByteArray& observer = {})
    {
        if (!m_server.start())
            return false;
        m_profile.urls = {m_server.url().toStdString()};
        m_profile.systemCreds = file("system.creds", m_keys.systemCreds());
        m_profile.credsFile = m_dir.filePath("observer.creds").toStdString();
        m_observer = connect("observer", m_keys.userCreds("observer", observer));
        return !m_profile.systemCreds.empty() && m_observer;
    }
    [[nodiscard]] const ConnectionProfile& profile() const { return m_profile; }
    /// A client of that name, as others are: not Weir's own. Null where it is not let in.
    [[nodiscard]] NatsConnectionPtr connect(const char* name, const QByteArray& creds) const
    {
        ConnectionProfile profile;
        profile.urls = m_profile.urls;
        profile.credsFile = file(QString(name) + ".creds", creds);
        const auto setup = natsOptionsFor(profile);
        natsConnection* connection = nullptr;
        const bool made = setup && natsOptions_SetName(setup->options.get(), name) == NATS_OK &&
                          connectNats(*setup, &connection) == NATS_OK;
        return NatsConnectionPtr(made ? connection : nullptr);
    }
    [[nodiscard]] const TestOperator& keys() const { return m_keys; }
    [[nodiscard]] const NatsServer& server() const { return m_server; }

private:
    [[nodiscard]] std::string file(const QString& name, const QByteArray& text) const
    {
        QFile out(m_dir.filePath(name));
        const bool written = out.open(QIODevice::WriteOnly) &&
                             out.setPermissions(QFile::ReadOwner | QFile::WriteOwner) &&
                             out.write(text) == text.size();
        return written ? out.fileName().toStdString() : std::string();
    }

    QTemporaryDir m_dir;
    TestOperator m_keys;
    NatsServer m_server;
    ConnectionProfile m_profile;
    NatsConnectionPtr m_observer; ///< whose account tells which subjects the observed ones are
};

} // namespace weir::test
