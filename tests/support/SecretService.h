// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QProcess>
#include <QString>
#include <QTemporaryDir>

namespace weir::test {

/// A session bus of the test's own and, on it, the keyring of a desktop that nobody sits at. All of it lives
/// in a folder of its own and ends with this object; the user's bus, home and keyring are not touched.
class SecretService
{
public:
    SecretService();
    ~SecretService();
    SecretService(const SecretService&) = delete;
    SecretService& operator=(const SecretService&) = delete;

    [[nodiscard]] bool startBus();
    /// Starts the keyring: unlocked with a password, made where there is none yet; or as after a login by
    /// other means, locked. It takes its name on the bus a moment later.
    [[nodiscard]] bool startKeyring(bool unlocked);
    void stopKeyring();

    /// The variables that lead a program to this bus and away from the user's home.
    [[nodiscard]] QProcessEnvironment environment() const;
    /// Sets them for this process; before its first look at a keyring, for the libraries read them once.
    void use() const;
    [[nodiscard]] QString error() const { return m_error; }

private:
    QTemporaryDir m_dir;
    QProcess m_bus;
    QProcess m_keyring;
    QString m_error;
};

} // namespace weir::test
