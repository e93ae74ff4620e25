// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/broker/SubjectProposals.h"

#include <QWidget>

class QCheckBox;
class QComboBox;
class QLabel;
class QLineEdit;
class QPushButton;

namespace weir {

class Errand;
class SubjectList;

/// What to observe: subjects that the broker knows of, with the rates to expect, and those that the user
/// writes. Everything (`>`) is taken only when the user says so knowing the rate.
class SubjectChooser : public QWidget
{
    Q_OBJECT
public:
    explicit SubjectChooser(QWidget* parent = nullptr);

    /// Begins anew for this broker; its chosen subjects are checked.
    void setProfile(const ConnectionProfile& profile);
    /// The broker to ask, its fields having been edited; what is chosen stays.
    void setBroker(const ConnectionProfile& profile) { m_profile = profile; }
    [[nodiscard]] std::vector<std::string> subjects() const;
    /// The stream to capture without loss; empty: plain subscriptions.
    [[nodiscard]] std::string stream() const;
    /// Why one cannot begin yet; empty: one can.
    [[nodiscard]] QString problem() const;
    /// Asks the broker, off the gui thread.
    void ask();
    /// Asks it unless that was done, or is being done, for this broker.
    void askOnce();

signals:
    void changed();

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void showProposals(const Result<SubjectProposals>& found);
    void addWritten();
    void refresh();
    [[nodiscard]] bool takesEverything() const;
    [[nodiscard]] QString estimate() const;

    ConnectionProfile m_profile;
    SubjectProposals m_proposals;
    std::vector<std::string> m_asked; ///< the URLs that were asked
    Errand* m_errand;
    QPushButton* m_ask;
    QLabel* m_state;
    SubjectList* m_list;
    QLineEdit* m_written;
    QPushButton* m_add;
    QLabel* m_message;
    QComboBox* m_stream;
    QLabel* m_estimate;
    QCheckBox* m_everything;
};

} // namespace weir
