// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/broker/ConnectionProfile.h"

#include <QWidget>

class QCheckBox;
class QComboBox;
class QFormLayout;
class QLabel;
class QLineEdit;

namespace weir {

class PathField;
class SecretField;

/// Shows and edits one connection profile. What it has no field for is kept as it was.
class ProfileForm : public QWidget
{
    Q_OBJECT
public:
    explicit ProfileForm(QWidget* parent = nullptr);

    void setProfile(const ConnectionProfile& profile);
    [[nodiscard]] ConnectionProfile profile() const;
    /// What is missing or wrong, in words; empty: nothing.
    [[nodiscard]] QString problem() const;
    /// A context of another program is shown and used as it is.
    void setReadOnly(bool readOnly);

signals:
    void changed();

private:
    enum class Credentials { None, CredsFile, Nkey, UserPassword, Token };

    void buildCredentials();
    void buildTls();
    void showCredentialRows();
    void showCredentials(const ConnectionProfile& profile);
    void takeCredentials(ConnectionProfile& profile) const;
    void showVerify();

    ConnectionProfile m_base;
    bool m_readOnly = false;
    QLineEdit* m_name;
    QLineEdit* m_urls;
    QLineEdit* m_monitor;
    QComboBox* m_credentials;
    QFormLayout* m_form;
    PathField* m_system = nullptr;
    PathField* m_creds;
    PathField* m_nkey;
    QLineEdit* m_user;
    SecretField* m_password;
    SecretField* m_token;
    PathField* m_ca;
    PathField* m_cert;
    PathField* m_key;
    QCheckBox* m_required;
    QCheckBox* m_verify;
    QLabel* m_verifyWarning;
};

} // namespace weir
