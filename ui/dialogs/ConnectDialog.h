// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/models/CaptureController.h"
#include "ui/models/ProfileEntries.h"

#include <QDialog>

class QCheckBox;
class QLabel;
class QLineEdit;
class QListWidget;
class QPushButton;
class QTabWidget;

namespace weir {

class Errand;
class ProfileForm;
class RecordingForm;
class SubjectChooser;
class TestPanel;

/// Asks what to observe: which broker, which subjects, into which history. Brokers come from the `nats` CLI's
/// contexts, from Weir's own profiles, or are entered anew. Nothing is subscribed before it is accepted.
class ConnectDialog : public QDialog
{
    Q_OBJECT
public:
    /// `context` preselects a profile by its name; empty: the CLI's default context, or a new broker.
    explicit ConnectDialog(const QString& context = {}, QWidget* parent = nullptr);
    ~ConnectDialog() override;

    /// What was asked for; valid once accepted.
    [[nodiscard]] CaptureRequest request() const;

protected:
    void accept() override;

private:
    void build();
    [[nodiscard]] QWidget* buildList();
    [[nodiscard]] QWidget* buildBroker();
    void fillList();
    void select(const QString& context);
    void showEntry();
    void copyEntry();
    void refresh();
    void keepProfile();
    [[nodiscard]] const ProfileEntry* current() const;

    QList<ProfileEntry> m_entries;
    QLineEdit* m_search;
    QListWidget* m_list;
    QTabWidget* m_tabs;
    QLabel* m_origin;
    QPushButton* m_copy;
    ProfileForm* m_form;
    TestPanel* m_test;
    SubjectChooser* m_subjects;
    RecordingForm* m_recording;
    QCheckBox* m_keep;
    QLabel* m_problem;
    QPushButton* m_start;
    Errand* m_keeping;
};

} // namespace weir
