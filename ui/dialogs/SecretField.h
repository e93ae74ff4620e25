// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/broker/ConnectionProfile.h"

#include <QWidget>

class QComboBox;
class QLineEdit;

namespace weir {

/// Where a secret comes from: typed now (masked; kept in the keyring if the profile is kept), an environment
/// variable, a keyring entry or a file. A secret that a context wrote down in clear is never shown.
class SecretField : public QWidget
{
    Q_OBJECT
public:
    SecretField(const QString& name, const QString& label, QWidget* parent = nullptr);

    [[nodiscard]] SecretRef secret() const;
    void setSecret(const SecretRef& secret);

signals:
    void changed();

private:
    void showSource();

    QComboBox* m_source;
    QLineEdit* m_line;
    SecretRef m_kept; ///< from a file, in clear; used as long as nothing is typed
};

} // namespace weir
