// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/TestCertificates.h"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <cstdio>

namespace weir::test {
namespace {

using Key = std::unique_ptr<EVP_PKEY, void (*)(EVP_PKEY*)>;
using Certificate = std::unique_ptr<X509, void (*)(X509*)>;
using File = std::unique_ptr<std::FILE, int (*)(std::FILE*)>;

Key newKey(bool ed25519 = false)
{
    return {ed25519 ? EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519")
                    : EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "P-256"),
            EVP_PKEY_free};
}

void addExtension(X509* certificate, X509* issuer, int nid, const QByteArray& value)
{
    X509V3_CTX context;
    X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
    X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, &context, nid, value.constData());
    X509_add_ext(certificate, extension, -1);
    X509_EXTENSION_free(extension);
}

Certificate newCertificate(EVP_PKEY* key, const QByteArray& name, int days)
{
    Certificate certificate(X509_new(), X509_free);
    static long serial = 1;
    X509_set_version(certificate.get(), 2);
    ASN1_INTEGER_set(X509_get_serialNumber(certificate.get()), ++serial);
    X509_gmtime_adj(X509_getm_notBefore(certificate.get()), -30L * 86'400);
    X509_gmtime_adj(X509_getm_notAfter(certificate.get()), days * 86'400L);
    X509_set_pubkey(certificate.get(), key);
    X509_NAME_add_entry_by_txt(X509_get_subject_name(certificate.get()), "CN", MBSTRING_UTF8,
                               reinterpret_cast<const unsigned char*>(name.constData()), -1, -1, 0);
    return certificate;
}

File openFile(const QString& path)
{
    return {std::fopen(path.toLocal8Bit().constData(), "w"), &std::fclose};
}

} // namespace

struct TestCertificates::Authority
{
    Key key = newKey();
    Certificate certificate = newCertificate(key.get(), "Weir test CA", 30);
};

TestCertificates::TestCertificates() : m_authority(std::make_shared<Authority>())
{
    X509* ca = m_authority->certificate.get();
    X509_set_issuer_name(ca, X509_get_subject_name(ca));
    addExtension(ca, ca, NID_basic_constraints, "critical,CA:TRUE");
    addExtension(ca, ca, NID_key_usage, "critical,keyCertSign,cRLSign");
    addExtension(ca, ca, NID_subject_key_identifier, "hash");
    X509_sign(ca, m_authority->key.get(), EVP_sha256());
    PEM_write_X509(openFile(caFile()).get(), ca);
}

QString TestCertificates::serverCertificate(const QString& name, const QString& host, int days,
                                            bool ed25519) const
{
    const Key key = newKey(ed25519);
    const Certificate certificate = newCertificate(key.get(), host.toUtf8(), days);
    X509* ca = m_authority->certificate.get();
    X509_set_issuer_name(certificate.get(), X509_get_subject_name(ca));
    const bool isAddress = !host.isEmpty() && host.back().isDigit();
    addExtension(certificate.get(), ca, NID_subject_alt_name, (isAddress ? "IP:" : "DNS:") + host.toUtf8());
    addExtension(certificate.get(), ca, NID_ext_key_usage, "serverAuth,clientAuth");
    X509_sign(certificate.get(), m_authority->key.get(), EVP_sha256());
    const QString base = m_dir.filePath(name);
    PEM_write_X509(openFile(base + ".pem").get(), certificate.get());
    PEM_write_PrivateKey(openFile(base + ".key").get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr);
    return base;
}

QString TestCertificates::serverConfig(const QString& certificate, const QString& clientCa)
{
    const QString verify = clientCa.isEmpty() ? "" : QString(", ca_file: \"%1\", verify: true").arg(clientCa);
    return QString("tls { cert_file: \"%1.pem\", key_file: \"%1.key\"%2 }\n").arg(certificate, verify);
}

} // namespace weir::test
