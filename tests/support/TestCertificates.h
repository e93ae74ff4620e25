// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <QTemporaryDir>

#include <memory>

namespace weir::test {

/// A certificate authority made for a test, and the PEM files that it signs.
class TestCertificates
{
public:
    TestCertificates();

    [[nodiscard]] QString caFile() const { return m_dir.filePath("ca.pem"); }
    /// Signs a certificate, for servers and clients, of `host` (a DNS name or an IPv4 address), valid from
    /// one day ago until `days` from now; the certificate is at NAME.pem, its key at NAME.key. Returns the
    /// path without ending.
    [[nodiscard]] QString serverCertificate(const QString& name, const QString& host, int days = 1,
                                            bool ed25519 = false) const;
    /// The lines of a nats-server configuration that use it; with `clientCa` it lets in only who shows a
    /// certificate of that CA.
    [[nodiscard]] static QString serverConfig(const QString& certificate, const QString& clientCa = {});

private:
    struct Authority;
    QTemporaryDir m_dir;
    std::shared_ptr<Authority> m_authority;
};

} // namespace weir::test
