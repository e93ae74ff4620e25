// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/broker/ConnectionProfile.h"
#include "core/broker/NatsHandles.h"
#include "tests/support/NatsServer.h"
#include "tests/support/NatsUser.h"

#include <QFile>
#include <QTemporaryDir>

namespace weir::test {

/// A server in operator mode, its system account, and users who connect.
class OperatorBroker
{
public:
    [[nodiscard]] bool start()
    {
        if (!m_server.start())
            return false;
        m_profile.urls = {m_server.url().toStdString()};
        m_profile.systemCreds = file("system.creds", m_keys.systemCreds());
        m_profile.credsFile = m_dir.filePath("observer.creds").toStdString();
        m_observer = connect("observer", m_keys.userCreds("observer"));
        return !m_profile.systemCreds.empty() && m_observer;
    }
    [[nodiscard]] const ConnectionProfile& profile() const { return m_profile; }
    /// A client of that name, as others are: not Weir's own. Null where it is not let in.
    [[nodiscard]] NatsConnectionPtr connect(const char* name, const QByteArray& creds) const
    {
        natsOptions* raw = nullptr;
        if (natsOptions_Create(&raw) != NATS_OK)
            return nullptr;
        const NatsOptionsPtr options(raw);
        const std::string path = file(QString(name) + ".creds", creds);
        natsConnection* connection = nullptr;
        const bool made = natsOptions_SetURL(raw, m_profile.urls.front().c_str()) == NATS_OK &&
                          natsOptions_SetName(raw, name) == NATS_OK &&
                          natsOptions_SetUserCredentialsFromFiles(raw, path.c_str(), nullptr) == NATS_OK &&
                          natsConnection_Connect(&connection, raw) == NATS_OK;
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
    NatsServer m_server{m_keys.config()};
    ConnectionProfile m_profile;
    NatsConnectionPtr m_observer; ///< whose account tells which subjects the observed ones are
};

} // namespace weir::test
