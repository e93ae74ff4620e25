// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/dialogs/TestPanel.h"

#include "ui/models/Errand.h"
#include "ui/theme/ThemeColors.h"
#include "ui/window/WidgetState.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QTextBrowser>

namespace weir {

namespace {

struct Verdict
{
    const char* mark;
    QString word;
    StateLevel level;
};

Verdict verdictOf(TestStep::Outcome outcome)
{
    switch (outcome) {
    case TestStep::Outcome::Ok:
        return {"✓", TestPanel::tr("ok"), StateLevel::Good};
    case TestStep::Outcome::Warning:
        return {"!", TestPanel::tr("warning"), StateLevel::Warning};
    case TestStep::Outcome::Failed:
        return {"✗", TestPanel::tr("failed"), StateLevel::Error};
    case TestStep::Outcome::Skipped:
        break;
    }
    return {"–", TestPanel::tr("skipped"), StateLevel::Normal};
}

QString html(const std::string& text)
{
    return QString::fromStdString(text).toHtmlEscaped();
}

} // namespace

TestPanel::TestPanel(QWidget* parent)
    : QWidget(parent),
      m_errand(new Errand(this)),
      m_button(new QPushButton(tr("&Test connection"), this)),
      m_state(new QLabel(this)),
      m_steps(new QTextBrowser(this))
{
    m_button->setObjectName(QStringLiteral("testButton"));
    m_button->setAutoDefault(false);
    m_state->setObjectName(QStringLiteral("testState"));
    m_steps->setObjectName(QStringLiteral("testSteps"));
    m_steps->setAccessibleName(tr("Steps of the connection test"));
    m_steps->setPlaceholderText(
        tr("The test looks up the name, opens the connection, checks TLS, credentials and "
           "permissions, and says which step fails and why."));
    auto* row = new QHBoxLayout;
    row->addWidget(m_button);
    row->addWidget(m_state, 1);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addLayout(row);
    layout->addWidget(m_steps, 1);
    connect(m_button, &QPushButton::clicked, this, [this] { isRunning() ? cancel() : start(); });
    connect(m_errand, &Errand::finished, this, [this] {
        showState(m_failed == 0 ? tr("The connection works") : tr("The connection does not work"));
        setStateLevel(m_state, m_failed == 0 ? StateLevel::Good : StateLevel::Error);
        emit finished();
    });
}

void TestPanel::setTarget(const ConnectionProfile& profile, const std::vector<std::string>& subjects)
{
    if (profile == m_profile && subjects == m_subjects)
        return;
    m_profile = profile;
    m_subjects = subjects;
    m_errand->cancel();
    m_steps->clear();
    showState({});
    setStateLevel(m_state, StateLevel::Normal);
}

bool TestPanel::isRunning() const
{
    return m_errand->isRunning();
}

void TestPanel::start()
{
    m_steps->clear();
    m_failed = 0;
    setStateLevel(m_state, StateLevel::Normal);
    m_errand->run(
        [this, profile = m_profile, subjects = m_subjects](std::stop_token stop, const Errand::Post& post) {
            // `this` is touched in posts alone, which end with the errand, a child of this.
            (void)testConnection(profile, subjects, stop,
                                 [&](const TestStep& step) { post([this, step] { addStep(step); }); });
        });
    showState(tr("Testing…"));
}

void TestPanel::cancel()
{
    m_errand->cancel();
    showState(tr("Cancelled"));
    setStateLevel(m_state, StateLevel::Normal);
}

void TestPanel::showState(const QString& text)
{
    m_state->setText(text);
    m_button->setText(isRunning() ? tr("Cancel &test") : tr("&Test connection"));
}

void TestPanel::addStep(const TestStep& step)
{
    if (step.outcome == TestStep::Outcome::Failed)
        ++m_failed;
    const Verdict verdict = verdictOf(step.outcome);
    const ThemeColors& colors = ThemeColors::of(palette());
    QString line =
        QStringLiteral(
            "<table cellspacing='0' cellpadding='1'><tr><td width='20' style='color:%1'><b>%2</b></td>"
            "<td width='116'><b>%3</b></td><td width='64' style='color:%1'>%4</td><td>%5")
            .arg(stateColor(palette(), verdict.level).name(), QString::fromUtf8(verdict.mark),
                 html(step.name), verdict.word, html(step.detail));
    if (!step.hint.empty())
        line +=
            QStringLiteral("<br><span style='color:%1'>%2</span>").arg(colors.muted.name(), html(step.hint));
    m_steps->append(line + QStringLiteral("</td></tr></table>"));
}

} // namespace weir
