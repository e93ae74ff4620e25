// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/MessagesPage.h"

#include "ui/models/Figures.h"
#include "ui/models/Format.h"
#include "ui/models/TimeText.h"
#include "ui/models/ViewState.h"
#include "ui/views/ColumnFit.h"
#include "ui/views/DetailsPane.h"
#include "ui/views/EmptyState.h"
#include "ui/views/HugeTableView.h"
#include "ui/views/MessageDelegate.h"
#include "ui/views/MessagesStrip.h"
#include "ui/views/NothingToShow.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QHeaderView>
#include <QMenu>
#include <QScrollBar>
#include <QShortcut>
#include <QStackedLayout>

#include <algorithm>
#include <limits>

namespace weir {
namespace {

constexpr std::chrono::milliseconds kStripEvery{100};
// In the order of MessageColumn. Size and Worker go first where room is short: the details say them.
const std::vector<ColumnRoom> kColumns{{112, 112, 112}, {150, 240, 480}, {56, 56, 64},   {88, 110, 190, 1},
                                       {104, 236, 300}, {84, 84, 96},    {74, 74, 90, 2}};

} // namespace

MessagesPage::MessagesPage(ViewState& state, QWidget* parent, HistoryFollower::Opener open)
    : Page(parent),
      m_state(state),
      m_open(std::move(open)),
      m_layout(new QStackedLayout(this)),
      m_content(new QWidget(this)),
      m_table(new HugeTableView(m_content)),
      m_strip(new MessagesStrip(m_content)),
      m_empty(new EmptyState(this, QStringLiteral("messages"))),
      m_details(new DetailsPane(this))
{
    m_details->hide(); // until the window takes it into its details dock
    buildTable();
    auto* column = new QVBoxLayout(m_content);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(m_table, 1);
    column->addWidget(m_strip);
    m_layout->addWidget(m_content);
    m_layout->addWidget(m_empty);

    m_reopen.setSingleShot(true);
    m_reopen.setInterval(0);
    connect(&m_reopen, &QTimer::timeout, this, &MessagesPage::openView);
    m_refresh.setSingleShot(true);
    m_refresh.setInterval(kStripEvery);
    connect(&m_refresh, &QTimer::timeout, this, &MessagesPage::showState);
    const auto reopen = [this] { m_reopen.start(); };
    connect(&m_state, &ViewState::historyChanged, this, reopen);
    connect(&m_state, &ViewState::rangeChanged, this, reopen);
    connect(&m_state, &ViewState::filterChanged, this, reopen);
    connect(&m_state, &ViewState::liveAgain, this, [this] { m_table->setFollowing(true); });

    const auto refresh = [this] {
        if (!m_refresh.isActive())
            m_refresh.start();
    };
    connect(&m_model, &QAbstractItemModel::rowsInserted, this, refresh);
    connect(&m_model, &QAbstractItemModel::rowsRemoved, this, refresh);
    connect(&m_model, &MessageTableModel::searchChanged, this, refresh);
    connect(&m_model, &MessageTableModel::opened, this, &MessagesPage::showState);
    connect(&m_model.feed(), &MessageFeed::failed, this, &MessagesPage::showFailure);
    connect(&m_model.feed(), &MessageFeed::updated, this, [this] { m_failure.reset(); });
    connect(&m_model.feed(), &MessageFeed::messageLoaded, m_details, &DetailsPane::setMessage);
    connect(&m_model.feed(), &MessageFeed::messageMissing, this,
            [this](quint64, const QString& why) { m_details->showMissing(why); });
    connect(&m_model.feed(), &MessageFeed::copied, this, [this](const QString& text, quint64 messages) {
        QGuiApplication::clipboard()->setText(text);
        if (messages == MessageFeed::kMostCopied)
            emit problem(tr("Copied the first %1 messages; export takes more").arg(fullCount(messages)));
    });
    connect(m_details, &DetailsPane::filterTermRequested, this, &Page::filterTermRequested);
    connect(m_details, &DetailsPane::problem, this, &Page::problem);
    openView();
}

MessagesPage::~MessagesPage() = default;

QString MessagesPage::title() const
{
    return tr("Messages");
}

QString MessagesPage::iconName() const
{
    return QStringLiteral(":/icons/messages.svg");
}

void MessagesPage::buildTable()
{
    m_table->setObjectName(QStringLiteral("messagesTable"));
    m_table->setAccessibleName(tr("Messages"));
    m_table->setItemDelegate(new MessageDelegate(m_table));
    m_table->setSpanRole(static_cast<int>(MessageRole::SpanText));
    m_table->setModel(&m_model);
    m_table->setContextMenuPolicy(Qt::CustomContextMenu);
    new ColumnFit(m_table->header(), kColumns);
    connect(m_table, &HugeTableView::shownRowsChanged, &m_model, &MessageTableModel::show);
    connect(m_table, &HugeTableView::followingChanged, this, &MessagesPage::onFollowingChanged);
    connect(m_table, &QWidget::customContextMenuRequested, this, &MessagesPage::showContextMenu);
    m_choose.setSingleShot(true);
    m_choose.setInterval(0);
    connect(&m_choose, &QTimer::timeout, this, &MessagesPage::showSelected);
    const auto choose = [this] { m_choose.start(); };
    connect(m_table->selectionModel(), &QItemSelectionModel::selectionChanged, this, choose);
    connect(m_table->selectionModel(), &QItemSelectionModel::currentRowChanged, this, choose);
    for (const auto& [keys, form] :
         {std::pair(QKeySequence(QKeySequence::Copy), CopyForm::Text),
          std::pair(QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_C), CopyForm::Json)}) {
        auto* shortcut = new QShortcut(keys, m_table);
        shortcut->setContext(Qt::WidgetShortcut);
        connect(shortcut, &QShortcut::activated, this, [this, form = form] { copySelected(form); });
    }
    connect(m_strip, &MessagesStrip::followRequested, m_table, &HugeTableView::setFollowing);
    connect(m_table->verticalScrollBar(), &QScrollBar::sliderMoved, this, [this] { m_placeSeq = 0; });
}

void MessagesPage::openView()
{
    m_failure.reset();
    rememberPlace();
    const bool live = m_state.range().live;
    m_table->setFollowEnabled(live);
    m_model.setFollowing(live);
    if (m_state.history().empty())
        m_model.close();
    else
        m_model.open([open = m_open, path = m_state.history()] { return open(path); }, m_state.range(),
                     m_state.filter());
    showState();
}

/// Another range or filter of the same history: what was being read is to stay in sight. Live that is
/// followed and becomes a range of the past (somebody paused) stays at the newest; who goes live again wants
/// to follow, whatever row is chosen.
void MessagesPage::rememberPlace()
{
    const bool live = m_state.range().live;
    const bool goesLive = live && !m_openedLive;
    m_openedLive = live;
    const bool sameHistory = m_openedHistory == m_state.history();
    m_openedHistory = m_state.history();
    const int current = m_table->currentIndex().row();
    const std::uint64_t currentSeq = m_model.seqAt(current);
    const auto& shown = m_details->message();
    m_chosenSeq = !sameHistory || goesLive ? 0 : currentSeq == 0 && shown ? shown->seq : currentSeq;
    m_heldAt = sameHistory && !goesLive && m_strip->isPaused() ? m_seenAtPause : 0;
    if (!sameHistory || !shown)
        m_details->showSelection(0); // also where a message was being read: no answer comes any more
    if (!sameHistory || goesLive || (m_table->isFollowing() && live))
        m_placeSeq = 0;
    else if (currentSeq != 0)
        m_placeSeq = currentSeq;
    else
        m_placeSeq = m_table->isFollowing() ? m_model.newestSeq() : m_model.seqAt(m_table->firstShown());
}

/// Goes back to the remembered place, as soon as the rows around it are there.
void MessagesPage::restorePlace()
{
    const auto& search = m_model.search();
    if (m_placeSeq == 0 || m_model.rowCount() == 0)
        return;
    const bool there = !search.running ||
                       (!m_model.map().matches().isEmpty() && m_model.map().matches().at(0) <= m_placeSeq);
    if (!there)
        return;
    const int row = std::min(m_model.rowOf(m_placeSeq), m_model.rowCount() - 1);
    m_placeSeq = 0;
    const int chosen = m_chosenSeq == 0 ? m_model.rowCount() : m_model.rowOf(m_chosenSeq);
    if (m_model.seqAt(chosen) == m_chosenSeq && m_chosenSeq != 0)
        m_table->setCurrentIndex(m_model.index(chosen, 0));
    m_table->setFollowing(false);
    m_seenAtPause = m_heldAt == 0 ? m_seenAtPause : m_heldAt;
    m_table->scrollTo(m_model.index(row, 0), QAbstractItemView::PositionAtCenter);
}

/// The details keep a message over changes of range and filter, and say so where the table lacks it.
void MessagesPage::showWhetherListed()
{
    const auto& message = m_details->message();
    const auto& search = m_model.search();
    const auto& range = m_state.range();
    if (!message)
        return;
    const bool listed = m_model.seqAt(m_model.rowOf(message->seq)) == message->seq;
    if (!range.live && (message->time < range.from || message->time >= range.to))
        m_details->setOutside(tr("Not in the table: this message lies outside the time range shown"));
    else if (!listed && search.active && !search.running)
        m_details->setOutside(tr("Not in the table: this message does not match the filter"));
    else
        m_details->setOutside({});
}

void MessagesPage::showFailure(const Error& error)
{
    const bool isNew = !m_failure || m_failure->line() != error.line();
    m_failure = error;
    if (!isNew)
        return;
    if (error.code != ErrorCode::NotFound)
        emit problem(QString::fromStdString(error.line()));
    showState();
}

void MessagesPage::showState()
{
    restorePlace();
    showWhetherListed();
    updateStrip();
    const bool any = m_model.rowCount() > 0;
    m_layout->setCurrentWidget(any ? m_content : static_cast<QWidget*>(m_empty));
    if (any)
        return;
    if (m_state.history().empty())
        showNoHistory(*m_empty, *this);
    else if (m_failure && m_failure->code != ErrorCode::NotFound)
        showUnreadable(*m_empty, *this, *m_failure);
    else if (!m_model.isOpened())
        m_empty->showLoading(tr("Opening the history"));
    else if (m_model.search().running)
        m_empty->showLoading(tr("Searching"), countText());
    else if (m_state.range().live && !m_model.search().active && m_model.map().first() <= 1)
        m_empty->showEmpty(tr("No message yet"), tr("The first one appears here as soon as it is recorded."));
    else
        showNoMessage(*m_empty, m_state, tr("New messages that match appear here."));
}

QString MessagesPage::countText() const
{
    const auto& search = m_model.search();
    const std::size_t messages = m_model.map().messages();
    if (!search.active) {
        const QString count = messages == 1 ? tr("1 message") : tr("%1 messages").arg(fullCount(messages));
        // Held, the list reaches farther back than the range that ends now.
        const bool held = m_state.range().live && !m_table->isFollowing() && m_model.from() != kNoTime;
        return held ? tr("%1 since %2").arg(count, clockText(m_model.from())) : count;
    }
    if (!search.running)
        return tr("%1 found").arg(fullCount(messages));
    if (search.reached == kNoTime)
        return tr("%1 found, searching").arg(fullCount(messages));
    return tr("%1 found, searching back from %2").arg(fullCount(messages), clockText(search.reached));
}

void MessagesPage::updateStrip()
{
    const auto& search = m_model.search();
    QString warning;
    if (search.damagedBlocks > 0)
        warning = tr("%1 damaged blocks could not be searched").arg(fullCount(search.damagedBlocks));
    else if (m_model.map().messages() >= kMostRows)
        warning = tr("older ones are not listed, choose a shorter time range");
    m_strip->setCount(countText(), warning);
    const bool known = search.running && search.total > 0;
    m_strip->setProgress(known ? static_cast<double>(search.scanned) / static_cast<double>(search.total)
                               : -1);
    if (!m_state.range().live)
        m_strip->setFollow(MessagesStrip::Follow::Off);
    else if (m_table->isFollowing())
        m_strip->setFollow(MessagesStrip::Follow::Following);
    else
        m_strip->setFollow(MessagesStrip::Follow::Paused, newSincePause());
}

/// Rows that came since the table was held: with a filter, only what matches it.
quint64 MessagesPage::newSincePause() const
{
    const RowMap& map = m_model.map();
    return map.messages() - map.messagesBefore(m_seenAtPause + 1);
}

void MessagesPage::onFollowingChanged(bool following)
{
    m_model.setFollowing(following);
    m_seenAtPause = m_model.newestSeq();
    updateStrip();
}

QWidget* MessagesPage::details()
{
    return m_details;
}

/// The chosen rows as runs of seqs, oldest first; gaps' rows are left out.
std::vector<SeqRun> MessagesPage::selectedRuns() const
{
    std::vector<SeqRun> runs;
    std::uint64_t count = 0;
    QItemSelection selection = m_table->selectionModel()->selection();
    std::sort(selection.begin(), selection.end(),
              [](const QItemSelectionRange& a, const QItemSelectionRange& b) { return a.top() < b.top(); });
    for (const QItemSelectionRange& range : selection) {
        for (int row = range.top(); row <= range.bottom() && count < MessageFeed::kMostCopied; ++row) {
            const std::uint64_t seq = m_model.seqAt(row);
            if (seq == 0)
                continue;
            ++count;
            if (!runs.empty() && runs.back().second + 1 == seq)
                runs.back().second = seq;
            else
                runs.emplace_back(seq, seq);
        }
    }
    return runs;
}

void MessagesPage::showSelected()
{
    qint64 rows = 0;
    for (const QItemSelectionRange& range : m_table->selectionModel()->selection())
        rows += range.height();
    const std::uint64_t seq = m_model.seqAt(m_table->currentIndex().row());
    if (rows != 1 || seq == 0) {
        m_details->showSelection(static_cast<int>(std::min<qint64>(rows, std::numeric_limits<int>::max())));
        return;
    }
    if (m_details->message() && m_details->message()->seq == seq)
        return;
    m_details->showLoading();
    m_model.feed().loadMessage(seq);
}

void MessagesPage::copySelected(CopyForm form)
{
    const auto runs = selectedRuns();
    if (!runs.empty())
        m_model.feed().copy(runs, form);
}

void MessagesPage::showContextMenu(const QPoint& point)
{
    const QModelIndex index = m_table->indexAt(point);
    QMenu menu(this);
    for (const MessageColumn column :
         {MessageColumn::Subject, MessageColumn::Pop, MessageColumn::Worker, MessageColumn::Identity}) {
        const QString term = m_model.termFor(index.siblingAtColumn(static_cast<int>(column)));
        if (!term.isEmpty())
            menu.addAction(tr("Show only %1").arg(term), this,
                           [this, term] { emit filterTermRequested(term); });
    }
    const MessageRow* row = m_model.rowAt(index.row());
    if (row && !row->trace.empty()) {
        const QString term = filterTerm(QStringLiteral("trace"), toText(row->trace));
        menu.addAction(tr("Show the whole trace"), this, [this, term] { emit filterTermRequested(term); });
    }
    if (menu.isEmpty())
        return;
    menu.addSeparator();
    menu.addAction(tr("Copy as text"), this, [this] { copySelected(CopyForm::Text); });
    menu.addAction(tr("Copy as JSON"), this, [this] { copySelected(CopyForm::Json); });
    menu.exec(m_table->viewport()->mapToGlobal(point));
}

} // namespace weir
