// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/broker/ConnectionProfile.h"

#include <QWidget>

#include <filesystem>
#include <string>
#include <vector>

class QLabel;
class QLineEdit;
class QSpinBox;

namespace weir {

class PathField;

/// Where the recording goes, how much Weir may take from the broker, and which keys verify tokens.
class RecordingForm : public QWidget
{
    Q_OBJECT
public:
    explicit RecordingForm(QWidget* parent = nullptr);

    void setProfile(const ConnectionProfile& profile);
    /// Another file and keys than the profile proposes.
    void setTarget(const std::filesystem::path& history, const std::vector<std::string>& jwks);
    /// The broker's name as it is being typed: the proposed file follows it until the user chose another.
    void setBrokerName(const QString& name);
    [[nodiscard]] std::filesystem::path history() const;
    [[nodiscard]] ObservationBudget budget() const;
    [[nodiscard]] std::vector<std::string> jwks() const;
    /// Why nothing can be written there; empty: it can.
    [[nodiscard]] QString problem() const;

signals:
    void changed();

private:
    void showHistory();

    QString m_proposed; ///< the path that we put there
    PathField* m_history;
    QLabel* m_historyNote;
    QSpinBox* m_messages;
    QSpinBox* m_megabytes;
    QLineEdit* m_jwks;
};

} // namespace weir
