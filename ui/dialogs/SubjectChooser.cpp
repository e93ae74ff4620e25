// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/dialogs/SubjectChooser.h"

#include "core/filter/SubjectPattern.h"
#include "ui/dialogs/SubjectList.h"
#include "ui/models/Errand.h"
#include "ui/models/Figures.h"
#include "ui/theme/Theme.h"
#include "ui/window/WidgetState.h"

#include <QCheckBox>
#include <QComboBox>
#include <QFormLayout>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>

#include <algorithm>

namespace weir {

namespace {

/// `>` and its like: every token is a wildcard.
bool coversEverything(const std::string& subject)
{
    const auto tokens = subjectTokens(subject);
    return !tokens.empty() && tokens.back() == ">" &&
           std::all_of(tokens.begin(), tokens.end(), [](std::string_view t) { return t == "*" || t == ">"; });
}

} // namespace

SubjectChooser::SubjectChooser(QWidget* parent)
    : QWidget(parent),
      m_errand(new Errand(this)),
      m_ask(new QPushButton(tr("&Ask the broker"), this)),
      m_state(new QLabel(this)),
      m_list(new SubjectList(this)),
      m_written(new QLineEdit(this)),
      m_add(new QPushButton(tr("A&dd"), this)),
      m_message(new QLabel(this)),
      m_stream(new QComboBox(this)),
      m_estimate(new QLabel(this)),
      m_everything(new QCheckBox(this))
{
    m_ask->setObjectName(QStringLiteral("subjectsAsk"));
    m_state->setObjectName(QStringLiteral("subjectsState"));
    m_state->setWordWrap(true);
    m_written->setObjectName(QStringLiteral("subjectLine"));
    m_written->setAccessibleName(tr("Another subject"));
    m_written->setPlaceholderText(tr("another subject, e.g. orders.> or auth.*.login"));
    m_written->setFont(Theme::dataFont());
    m_add->setObjectName(QStringLiteral("subjectAdd"));
    m_message->setObjectName(QStringLiteral("subjectMessage"));
    m_message->setWordWrap(true);
    m_stream->setObjectName(QStringLiteral("subjectStream"));
    m_stream->setAccessibleName(tr("Capture from"));
    m_estimate->setObjectName(QStringLiteral("subjectEstimate"));
    m_estimate->setWordWrap(true);
    m_everything->setObjectName(QStringLiteral("subjectEverything"));
    setStateLevel(m_message, StateLevel::Error);
    for (QPushButton* button : {m_ask, m_add})
        button->setAutoDefault(false);
    auto* top = new QHBoxLayout;
    top->addWidget(m_ask);
    top->addWidget(m_state, 1);
    auto* entry = new QHBoxLayout;
    entry->addWidget(m_written, 1);
    entry->addWidget(m_add);
    auto* from = new QFormLayout;
    from->addRow(tr("&Capture from"), m_stream);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(12, 12, 12, 12);
    layout->addLayout(top);
    layout->addWidget(m_list, 1);
    layout->addLayout(entry);
    layout->addWidget(m_message);
    layout->addLayout(from);
    layout->addWidget(m_estimate);
    layout->addWidget(m_everything);
    connect(m_errand, &Errand::finished, this, [this] {
        m_ask->setEnabled(true);
        refresh();
    });
    connect(m_ask, &QPushButton::clicked, this, &SubjectChooser::ask);
    connect(m_add, &QPushButton::clicked, this, &SubjectChooser::addWritten);
    m_written->installEventFilter(this);
    connect(m_written, &QLineEdit::textChanged, this, [this] { m_message->clear(); });
    connect(m_list, &QTreeWidget::itemChanged, this, &SubjectChooser::refresh);
    connect(m_stream, &QComboBox::currentIndexChanged, this, &SubjectChooser::refresh);
    connect(m_everything, &QCheckBox::toggled, this, &SubjectChooser::changed);
    setProfile({});
}

void SubjectChooser::setProfile(const ConnectionProfile& profile)
{
    m_errand->cancel();
    m_profile = profile;
    m_proposals = {};
    m_asked.clear();
    m_everything->setChecked(false);
    m_list->clear();
    m_stream->clear();
    m_stream->addItem(tr("the subjects themselves, as they are published"));
    m_ask->setEnabled(true);
    m_state->setText(tr("The broker has not been asked yet which subjects are in use."));
    setStateLevel(m_state, StateLevel::Normal);
    for (const std::string& subject : profile.subjects)
        m_list->put({subject, {}, {}, tr("not asked yet").toStdString(), tr("profile").toStdString()}, true);
    refresh();
}

void SubjectChooser::askOnce()
{
    if (m_asked != m_profile.urls)
        ask();
}

void SubjectChooser::ask()
{
    m_asked = m_profile.urls;
    m_state->setText(tr("Asking the broker what is in use; this takes a second or two…"));
    setStateLevel(m_state, StateLevel::Normal);
    m_ask->setEnabled(false);
    m_errand->run([this, profile = m_profile](std::stop_token stop, const Errand::Post& post) {
        const auto found = proposeSubjects(profile, stop);
        post([this, found] { showProposals(found); });
    });
    refresh();
}

void SubjectChooser::showProposals(const Result<SubjectProposals>& found)
{
    if (!found) {
        m_state->setText(QString::fromStdString(found.error().line()));
        setStateLevel(m_state, StateLevel::Error);
        return;
    }
    m_proposals = *found;
    const QSignalBlocker quiet(m_stream);
    for (const SubjectProposal& proposal : m_proposals.subjects) {
        m_list->put(proposal, false);
        const QString stream = QString::fromStdString(proposal.origin);
        if (proposal.isStream && m_stream->findData(stream) < 0)
            m_stream->addItem(tr("the stream %1, so that nothing is lost").arg(stream), stream);
    }
    const auto count = m_proposals.subjects.size();
    QStringList notes{count == 1 ? tr("1 subject in use.") : tr("%1 subjects in use.").arg(count)};
    for (const std::string& note : m_proposals.notes)
        notes += QString::fromStdString(note);
    m_state->setText(notes.join(QLatin1Char(' ')));
}

/// Enter adds what is written and goes no further: the dialog would take it for its default button.
bool SubjectChooser::eventFilter(QObject* watched, QEvent* event)
{
    if (watched != m_written || event->type() != QEvent::KeyPress)
        return QWidget::eventFilter(watched, event);
    const int key = static_cast<QKeyEvent*>(event)->key();
    if (key != Qt::Key_Return && key != Qt::Key_Enter)
        return QWidget::eventFilter(watched, event);
    addWritten();
    return true;
}

void SubjectChooser::addWritten()
{
    const QString subject = m_written->text().trimmed();
    if (!SubjectPattern::isLegal(subject.toStdString())) {
        m_message->setText(
            tr("Not a subject: tokens are separated by single dots, hold no space, and “>” stands "
               "only at the end."));
        return;
    }
    m_list->put({subject.toStdString(), {}, {}, tr("written by hand").toStdString(), tr("you").toStdString()},
                true);
    m_written->clear();
    refresh();
}

std::vector<std::string> SubjectChooser::subjects() const
{
    return m_list->checked();
}

std::string SubjectChooser::stream() const
{
    return m_stream->currentData().toString().toStdString();
}

bool SubjectChooser::takesEverything() const
{
    const auto chosen = subjects();
    return std::any_of(chosen.begin(), chosen.end(), &coversEverything);
}

QString SubjectChooser::estimate() const
{
    if (takesEverything()) {
        if (!m_proposals.serverMessagesPerSecond)
            return m_errand->isRunning() ? tr("rate not known yet")
                                         : tr("rate unknown: the broker did not say");
        const double bytes = m_proposals.serverBytesPerSecond.value_or(0);
        return tr("up to %1, %2/s").arg(shortRate(*m_proposals.serverMessagesPerSecond), shortBytes(bytes));
    }
    const SubjectEstimate sum = m_list->estimate();
    if (sum.known == 0)
        return tr("rate unknown");
    const QString text =
        tr("about %1, %2/s").arg(shortRate(sum.messagesPerSecond), shortBytes(sum.bytesPerSecond));
    return sum.known == sum.chosen
               ? text
               : tr("%1 from %2 of them; the others are unknown").arg(text).arg(sum.known);
}

QString SubjectChooser::problem() const
{
    if (!stream().empty())
        return {};
    if (subjects().empty())
        return tr("Choose at least one subject on the page “Subjects”.");
    if (takesEverything() && !m_everything->isChecked())
        return tr("Confirm on the page “Subjects” that every message is to be taken.");
    return {};
}

void SubjectChooser::refresh()
{
    const auto chosen = subjects();
    const bool everything = takesEverything() && stream().empty();
    const QString count =
        chosen.size() == 1 ? tr("1 subject chosen") : tr("%1 subjects chosen").arg(chosen.size());
    m_estimate->setText(!stream().empty()
                            ? tr("The stream %1 is read through a durable consumer; it keeps what "
                                 "Weir has not stored yet.")
                                  .arg(QString::fromStdString(stream()))
                        : chosen.empty() ? tr("No subject chosen yet.")
                                         : tr("%1: %2.").arg(count, estimate()));
    m_everything->setVisible(everything);
    // Consent was given to the rate that stood there.
    const QString offer = tr("Take every message of this broker (%1)").arg(estimate());
    const bool changedOffer = offer != m_everything->text();
    m_everything->setText(offer);
    if (!everything || changedOffer)
        m_everything->setChecked(false);
    emit changed();
}

} // namespace weir
