// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QProcess>
#include <QString>
#include <QStringList>
#include <QTemporaryDir>

namespace weir::test {

/// A real nats-server on a free port of 127.0.0.1, ended with this object. Plain by default (no auth);
/// `config` is appended to its configuration file (e.g. "jetstream { store_dir: … }", "authorization { … }").
class NatsServer
{
public:
    explicit NatsServer(const QString& config = {});
    ~NatsServer();
    NatsServer(const NatsServer&) = delete;
    NatsServer& operator=(const NatsServer&) = delete;

    /// Another program than Debian's for all that are started from now on.
    static void useProgram(const QString& path);

    /// Starts it and waits until its port answers; false (with `error()`) otherwise. `port` 0 chooses a free
    /// one; after stop() a start() takes the same port again.
    [[nodiscard]] bool start();
    /// Ends it at once (SIGKILL) or politely.
    void stop(bool hard = true);

    /// What it calls itself, instead of a name that no other test's server has; before start().
    void setName(const QString& name) { m_name = name; }
    /// Its monitoring port speaks TLS, by the configuration's `tls`; before start().
    void monitorOverTls() { m_monitorsOverTls = true; }

    [[nodiscard]] QString url() const;        ///< nats://127.0.0.1:PORT
    [[nodiscard]] QString monitorUrl() const; ///< http://127.0.0.1:PORT, or https:
    [[nodiscard]] int port() const { return m_port; }
    [[nodiscard]] qint64 pid() const { return m_process.processId(); }
    [[nodiscard]] QString error() const { return m_error; }
    [[nodiscard]] QString dir() const { return m_dir.path(); }

private:
    [[nodiscard]] bool startOnce();
    QTemporaryDir m_dir;
    QString m_config;
    QString m_name;
    QProcess m_process;
    int m_port = 0;
    int m_monitorPort = 0;
    bool m_monitorsOverTls = false;
    QString m_error;
};

/// A TCP port of 127.0.0.1 that was free a moment ago.
[[nodiscard]] int freePort();

} // namespace weir::test
