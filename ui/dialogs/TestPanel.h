// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/broker/ConnectionTest.h"

#include <QWidget>

class QLabel;
class QPushButton;
class QTextBrowser;

namespace weir {

class Errand;

/// Tries a profile step by step and shows each step as it ends: what was found, or what failed and what to
/// do. Runs off the gui thread; the button cancels.
class TestPanel : public QWidget
{
    Q_OBJECT
public:
    explicit TestPanel(QWidget* parent = nullptr);

    /// What the button tests; a result of anything else goes away.
    void setTarget(const ConnectionProfile& profile, const std::vector<std::string>& subjects);
    void start();
    [[nodiscard]] bool isRunning() const;

signals:
    void finished();

private:
    void cancel();
    void addStep(const TestStep& step);
    void showState(const QString& text);

    ConnectionProfile m_profile;
    std::vector<std::string> m_subjects;
    Errand* m_errand;
    QPushButton* m_button;
    QLabel* m_state;
    QTextBrowser* m_steps;
    int m_failed = 0;
};

} // namespace weir
