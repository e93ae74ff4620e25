// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/models/CaptureController.h"

#include <QDialog>

#include <functional>
#include <optional>

class QCheckBox;
class QLabel;
class QPushButton;
class QTabWidget;

namespace weir {

class BrokerList;
class Errand;
class ProfileForm;
class RecordingForm;
class SubjectChooser;
class TestPanel;
struct ProfileEntry;

/// Asks what to observe: which broker, which subjects, into which history. Brokers come from the `nats` CLI's
/// contexts, from Weir's own profiles, or are entered anew. Nothing is subscribed before it is accepted.
class ConnectDialog : public QDialog
{
    Q_OBJECT
public:
    /// `context` preselects a profile by its name; empty: the CLI's default context, or a new broker.
    explicit ConnectDialog(const QString& context = {}, QWidget* parent = nullptr);
    ~ConnectDialog() override;

    /// Begins with what somebody has said already, e.g. on the command line: its profile by name where that
    /// is what it holds, else as a new broker.
    void setRequest(const CaptureRequest& given);

    /// What is being recorded when the dialog is answered, or nothing: it ends with a new observation, so
    /// that is asked first.
    using Running = std::function<std::optional<CaptureRequest>()>;
    void setRunning(Running running) { m_running = std::move(running); }

    /// What was asked for; valid once accepted.
    [[nodiscard]] CaptureRequest request() const;

protected:
    void accept() override;

private:
    void build();
    [[nodiscard]] QWidget* buildBroker();
    void showEntry();
    void copyEntry();
    void showAsNew(const ConnectionProfile& profile);
    void refresh();
    void proceed();
    void askToReplace(const CaptureRequest& running);
    void keepProfile();
    void sayOrigin(const ProfileEntry* entry);
    [[nodiscard]] QString problem() const;

    BrokerList* m_brokers;
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
    Running m_running;
};

} // namespace weir
