// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QString>

#include <array>
#include <cstdint>

namespace weir::test {

/// An nkey made for a test: 'O'perator, 'A'ccount or 'U'ser.
class TestNkey
{
public:
    explicit TestNkey(char kind);
    [[nodiscard]] QByteArray publicKey() const;
    [[nodiscard]] QByteArray seed() const;
    [[nodiscard]] QByteArray sign(const QByteArray& bytes) const;

private:
    char m_kind;
    std::array<std::uint8_t, 32> m_seed{};
};

/// A JWT of `claims` (a JSON object with `nats` in it) about `subject`, signed by `issuer`.
[[nodiscard]] QByteArray makeJwt(const QByteArray& subject, const QByteArray& name,
                                 const QByteArray& natsClaims, const TestNkey& issuer, qint64 expires = 0);

/// A creds file's text.
[[nodiscard]] QByteArray makeCreds(const QByteArray& jwt, const QByteArray& seed);

/// An operator with one account, for a server in operator mode with a memory resolver.
class TestOperator
{
public:
    TestOperator();
    /// The lines for the server's configuration.
    [[nodiscard]] QString config() const;
    /// The creds of a new user of the account; `limits` is JSON inside of "nats", such as
    /// `"sub":{"allow":["a"]}`.
    [[nodiscard]] QByteArray userCreds(const QByteArray& name, const QByteArray& limits = {},
                                       qint64 expires = 0) const;
    /// The creds of a user whose account this server does not know.
    [[nodiscard]] QByteArray strangerCreds() const;
    /// The creds of a user of the system account.
    [[nodiscard]] QByteArray systemCreds() const;
    /// The account's JWT with the user of these creds revoked as of now, for
    /// `$SYS.REQ.ACCOUNT.<A>.CLAIMS.UPDATE`.
    [[nodiscard]] QByteArray accountWithout(const QByteArray& userCreds) const;
    [[nodiscard]] const TestNkey& account() const { return m_account; }

private:
    TestNkey m_operator{'O'};
    TestNkey m_account{'A'};
    TestNkey m_system{'A'};
};

} // namespace weir::test
