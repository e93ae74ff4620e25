// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/dialogs/ConnectDialog.h"

#include "core/broker/ProfileStore.h"
#include "ui/dialogs/BrokerList.h"
#include "ui/dialogs/ProfileForm.h"
#include "ui/dialogs/RecordingForm.h"
#include "ui/dialogs/SubjectChooser.h"
#include "ui/dialogs/TestPanel.h"
#include "ui/models/Errand.h"
#include "ui/models/ProfileEntries.h"
#include "ui/window/WidgetState.h"

#include <QCheckBox>
#include <QDialogButtonBox>
#include <QFileInfo>
#include <QHBoxLayout>
#include <QLabel>
#include <QMessageBox>
#include <QPushButton>
#include <QScreen>
#include <QScrollArea>
#include <QSplitter>
#include <QTabWidget>
#include <QVBoxLayout>

#include <algorithm>

namespace weir {

namespace {

/// Secrets that were typed go to the keyring, the profile keeps their names. Off the gui thread.
Result<void> saveProfile(ConnectionProfile profile)
{
    for (auto [secret, what] : {std::pair{&profile.password, "password"},
                                {&profile.token, "token"},
                                {&profile.userJwt, "jwt"},
                                {&profile.userSeed, "seed"}}) {
        if (secret->kind != SecretRef::Kind::Literal)
            continue;
        auto stored = ProfileStore::storeSecret(profile.name + "/" + what, secret->literal);
        if (!stored)
            return stored.error();
        *secret = *stored;
    }
    return ProfileStore().save(profile);
}

/// "orders.>, auth.> from lab": subjects or a stream, and the broker.
QString wordsOf(const CaptureRequest& request)
{
    const ConnectionProfile& profile = request.profile;
    return ConnectDialog::tr("%1 from %2")
        .arg(QString::fromStdString(request.inWords()),
             QString::fromStdString(profile.name.empty() ? profile.urlsForPeople() : profile.name));
}

} // namespace

ConnectDialog::ConnectDialog(const QString& context, QWidget* parent)
    : QDialog(parent),
      m_brokers(new BrokerList(readProfileEntries(), this)),
      m_tabs(new QTabWidget(this)),
      m_origin(new QLabel(this)),
      m_copy(new QPushButton(tr("Copy as own profile"), this)),
      m_form(new ProfileForm(this)),
      m_test(new TestPanel(this)),
      m_subjects(new SubjectChooser(this)),
      m_recording(new RecordingForm(this)),
      m_keep(new QCheckBox(tr("&Keep this broker as a profile"), this)),
      m_problem(new QLabel(this)),
      m_start(nullptr),
      m_keeping(new Errand(this))
{
    setObjectName(QStringLiteral("connectDialog"));
    setWindowTitle(tr("Connect to a broker"));
    build();
    connect(m_brokers, &BrokerList::chosen, this, &ConnectDialog::showEntry);
    connect(m_copy, &QPushButton::clicked, this, &ConnectDialog::copyEntry);
    connect(m_form, &ProfileForm::changed, this, [this] {
        const ConnectionProfile profile = m_form->profile();
        m_subjects->setBroker(profile);
        m_recording->setBrokerName(QString::fromStdString(profile.name));
        refresh();
    });
    connect(m_tabs, &QTabWidget::currentChanged, this, [this](int) {
        if (m_tabs->currentWidget() == m_subjects && m_form->problem().isEmpty())
            m_subjects->askOnce();
    });
    connect(m_subjects, &SubjectChooser::changed, this, &ConnectDialog::refresh);
    connect(m_recording, &RecordingForm::changed, this, &ConnectDialog::refresh);
    connect(m_keep, &QCheckBox::toggled, this, &ConnectDialog::refresh);
    m_brokers->choose(context);
    showEntry();
}

ConnectDialog::~ConnectDialog() = default;

void ConnectDialog::build()
{
    m_tabs->setObjectName(QStringLiteral("connectTabs"));
    m_tabs->addTab(buildBroker(), tr("&1 Broker"));
    m_tabs->addTab(m_subjects, tr("&2 Subjects"));
    m_tabs->addTab(m_recording, tr("&3 Recording"));
    auto* splitter = new QSplitter(this);
    splitter->addWidget(m_brokers);
    splitter->addWidget(m_tabs);
    splitter->setStretchFactor(1, 1);
    splitter->setSizes({250, 690});
    splitter->setChildrenCollapsible(false);
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Cancel, this);
    m_start = buttons->addButton(tr("&Start observing"), QDialogButtonBox::AcceptRole);
    m_start->setObjectName(QStringLiteral("connectStart"));
    m_start->setDefault(true);
    m_problem->setObjectName(QStringLiteral("connectProblem"));
    m_problem->setWordWrap(true);
    auto* bottom = new QHBoxLayout;
    bottom->addWidget(m_problem, 1);
    bottom->addWidget(buttons);
    auto* layout = new QVBoxLayout(this);
    layout->addWidget(splitter, 1);
    layout->addLayout(bottom);
    resize(980, std::min(770, screen()->availableGeometry().height() - 60));
    connect(buttons, &QDialogButtonBox::accepted, this, &ConnectDialog::accept);
    connect(buttons, &QDialogButtonBox::rejected, this, &ConnectDialog::reject);
}

QWidget* ConnectDialog::buildBroker()
{
    m_origin->setObjectName(QStringLiteral("profileOrigin"));
    m_origin->setWordWrap(true);
    m_copy->setObjectName(QStringLiteral("profileCopy"));
    m_copy->setAutoDefault(false);
    m_keep->setObjectName(QStringLiteral("profileKeep"));
    auto* origin = new QHBoxLayout;
    origin->addWidget(m_origin, 1);
    origin->addWidget(m_copy);
    auto* scroll = new QScrollArea(this);
    scroll->setWidget(m_form);
    scroll->setWidgetResizable(true);
    scroll->setFrameShape(QFrame::NoFrame);
    // The tab's own ground shows through.
    scroll->viewport()->setAutoFillBackground(false);
    m_form->setAutoFillBackground(false);
    auto* broker = new QWidget(this);
    auto* layout = new QVBoxLayout(broker);
    layout->setContentsMargins(12, 10, 12, 12);
    layout->addLayout(origin);
    layout->addWidget(scroll, 3);
    layout->addWidget(m_keep);
    layout->addWidget(m_test, 2);
    return broker;
}

void ConnectDialog::showEntry()
{
    const ProfileEntry* entry = m_brokers->current();
    const bool context = entry && entry->origin == ProfileEntry::Origin::NatsContext;
    const ConnectionProfile profile = entry ? entry->profile : ConnectionProfile{};
    m_form->setProfile(profile);
    m_form->setReadOnly(context);
    m_subjects->setProfile(profile);
    m_recording->setProfile(profile);
    sayOrigin(entry);
    m_copy->setVisible(context);
    m_keep->setVisible(!context);
    m_keep->setChecked(entry && !context);
    refresh();
}

void ConnectDialog::sayOrigin(const ProfileEntry* entry)
{
    QStringList lines;
    if (entry && entry->origin == ProfileEntry::Origin::NatsContext)
        lines += tr("A context of the nats CLI, used as it is (%1).")
                     .arg(QString::fromStdString(entry->profile.credentialsForPeople()));
    StateLevel level = StateLevel::Normal;
    if (entry && !entry->warnings.isEmpty()) {
        lines += entry->warnings;
        level = StateLevel::Warning;
    }
    if (entry && !entry->problem.isEmpty()) {
        lines += entry->problem;
        level = StateLevel::Error;
    }
    m_origin->setText(lines.join(QLatin1Char('\n')));
    m_origin->setVisible(!lines.isEmpty());
    setStateLevel(m_origin, level);
}

void ConnectDialog::copyEntry()
{
    const ProfileEntry* entry = m_brokers->current();
    if (!entry)
        return;
    showAsNew(ConnectionProfile(entry->profile));
    m_keep->setChecked(true);
}

void ConnectDialog::showAsNew(const ConnectionProfile& profile)
{
    m_brokers->chooseNew();
    m_form->setProfile(profile);
    m_subjects->setProfile(profile);
    m_recording->setProfile(profile);
    refresh();
}

void ConnectDialog::setRequest(const CaptureRequest& given)
{
    const ConnectionProfile& profile = given.profile;
    m_brokers->choose(QString::fromStdString(profile.name));
    const ProfileEntry* entry = m_brokers->current();
    const bool isEntry = entry && entry->profile.name == profile.name &&
                         entry->profile.urls == profile.urls && entry->profile.credsFile == profile.credsFile;
    if (!isEntry)
        showAsNew(profile);
    m_recording->setTarget(given.history, given.profile.identity);
}

QString ConnectDialog::problem() const
{
    const ProfileEntry* entry = m_brokers->current();
    if (entry && !entry->problem.isEmpty())
        return entry->problem;
    if (const QString wrong = m_form->problem(); !wrong.isEmpty())
        return wrong;
    if (m_keep->isChecked() && m_form->profile().name.empty())
        return tr("A broker that is kept needs a name.");
    if (const QString wrong = m_subjects->problem(); !wrong.isEmpty())
        return wrong;
    return m_recording->problem();
}

void ConnectDialog::refresh()
{
    m_test->setTarget(m_form->profile(), m_subjects->subjects());
    const QString wrong = problem();
    setStateLevel(m_problem, StateLevel::Normal);
    m_problem->setText(wrong);
    m_start->setEnabled(wrong.isEmpty());
}

CaptureRequest ConnectDialog::request() const
{
    CaptureRequest request;
    request.profile = m_form->profile();
    request.profile.subjects = m_subjects->subjects();
    request.profile.budget = m_recording->budget();
    request.profile.identity = m_recording->identity();
    request.subjects = request.profile.subjects;
    request.stream = m_subjects->stream();
    if (request.isStream())
        request.subjects.clear(); // the whole stream, not a filter of it
    request.history = m_recording->history();
    return request;
}

void ConnectDialog::accept()
{
    if (!m_start->isEnabled())
        return;
    if (const auto running = m_running ? m_running() : std::nullopt)
        askToReplace(*running);
    else
        proceed();
}

/// Names what ends, and where the new recording goes.
void ConnectDialog::askToReplace(const CaptureRequest& running)
{
    const CaptureRequest next = request();
    const QString into = QString::fromStdString(next.history.string());
    const QString place = next.history == running.history ? tr("appended to the same file, %1").arg(into)
                          : QFileInfo::exists(into)       ? tr("appended to %1").arg(into)
                                                          : tr("written to the new file %1").arg(into);
    auto* question =
        new QMessageBox(QMessageBox::Warning, tr("Replace the running recording?"),
                        tr("Starting this ends the recording that is running."), QMessageBox::NoButton, this);
    question->setObjectName(QStringLiteral("replaceQuestion"));
    question->setAttribute(Qt::WA_DeleteOnClose);
    question->setTextFormat(Qt::PlainText);
    question->setInformativeText(
        tr("Ends now: %1 into %2. What it recorded stays there.\n\n"
           "Begins: %3, %4.")
            .arg(wordsOf(running), QString::fromStdString(running.history.string()), wordsOf(next), place));
    const QPushButton* replace =
        question->addButton(tr("End it and start this one"), QMessageBox::DestructiveRole);
    question->setDefaultButton(question->addButton(tr("Keep recording"), QMessageBox::RejectRole));
    connect(replace, &QPushButton::clicked, this, &ConnectDialog::proceed);
    question->open();
}

void ConnectDialog::proceed()
{
    if (m_keep->isVisibleTo(this) && m_keep->isChecked())
        keepProfile();
    else
        QDialog::accept();
}

void ConnectDialog::keepProfile()
{
    m_start->setEnabled(false);
    m_problem->setText(tr("Keeping the profile…"));
    m_keeping->run([this, profile = request().profile](std::stop_token, const Errand::Post& post) {
        const Result<void> saved = saveProfile(profile);
        post([this, saved] {
            if (saved) {
                QDialog::accept();
                return;
            }
            m_problem->setText(QString::fromStdString(saved.error().line()));
            setStateLevel(m_problem, StateLevel::Error);
            m_start->setEnabled(true);
        });
    });
}

} // namespace weir
