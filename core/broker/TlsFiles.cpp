// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/broker/TlsFiles.h"

#include <QDateTime>
#include <QFile>
#include <QFileInfo>
#include <QStringList>

#include <openssl/pem.h>
#include <openssl/x509.h>

#include <memory>

namespace weir {
namespace {

Result<QByteArray> readPem(const char* kind, const std::string& path)
{
    QFile file(QString::fromStdString(path));
    if (file.open(QIODevice::ReadOnly))
        return file.readAll();
    const bool there = QFileInfo::exists(file.fileName());
    return Error{there ? ErrorCode::Permission : ErrorCode::NotFound,
                 std::string("opening the ") + kind + " " + path, file.errorString().toStdString(),
                 there ? "make it a file that you may read" : "check the path"};
}

Result<QList<QSslCertificate>> readCertificates(const char* kind, const std::string& path)
{
    const Result<QByteArray> pem = readPem(kind, path);
    if (!pem)
        return pem.error();
    QList<QSslCertificate> found = QSslCertificate::fromData(*pem, QSsl::Pem);
    if (found.isEmpty())
        return Error{ErrorCode::Format, std::string("reading the ") + kind + " " + path,
                     "it holds no certificate in PEM", "name a file that begins -----BEGIN CERTIFICATE-----"};
    return found;
}

int noPassphrase(char* /*buffer*/, int /*size*/, int /*writing*/, void* /*closure*/)
{
    return 0;
}

/// Through OpenSSL, because Qt's parser knows neither Ed25519 nor any later kind.
Result<QSslKey> readKey(const std::string& path, const QSslCertificate& certificate)
{
    const Result<QByteArray> pem = readPem("client key", path);
    if (!pem)
        return pem.error();
    const std::unique_ptr<BIO, int (*)(BIO*)> memory(
        BIO_new_mem_buf(pem->constData(), static_cast<int>(pem->size())), BIO_free);
    std::unique_ptr<EVP_PKEY, void (*)(EVP_PKEY*)> key(
        PEM_read_bio_PrivateKey(memory.get(), nullptr, noPassphrase, nullptr), EVP_PKEY_free);
    const std::string what = "reading the client key " + path;
    if (!key)
        return Error{ErrorCode::Format, what,
                     "it holds no private key in PEM that opens without a passphrase",
                     "name a file that begins -----BEGIN PRIVATE KEY-----"};
    if (X509_check_private_key(static_cast<X509*>(certificate.handle()), key.get()) != 1)
        return Error{ErrorCode::Format, what, "certificate and key do not belong together",
                     "name the key that the certificate was made for"};
    return QSslKey(key.release(), QSsl::PrivateKey); // which owns it now
}

/// What the certificate says of itself where that explains the failure.
QString factOf(const QSslError& error)
{
    const QSslCertificate certificate = error.certificate();
    switch (error.error()) {
    case QSslError::CertificateExpired:
        return " (until " + certificate.expiryDate().toUTC().toString(Qt::ISODate) + ")";
    case QSslError::CertificateNotYetValid:
        return " (from " + certificate.effectiveDate().toUTC().toString(Qt::ISODate) + ")";
    case QSslError::HostNameMismatch: {
        QStringList names = certificate.subjectAlternativeNames().values();
        names += certificate.subjectInfo(QSslCertificate::CommonName);
        names.removeDuplicates();
        return " (it is for " + names.join(", ") + ")";
    }
    default:
        return {};
    }
}

std::string hintFor(const QSslError& error)
{
    switch (error.error()) {
    case QSslError::CertificateExpired:
        return "the server needs a new certificate";
    case QSslError::CertificateNotYetValid:
        return "check the clocks here and there";
    case QSslError::HostNameMismatch:
        return "use a name that the certificate is for";
    default:
        return "name the CA that signed the server's certificate in the profile";
    }
}

} // namespace

Result<TlsFiles> readTlsFiles(const ConnectionProfile& profile)
{
    TlsFiles files;
    if (!profile.caFile.empty()) {
        auto authorities = readCertificates("CA file", profile.caFile);
        if (!authorities)
            return authorities.error();
        files.authorities = *std::move(authorities);
    }
    if (profile.certFile.empty())
        return files;
    auto chain = readCertificates("client certificate", profile.certFile);
    if (!chain)
        return chain.error();
    files.chain = *std::move(chain);
    if (profile.keyFile.empty())
        return Error{ErrorCode::Usage, "reading the client certificate " + profile.certFile,
                     "the profile names no key for it", "name the key's file too"};
    auto key = readKey(profile.keyFile, files.chain.first());
    if (!key)
        return key.error();
    files.key = *std::move(key);
    return files;
}

Result<QSslConfiguration> httpsOf(const ConnectionProfile& profile)
{
    const auto files = readTlsFiles(profile);
    if (!files)
        return files.error();
    QSslConfiguration https = QSslConfiguration::defaultConfiguration();
    https.addCaCertificates(files->authorities);
    if (!files->chain.isEmpty()) {
        https.setLocalCertificateChain(files->chain);
        https.setPrivateKey(files->key);
    }
    return https;
}

Error certificateError(std::string what, const QList<QSslError>& errors)
{
    QStringList reasons;
    QStringList hints;
    for (const QSslError& error : errors) {
        if (const QString reason = error.errorString() + factOf(error); !reasons.contains(reason))
            reasons += reason;
        if (const QString hint = QString::fromStdString(hintFor(error)); !hints.contains(hint))
            hints += hint;
    }
    return {ErrorCode::Tls, std::move(what), reasons.join("; ").toStdString(),
            hints.join(", and ").toStdString()};
}

Error handshakeRefused(std::string what, const QString& reason, const ConnectionProfile& profile)
{
    // "…:SSL routines::tlsv13 alert certificate required"
    const qsizetype alert = reason.lastIndexOf(" alert ");
    const QString said = alert < 0 ? reason : "it says '" + reason.mid(alert + 7) + "'";
    if (profile.certFile.empty())
        return {ErrorCode::Tls, std::move(what),
                "the server ends it: " + said.toStdString() + ", and the profile has no client certificate",
                "add the client certificate and its key that this server wants"};
    return {ErrorCode::Tls, std::move(what),
            "the server ends it: " + said.toStdString() + ", shown the client certificate " +
                profile.certFile,
            "use a certificate that is valid and of a CA that the server trusts"};
}

} // namespace weir
