// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Result.h"
#include "core/broker/ConnectionProfile.h"

#include <QList>
#include <QSslCertificate>
#include <QSslConfiguration>
#include <QSslError>
#include <QSslKey>
#include <QString>

#include <string>

namespace weir {

/// What a profile's PEM files hold; empty where it names none.
struct TlsFiles
{
    QList<QSslCertificate> authorities;
    QList<QSslCertificate> chain; ///< the client's certificate first
    QSslKey key;
};

/// Reads them. Errors name the file and what is wrong with it: missing, not readable, without a certificate
/// or a key that is open (no passphrase), a key that is not the certificate's.
[[nodiscard]] Result<TlsFiles> readTlsFiles(const ConnectionProfile& profile);

/// How its HTTPS ports are to be spoken to: what the system trusts, and the profile's CA besides, verified
/// whatever the profile says of its broker; with its certificate, should they ask for one.
[[nodiscard]] Result<QSslConfiguration> httpsOf(const ConnectionProfile& profile);

/// Why a server's certificate was not accepted, in the certificate's own facts. `errors` is not empty.
[[nodiscard]] Error certificateError(std::string what, const QList<QSslError>& errors);

/// Why the server broke the handshake off; `reason` is the TLS library's text, which ends with its alert.
[[nodiscard]] Error handshakeRefused(std::string what, const QString& reason,
                                     const ConnectionProfile& profile);

} // namespace weir
