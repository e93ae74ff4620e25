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
#include <QRegularExpression>
#include <QSpinBox>

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
      m_jwks(new QLineEdit(this))
{
    m_historyNote->setObjectName(QStringLiteral("historyNote"));
    m_historyNote->setWordWrap(true);
    m_jwks->setObjectName(QStringLiteral("jwks"));
    m_jwks->setAccessibleName(tr("Keys that verify tokens"));
    m_jwks->setPlaceholderText(tr("JWKS files or URLs, optional"));
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
    form->addRow(QString(),
                 note(tr("Without keys the identities in tokens count as claimed, not as verified."), this));
    connect(m_history, &PathField::changed, this, &RecordingForm::showHistory);
    setProfile({});
}

void RecordingForm::setProfile(const ConnectionProfile& profile)
{
    m_proposed = defaultHistoryPath(QString::fromStdString(profile.name));
    m_history->setPath(m_proposed);
    m_messages->setValue(static_cast<int>(profile.budget.maxMessagesPerSecond));
    m_megabytes->setValue(static_cast<int>(profile.budget.maxBytesPerSecond / 1'000'000));
}

void RecordingForm::setTarget(const std::filesystem::path& history, const std::vector<std::string>& jwks)
{
    m_history->setPath(QString::fromStdString(history.string()));
    QStringList keys;
    for (const std::string& key : jwks)
        keys += QString::fromStdString(key);
    m_jwks->setText(keys.join(QLatin1Char(' ')));
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

std::vector<std::string> RecordingForm::jwks() const
{
    static const QRegularExpression kSpaces(QStringLiteral("\\s+"));
    std::vector<std::string> keys;
    for (const QString& key : m_jwks->text().split(kSpaces, Qt::SkipEmptyParts))
        keys.push_back(key.toStdString());
    return keys;
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
