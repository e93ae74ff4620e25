// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/dialogs/RecordingForm.h"

#include "ui/dialogs/PathField.h"
#include "ui/models/Figures.h"
#include "ui/models/ProfileEntries.h"
#include "ui/window/WidgetState.h"

#include <QDir>
#include <QFileInfo>
#include <QFormLayout>
#include <QLabel>
#include <QLineEdit>
#include <QProcess>
#include <QSpinBox>

#include <string>
#include <vector>

namespace weir {

namespace {

QSpinBox* bound(const QString& name, const QString& label, int most, int step, const QString& unit,
                QWidget* parent)
{
    auto* box = new QSpinBox(parent);
    box->setObjectName(name);
    box->setAccessibleName(label);
    box->setRange(0, most);
    box->setSingleStep(step);
    box->setGroupSeparatorShown(true);
    box->setSuffix(unit);
    box->setSpecialValueText(RecordingForm::tr("no bound"));
    box->setMaximumWidth(220);
    return box;
}

QLineEdit* words(const QString& name, const QString& label, const QString& placeholder, QWidget* parent)
{
    auto* line = new QLineEdit(parent);
    line->setObjectName(name);
    line->setAccessibleName(label);
    line->setPlaceholderText(placeholder);
    return line;
}

/// Words with a blank in them stand in double quotes.
std::vector<std::string> listed(const QLineEdit& line)
{
    std::vector<std::string> list;
    for (const QString& word : QProcess::splitCommand(line.text()))
        list.push_back(word.toStdString());
    return list;
}

void list(QLineEdit& line, const std::vector<std::string>& texts)
{
    QStringList shown;
    for (const std::string& text : texts) {
        const QString word = QString::fromStdString(text).replace(QLatin1Char('"'), QLatin1String("\"\"\""));
        shown += word.contains(QLatin1Char(' ')) ? QLatin1Char('"') + word + QLatin1Char('"') : word;
    }
    line.setText(shown.join(QLatin1Char(' ')));
}

QLabel* note(const QString& text, QWidget* parent)
{
    auto* label = new QLabel(text, parent);
    label->setWordWrap(true);
    label->setProperty("muted", true);
    return label;
}

} // namespace

RecordingForm::RecordingForm(QWidget* parent)
    : QWidget(parent),
      m_history(
          new PathField(QStringLiteral("historyPath"), tr("History file"), PathField::Kind::ToWrite, this)),
      m_historyNote(new QLabel(this)),
      m_messages(bound(QStringLiteral("budgetMessages"), tr("Most messages per second"), 100'000'000, 10'000,
                       tr(" messages/s"), this)),
      m_megabytes(bound(QStringLiteral("budgetMegabytes"), tr("Most megabytes per second"), 100'000, 10,
                        tr(" MB/s"), this)),
      m_jwks(words(QStringLiteral("jwks"), tr("Keys that verify tokens"), tr("JWKS files or URLs, optional"),
                   this)),
      m_issuers(words(QStringLiteral("issuers"), tr("Issuers whose tokens are believed"),
                      tr("any; or iss, or a NATS account's public key"), this)),
      m_audiences(words(QStringLiteral("audiences"), tr("Audiences whose tokens are believed"),
                        tr("any; or aud"), this))
{
    m_historyNote->setObjectName(QStringLiteral("historyNote"));
    m_historyNote->setWordWrap(true);
    auto* form = new QFormLayout(this);
    form->setContentsMargins(12, 12, 12, 12);
    form->setVerticalSpacing(6);
    form->addRow(tr("&History"), m_history);
    form->addRow(QString(), m_historyNote);
    form->addRow(tr("Take at &most"), m_messages);
    form->addRow(QString(), m_megabytes);
    form->addRow(QString(),
                 note(tr("Beyond this budget Weir takes a declared sample, counts what it leaves and "
                         "records it as a gap."),
                      this));
    form->addRow(tr("Token &keys"), m_jwks);
    form->addRow(tr("Token &issuers"), m_issuers);
    form->addRow(tr("Token &audiences"), m_audiences);
    form->addRow(QString(),
                 note(tr("Without keys the identities in tokens count as claimed, not as verified."), this));
    connect(m_history, &PathField::changed, this, &RecordingForm::showHistory);
    for (QLineEdit* line : {m_jwks, m_issuers, m_audiences})
        connect(line, &QLineEdit::textChanged, this, &RecordingForm::changed);
    setProfile({});
}

void RecordingForm::setProfile(const ConnectionProfile& profile)
{
    m_proposed = defaultHistoryPath(QString::fromStdString(profile.name));
    m_history->setPath(m_proposed);
    m_messages->setValue(static_cast<int>(profile.budget.maxMessagesPerSecond));
    m_megabytes->setValue(static_cast<int>(profile.budget.maxBytesPerSecond / 1'000'000));
    showIdentity(profile.identity);
}

void RecordingForm::setTarget(const std::filesystem::path& history, const IdentityConfig& identity)
{
    m_history->setPath(QString::fromStdString(history.string()));
    showIdentity(identity);
}

void RecordingForm::showIdentity(const IdentityConfig& identity)
{
    list(*m_jwks, identity.jwks);
    list(*m_issuers, identity.issuers);
    list(*m_audiences, identity.audiences);
}

void RecordingForm::setBrokerName(const QString& name)
{
    if (m_history->path() != m_proposed)
        return;
    m_proposed = defaultHistoryPath(name);
    m_history->setPath(m_proposed);
}

std::filesystem::path RecordingForm::history() const
{
    return m_history->path().toStdString();
}

ObservationBudget RecordingForm::budget() const
{
    return {static_cast<std::uint64_t>(m_messages->value()),
            static_cast<std::uint64_t>(m_megabytes->value()) * 1'000'000};
}

IdentityConfig RecordingForm::identity() const
{
    return {listed(*m_jwks), listed(*m_issuers), listed(*m_audiences)};
}

QString RecordingForm::problem() const
{
    const QFileInfo file(m_history->path());
    if (m_history->path().isEmpty())
        return tr("Say which file the history goes to.");
    if (file.isDir())
        return tr("The history must be a file; %1 is a folder.").arg(file.filePath());
    if (file.exists() && !file.isWritable())
        return tr("The history %1 cannot be written.").arg(file.filePath());
    const IdentityConfig tokens = identity();
    if (!tokens.audiences.empty() && tokens.jwks.empty() && tokens.issuers.empty())
        return tr("An audience alone verifies nothing: name the token keys, too.");
    return {};
}

void RecordingForm::showHistory()
{
    const QFileInfo file(m_history->path());
    const QString wrong = problem();
    setStateLevel(m_historyNote, wrong.isEmpty() ? StateLevel::Normal : StateLevel::Error);
    m_historyNote->setText(!wrong.isEmpty() ? wrong
                           : file.exists()  ? tr("Exists, %1: the recording is appended; the time between is "
                                                  "marked as a gap.")
                                                 .arg(shortBytes(static_cast<double>(file.size())))
                                           : tr("Will be created, readable by you alone."));
    emit changed();
}

} // namespace weir
