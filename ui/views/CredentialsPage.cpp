// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/CredentialsPage.h"

#include "ui/models/Figures.h"
#include "ui/models/MessageTableModel.h"
#include "ui/models/TimeText.h"
#include "ui/models/ViewState.h"
#include "ui/views/EmptyState.h"
#include "ui/views/FlatTable.h"
#include "ui/views/credentials/CredentialDelegate.h"
#include "ui/views/credentials/CredentialDetails.h"
#include "ui/views/topology/LooksDraft.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QTableView>

#include <algorithm>

namespace weir {
namespace {

constexpr int kAskEvery = 1000; // ms: times to an end are told by the second
// In the order of CredentialColumn.
const std::vector<ColumnRoom> kColumns{{150, 220, 420},    {90, 104, 130},   {96, 120, 170},
                                       {100, 124, 170, 5}, {70, 96, 220, 4}, {92, 110, 140, 1},
                                       {80, 92, 110, 2},   {80, 92, 110, 3}};

} // namespace

CredentialsPage::CredentialsPage(ViewState& state, const BrokerWatch& broker, QWidget* parent,
                                 HistoryFollower::Opener open)
    : FollowPage(
          state, QStringLiteral("credentials"), {}, open,
          [] { return std::vector<std::shared_ptr<BatchSink>>(); }, parent),
      m_broker(broker),
      m_open(std::move(open)),
      m_looks(std::make_shared<LooksDraft>(m_open)),
      m_search(new QLineEdit(content())),
      m_table(new QTableView(content())),
      m_noHit(new EmptyState(content(), QStringLiteral("search"))),
      m_details(new CredentialDetails(this))
{
    buildTable();
    auto* column = new QVBoxLayout(content());
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(buildTools());
    column->addWidget(m_table, 1);
    column->addWidget(m_noHit, 1);
    m_noHit->hide();
    connect(m_details, &CredentialDetails::messagesWanted, this, [this](const QString& name) {
        emit filterTermRequested(filterTerm(QStringLiteral("identity"), name));
        emit pageRequested(QStringLiteral("messages"), {});
    });
    connect(m_details, &CredentialDetails::topologyWanted, this,
            [this](const QString& name) { emit pageRequested(QStringLiteral("topology"), name); });
    connect(&m_broker, &BrokerWatch::looked, this, [this] {
        m_sinceAsked.invalidate();
        ask();
    });
    showState();
}

CredentialsPage::~CredentialsPage() = default;

QString CredentialsPage::title() const
{
    return tr("Credentials");
}

QString CredentialsPage::iconName() const
{
    return QStringLiteral(":/icons/credentials.svg");
}

QWidget* CredentialsPage::details()
{
    return m_details;
}

QWidget* CredentialsPage::buildTools()
{
    auto* tools = new QWidget(content());
    auto* row = new QHBoxLayout(tools);
    row->setContentsMargins(8, 6, 8, 6);
    row->setSpacing(12);
    m_search->setObjectName(QStringLiteral("credentialSearch"));
    m_search->setPlaceholderText(tr("Find a user, nkey, account or client"));
    m_search->setAccessibleName(tr("Find credentials"));
    m_search->setClearButtonEnabled(true);
    m_search->setMaximumWidth(420);
    m_search->setMinimumWidth(200);
    row->addWidget(m_search, 2);
    row->addStretch(1);
    row->addWidget(note());
    connect(m_search, &QLineEdit::textChanged, this, [this](const QString& text) {
        m_model.setSearch(text);
        choose(m_chosen);
    });
    return tools;
}

void CredentialsPage::buildTable()
{
    m_table->setObjectName(QStringLiteral("credentialTable"));
    m_table->setAccessibleName(tr("Credentials"));
    m_table->setModel(&m_model);
    m_table->setItemDelegate(new CredentialDelegate(m_table));
    makeFlat(*m_table, kColumns);
    connect(m_table->horizontalHeader(), &QHeaderView::sectionClicked, &m_model,
            &CredentialsModel::sortByHeader);
    connect(m_table->selectionModel(), &QItemSelectionModel::currentRowChanged, this,
            [this](const QModelIndex& index) {
                if (!index.isValid())
                    return; // a list without it: it may come again
                m_chosen = index.data(static_cast<int>(CredentialRole::Id)).toString();
                showChosen();
            });
    connect(m_table, &QWidget::customContextMenuRequested, this, &CredentialsPage::showMenu);
}

void CredentialsPage::startOver()
{
    m_looks = std::make_shared<LooksDraft>(m_open);
    m_list = nullptr;
    m_answeredOnce = false;
    m_sinceAsked.invalidate();
    m_model.setList(std::make_shared<const CredentialList>());
    showChosen();
}

CredentialsPage::Question CredentialsPage::question()
{
    const bool live = state().range().live;
    const bool recent = m_sinceAsked.isValid() && !m_sinceAsked.hasExpired(kAskEvery);
    if (m_answeredOnce && (recent || !live))
        return [] { return [] {}; };
    m_sinceAsked.start();
    LooksAsked asked;
    asked.history = state().history();
    std::tie(asked.from, asked.to) = sinks().bounds();
    if (live) // of the past the history has looks at the broker
        asked.broker = m_broker.known();
    return [this, looks = m_looks, asked = std::move(asked)](const std::stop_token& stop) -> Show {
        const DraftHistory::Known known = looks->of(asked, stop);
        if (stop.stop_requested())
            return {};
        auto list = std::make_shared<CredentialList>(credentialsOf(known.looks, asked.from));
        if (!asked.broker.problem.empty())
            list->coverage.insert(list->coverage.begin(), asked.broker.problem);
        return [this, list, trouble = known.problem] {
            m_answeredOnce = true;
            if (!trouble.isEmpty())
                emit problem(trouble);
            take(list);
        };
    };
}

void CredentialsPage::take(std::shared_ptr<const CredentialList> list)
{
    m_list = std::move(list);
    m_model.setList(m_list);
    if (!m_wanted.isEmpty())
        showItem(m_wanted);
    choose(m_chosen);
    showChosen();
}

void CredentialsPage::showItem(const QString& item)
{
    m_wanted = item;
    if (m_list == nullptr || item.isEmpty())
        return;
    const std::string name = item.toStdString();
    const auto use = std::find_if(m_list->uses.begin(), m_list->uses.end(),
                                  [&](const CredentialUse& each) { return isNamed(each, name); });
    if (use == m_list->uses.end())
        return;
    m_wanted.clear();
    m_search->clear();
    choose(QString::fromStdString(use->id));
}

void CredentialsPage::choose(const QString& id)
{
    const int row = m_model.rowOf(id);
    const bool found = m_model.rowCount() > 0;
    m_table->setVisible(found);
    m_noHit->setVisible(!found);
    m_noHit->showEmpty(tr("No credential has “%1” in it").arg(m_search->text()), {},
                       {tr("Show all credentials"), [this] { m_search->clear(); }});
    if (row < 0 || row == m_table->currentIndex().row())
        return;
    m_table->setCurrentIndex(m_model.index(row, 0));
    m_table->scrollTo(m_model.index(row, 0));
}

void CredentialsPage::showChosen()
{
    m_details->show(m_list != nullptr ? m_list : std::make_shared<const CredentialList>(), m_chosen);
}

QString CredentialsPage::remark() const
{
    if (!hasContent())
        return {};
    const auto asking = std::count_if(m_list->uses.begin(), m_list->uses.end(),
                                      [](const CredentialUse& use) { return asksForALook(use.state); });
    QString text = m_list->uses.size() == 1 ? tr("1 credential")
                                            : tr("%1 credentials").arg(fullCount(m_list->uses.size()));
    if (asking > 0)
        text += asking == 1 ? tr(", 1 asks for a look") : tr(", %1 ask for a look").arg(asking);
    if (!state().range().live)
        text += tr(" · as of %1").arg(clockText(m_list->to, true));
    return state().filter().isEmpty() ? text : text + tr(" · the filter is of messages: it leaves none out");
}

bool CredentialsPage::explain(EmptyState& empty)
{
    const bool live = state().range().live;
    const std::string& problem = m_broker.known().problem;
    if (live && !problem.empty())
        empty.showError(tr("The broker's connections cannot be looked at"), QString::fromStdString(problem));
    else if (!m_answeredOnce || (live && m_broker.isWatching()))
        empty.showLoading(tr("Asking who is connected"));
    else if (live)
        empty.showEmpty(
            tr("No server is looked at"),
            tr("Who is connected, and with which credential, only the servers tell: name a "
               "monitoring port (http_port of nats-server) or a user of the system account in the "
               "connection, or in its context."));
    else
        empty.showEmpty(tr("No server was looked at in this range"),
                        tr("Who was connected is kept while the console observes a broker whose monitoring "
                           "port or system account it knows."));
    return true;
}

void CredentialsPage::showMenu(const QPoint& point)
{
    const QModelIndex index = m_table->indexAt(point);
    if (!index.isValid())
        return;
    const CredentialUse& use = m_model.use(index.row()); // rows move while the menu is open
    const QString name = QString::fromStdString(use.name);
    const QString nkey = QString::fromStdString(use.nkey);
    QMenu menu(this);
    if (!name.isEmpty()) {
        menu.addAction(tr("Show messages of this identity"), this,
                       [this, name] { emit m_details->messagesWanted(name); });
        menu.addAction(tr("Find it in the topology"), this,
                       [this, name] { emit m_details->topologyWanted(name); });
        menu.addAction(tr("Copy its name"), this, [name] { QGuiApplication::clipboard()->setText(name); });
    }
    if (!nkey.isEmpty())
        menu.addAction(tr("Copy its public nkey"), this,
                       [nkey] { QGuiApplication::clipboard()->setText(nkey); });
    if (!menu.isEmpty())
        menu.exec(m_table->viewport()->mapToGlobal(point));
}

} // namespace weir
