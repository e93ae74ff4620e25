// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/SubjectsPage.h"

#include "ui/models/Figures.h"
#include "ui/models/SubjectSearch.h"
#include "ui/models/ViewState.h"
#include "ui/views/EmptyState.h"
#include "ui/views/SubjectDelegate.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QMouseEvent>
#include <QStackedLayout>
#include <QStyleHints>
#include <QTreeView>

namespace weir {
namespace {

constexpr std::chrono::milliseconds kEvery{500}; // rates are of whole seconds
constexpr std::chrono::milliseconds kSearchPause{200};
constexpr int kMoveEvery = 2000; // ms
constexpr std::size_t kMostChildren = 4096;
constexpr std::size_t kMostHits = 500;
constexpr std::array kWidths{360, 92, 104, 150, 110, 92, 120}; // px, in the order of SubjectColumn

std::optional<SubjectSort> sortOf(SubjectColumn column)
{
    switch (column) {
    case SubjectColumn::Subject:
        return SubjectSort::Name;
    case SubjectColumn::Rate:
        return SubjectSort::Rate;
    case SubjectColumn::Messages:
        return SubjectSort::Count;
    case SubjectColumn::Bytes:
        return SubjectSort::Bytes;
    case SubjectColumn::LastSeen:
        return SubjectSort::LastSeen;
    case SubjectColumn::Bandwidth:
    case SubjectColumn::Trend:
        break;
    }
    return std::nullopt;
}

} // namespace

/// What the tree answered, made on a thread of the pool.
struct SubjectsPage::Answer
{
    SubjectSnapshot snapshot;
    std::size_t nodes = 0;
    std::uint64_t hits = 0;
    bool partial = false;
};

SubjectsPage::SubjectsPage(ViewState& state, QWidget* parent, HistoryFollower::Opener open)
    : Page(parent),
      m_state(state),
      m_tree(std::make_shared<SubjectTree>()),
      m_sinks(state, std::move(open),
              [this] {
                  m_tree = std::make_shared<SubjectTree>();
                  return std::vector<std::shared_ptr<BatchSink>>{m_tree};
              }),
      m_layout(new QStackedLayout(this)),
      m_empty(new EmptyState(this)),
      m_content(new QWidget(this)),
      m_search(new QLineEdit(m_content)),
      m_count(new QLabel(m_content)),
      m_note(new QLabel(m_content)),
      m_view(new QTreeView(m_content)),
      m_noHit(new EmptyState(m_content))
{
    buildTree();
    auto* column = new QVBoxLayout(m_content);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(buildTools());
    column->addWidget(m_view, 1);
    column->addWidget(m_noHit, 1);
    m_noHit->hide();
    m_layout->addWidget(m_empty);
    m_layout->addWidget(m_content);
    connect(&m_sinks, &FollowedSinks::restarted, this, &SubjectsPage::startOver);
    connect(&m_sinks, &FollowedSinks::changed, this, [this] {
        if (!m_answered)
            ask();
    });
    connect(&m_tick, &QTimer::timeout, this, &SubjectsPage::ask);
    connect(&m_model, &SubjectsModel::childrenWanted, this, &SubjectsPage::ask);
    m_searchPause.setSingleShot(true);
    m_searchPause.setInterval(kSearchPause);
    connect(m_search, &QLineEdit::textChanged, &m_searchPause, qOverload<>(&QTimer::start));
    connect(&m_searchPause, &QTimer::timeout, this, &SubjectsPage::setSearch);
    m_tick.start(kEvery);
    showState();
}

SubjectsPage::~SubjectsPage() = default;

QString SubjectsPage::title() const
{
    return tr("Subjects");
}

QString SubjectsPage::iconName() const
{
    return QStringLiteral(":/icons/subjects.svg");
}

QWidget* SubjectsPage::buildTools()
{
    auto* tools = new QWidget(m_content);
    auto* row = new QHBoxLayout(tools);
    row->setContentsMargins(8, 6, 8, 6);
    row->setSpacing(12);
    m_search->setObjectName(QStringLiteral("subjectSearch"));
    m_search->setPlaceholderText(tr("Find subjects: paid, orders.*.created, orders.>"));
    m_search->setAccessibleName(tr("Find subjects"));
    m_search->setClearButtonEnabled(true);
    m_search->setMaximumWidth(420);
    m_search->setMinimumWidth(220);
    row->addWidget(m_search, 2);
    row->addWidget(m_count);
    row->addStretch(1);
    row->addWidget(m_note);
    return tools;
}

void SubjectsPage::buildTree()
{
    m_view->setObjectName(QStringLiteral("subjectTree"));
    m_view->setAccessibleName(tr("Subjects"));
    m_view->setModel(&m_model);
    m_view->setItemDelegate(new SubjectDelegate(m_view));
    m_view->setUniformRowHeights(true);
    m_view->setAllColumnsShowFocus(true);
    m_view->setExpandsOnDoubleClick(false);
    m_view->setContextMenuPolicy(Qt::CustomContextMenu);
    m_view->viewport()->installEventFilter(this);
    QHeaderView* header = m_view->header();
    for (int i = 0; i < kSubjectColumns; ++i)
        header->resizeSection(i, kWidths[static_cast<std::size_t>(i)]);
    header->setStretchLastSection(false);
    header->setSectionResizeMode(0, QHeaderView::Stretch);
    header->setSectionsClickable(true);
    connect(header, &QHeaderView::sectionClicked, this, &SubjectsPage::setSort);
    connect(m_view, &QTreeView::collapsed, &m_model, &SubjectsModel::forgetChildren);
    connect(m_view, &QTreeView::activated, this, &SubjectsPage::narrowTo);
    connect(m_view, &QWidget::customContextMenuRequested, this, &SubjectsPage::showContextMenu);
}

void SubjectsPage::showEvent(QShowEvent* event)
{
    Page::showEvent(event);
    ask();
}

bool SubjectsPage::eventFilter(QObject* watched, QEvent* event)
{
    if (event->type() == QEvent::MouseButtonPress)
        m_sincePress.start();
    return Page::eventFilter(watched, event);
}

void SubjectsPage::startOver()
{
    ++m_generation;
    m_asked = false;
    m_answered = false;
    m_moveNow = true;
    const TimeRange& range = m_state.range();
    m_model.start(m_tree->root().id, range.live ? Nanoseconds::zero() : range.to - range.from);
    showState();
    ask();
}

void SubjectsPage::setSort(int column)
{
    const auto sort = sortOf(static_cast<SubjectColumn>(column));
    if (sort) {
        m_sort = *sort;
        m_moveNow = true;
        m_model.markSorted(static_cast<SubjectColumn>(column),
                           *sort == SubjectSort::Name ? Qt::AscendingOrder : Qt::DescendingOrder);
    }
    ask();
}

void SubjectsPage::setSearch()
{
    m_searched = m_search->text().trimmed();
    m_model.setFlat(!m_searched.isEmpty());
    ++m_generation; // an answer to the search before is of no use any more
    m_asked = false;
    m_moveNow = true;
    ask();
}

/// Lets the tree be read off the gui thread; one question at a time.
void SubjectsPage::ask()
{
    if (!m_sinks.hasHistory() || !isVisible())
        return;
    if (m_asked) {
        m_again = true;
        return;
    }
    m_asked = true;
    m_again = false;
    m_pool.start([this, ids = m_model.wanted(), sort = m_sort, searched = m_searched, tree = m_tree,
                  generation = m_generation] {
        Answer answer;
        answer.nodes = tree->nodeCount();
        for (const SubjectNodeId id : ids) {
            if (searched.isEmpty() || id != ids.front()) {
                answer.snapshot.emplace_back(id, tree->children(id, sort, 0, kMostChildren));
                continue;
            }
            SubjectHits hits = searchSubjects(*tree, subjectPattern(searched), sort, kMostHits);
            answer.hits = hits.page.total;
            answer.partial = hits.partial;
            answer.snapshot.emplace_back(id, std::move(hits.page));
        }
        QMetaObject::invokeMethod(
            this,
            [this, answer = std::move(answer), generation]() mutable {
                if (generation == m_generation)
                    take(std::move(answer));
            },
            Qt::QueuedConnection);
    });
}

bool SubjectsPage::mayMove() const
{
    // A row must not slip away from under a click.
    const bool clicking =
        QGuiApplication::mouseButtons() != Qt::NoButton ||
        (m_sincePress.isValid() &&
         !m_sincePress.hasExpired(QGuiApplication::styleHints()->mouseDoubleClickInterval()));
    return m_moveNow || (!clicking && (!m_sinceMove.isValid() || m_sinceMove.hasExpired(kMoveEvery)));
}

void SubjectsPage::take(Answer answer)
{
    m_asked = false;
    m_answered = true;
    m_hits = answer.hits;
    const bool move = mayMove();
    if (move)
        m_sinceMove.start();
    m_moveNow = false;
    m_model.take(answer.snapshot, move);
    if (m_searched.isEmpty())
        m_count->setText(tr("%1 nodes").arg(fullCount(answer.nodes)));
    else if (m_hits > kMostHits)
        m_count->setText(tr("%1 found, the first %2 shown").arg(fullCount(m_hits), fullCount(kMostHits)));
    else
        m_count->setText(
            answer.partial
                ? tr("%1 found so far: the tree is too large to search whole").arg(fullCount(m_hits))
                : tr("%1 found").arg(fullCount(m_hits)));
    showState();
    if (m_again)
        ask();
}

void SubjectsPage::narrowTo(const QModelIndex& index)
{
    const QString term = index.data(static_cast<int>(SubjectRole::Term)).toString();
    if (!term.isEmpty())
        emit filterTermRequested(term);
}

void SubjectsPage::showContextMenu(const QPoint& point)
{
    const QModelIndex index = m_view->indexAt(point);
    const QString term = index.data(static_cast<int>(SubjectRole::Term)).toString();
    const QString path = index.data(static_cast<int>(SubjectRole::Path)).toString();
    if (!index.isValid() || path.isEmpty())
        return;
    QMenu menu(this);
    menu.addAction(tr("Show only %1").arg(term), this, [this, term] { emit filterTermRequested(term); });
    menu.addAction(tr("Hide %1").arg(term), this,
                   [this, term] { emit filterTermRequested(QStringLiteral("NOT ") + term); });
    menu.addSeparator();
    menu.addAction(tr("Copy subject"), this, [path] { QGuiApplication::clipboard()->setText(path); });
    menu.exec(m_view->viewport()->mapToGlobal(point));
}

void SubjectsPage::showState()
{
    const FollowStatus status = m_sinks.status();
    const bool found = m_model.rowCount() > 0;
    const bool any = found || !m_searched.isEmpty();
    m_layout->setCurrentWidget(any ? m_content : static_cast<QWidget*>(m_empty));
    m_view->setVisible(found);
    m_noHit->setVisible(!found);
    m_note->setText(status.error ? tr("Not up to date: %1").arg(QString::fromStdString(status.error->why))
                                 : m_sinks.progressText());
    if (any) {
        if (m_asked && !found)
            m_noHit->showLoading(tr("Searching"));
        else
            m_noHit->showEmpty(tr("No subject matches \u201c%1\u201d").arg(m_searched),
                               tr("* stands for one token, > for the rest: orders.*.created, orders.>"));
        return;
    }
    if (m_state.history().empty())
        m_empty->showEmpty(tr("Nothing is recorded or opened"),
                           tr("Connect to a broker, or open a history file."));
    else if (status.error && status.state == FollowStatus::State::Failing)
        m_empty->showError(tr("The history cannot be read"), QString::fromStdString(status.error->line()));
    else if (!status.caughtUp())
        m_empty->showLoading(tr("Reading the history"), m_sinks.progressText());
    else if (!m_state.filter().isEmpty())
        m_empty->showEmpty(tr("No message matches the filter"), tr("Widen the time range or the filter."));
    else
        m_empty->showEmpty(tr("No message in this time range"),
                           m_state.range().live ? tr("Subjects appear here as soon as messages come.")
                                                : tr("Choose another range, or go live."));
}

} // namespace weir
