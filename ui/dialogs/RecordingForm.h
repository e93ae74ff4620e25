// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/broker/ConnectionProfile.h"

#include <QWidget>

#include <filesystem>

class QLabel;
class QLineEdit;
class QSpinBox;

namespace weir {

class PathField;

/// Where the recording goes, how much Weir may take from the broker, and whose tokens are believed.
class RecordingForm : public QWidget
{
    Q_OBJECT
public:
    explicit RecordingForm(QWidget* parent = nullptr);

    void setProfile(const ConnectionProfile& profile);
    /// Another file, and others whose tokens are believed, than the profile proposes.
    void setTarget(const std::filesystem::path& history, const IdentityConfig& identity);
    /// The broker's name as it is being typed: the proposed file follows it until the user chose another.
    void setBrokerName(const QString& name);
    [[nodiscard]] std::filesystem::path history() const;
    [[nodiscard]] ObservationBudget budget() const;
    [[nodiscard]] IdentityConfig identity() const;
    /// Why nothing can be written there; empty: it can.
    [[nodiscard]] QString problem() const;

signals:
    void changed();

private:
    void showHistory();
    void showIdentity(const IdentityConfig& identity);

    QString m_proposed; ///< the path that we put there
    PathField* m_history;
    QLabel* m_historyNote;
    QSpinBox* m_messages;
    QSpinBox* m_megabytes;
    QLineEdit* m_jwks;
    QLineEdit* m_issuers;
    QLineEdit* m_audiences;
};

} // namespace weir
