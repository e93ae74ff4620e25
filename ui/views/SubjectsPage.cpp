// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/SubjectsPage.h"

#include "ui/models/Figures.h"
#include "ui/models/SubjectSearch.h"
#include "ui/views/ColumnFit.h"
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
#include <QStyleHints>
#include <QTreeView>

namespace weir {
namespace {

constexpr std::chrono::milliseconds kSearchPause{200};
constexpr int kMoveEvery = 2000; // ms
constexpr std::size_t kMostChildren = 4096;
constexpr std::size_t kMostHits = 500;
constexpr int kFewChildren = 24; // a branch of no more is open at first
constexpr int kFirstLook = 3000; // ms in which branches open by themselves
// In the order of SubjectColumn.
const std::vector<ColumnRoom> kColumns{{200, 360, 620},    {80, 92, 110},     {88, 104, 120, 2},
                                       {100, 150, 360, 4}, {90, 110, 130, 1}, {80, 92, 110, 3},
                                       {112, 124, 140, 5}};

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
    : FollowPage(
          state, QStringLiteral("subjects"), tr("Subjects appear here as soon as messages come."),
          std::move(open),
          [this] {
              m_tree = std::make_shared<SubjectTree>();
              return std::vector<std::shared_ptr<BatchSink>>{m_tree};
          },
          parent),
      m_tree(std::make_shared<SubjectTree>()),
      m_search(new QLineEdit(content())),
      m_count(new QLabel(content())),
      m_view(new QTreeView(content())),
      m_noHit(new EmptyState(content(), QStringLiteral("search")))
{
    buildTree();
    auto* column = new QVBoxLayout(content());
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(buildTools());
    column->addWidget(m_view, 1);
    column->addWidget(m_noHit, 1);
    m_noHit->hide();
    connect(&m_model, &SubjectsModel::childrenWanted, this, &SubjectsPage::ask);
    m_searchPause.setSingleShot(true);
    m_searchPause.setInterval(kSearchPause);
    connect(m_search, &QLineEdit::textChanged, &m_searchPause, qOverload<>(&QTimer::start));
    connect(&m_searchPause, &QTimer::timeout, this, &SubjectsPage::setSearch);
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
    auto* tools = new QWidget(content());
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
    row->addWidget(note());
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
    new ColumnFit(header, kColumns);
    header->setSectionsClickable(true);
    connect(header, &QHeaderView::sectionClicked, this, &SubjectsPage::setSort);
    connect(m_view, &QTreeView::collapsed, &m_model, &SubjectsModel::forgetChildren);
    connect(m_view, &QTreeView::activated, this, &SubjectsPage::narrowTo);
    connect(m_view, &QWidget::customContextMenuRequested, this, &SubjectsPage::showContextMenu);
}

bool SubjectsPage::eventFilter(QObject* watched, QEvent* event)
{
    if (event->type() == QEvent::MouseButtonPress)
        m_sincePress.start();
    return Page::eventFilter(watched, event);
}

void SubjectsPage::startOver()
{
    m_moveNow = true;
    m_sinceFirst.invalidate();
    const TimeRange& range = state().range();
    m_model.start(m_tree->root().id, range.live ? Nanoseconds::zero() : range.to - range.from);
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
    m_moveNow = true;
    askAnew();
}

SubjectsPage::Question SubjectsPage::question()
{
    // Over a range of the past the rates shown are means: their order is that of the counts.
    const bool byMean = m_sort == SubjectSort::Rate && m_model.showsMeans();
    return [this, ids = m_model.wanted(), sort = byMean ? SubjectSort::Count : m_sort, searched = m_searched,
            tree = m_tree]() -> Show {
        auto answer = std::make_shared<Answer>();
        answer->nodes = tree->nodeCount();
        for (const SubjectNodeId id : ids) {
            if (searched.isEmpty() || id != ids.front()) {
                answer->snapshot.emplace_back(id, tree->children(id, sort, 0, kMostChildren));
                continue;
            }
            SubjectHits hits = searchSubjects(*tree, subjectPattern(searched), sort, kMostHits);
            answer->hits = hits.page.total;
            answer->partial = hits.partial;
            answer->snapshot.emplace_back(id, std::move(hits.page));
        }
        return [this, answer] { take(*answer); };
    };
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

void SubjectsPage::take(const Answer& answer)
{
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
    showFound();
    openFirst();
}

/// The first look shows what flows where: branches that fit on a screen are open.
void SubjectsPage::openFirst()
{
    if (m_model.rowCount() == 0 || m_sincePress.isValid() || !m_searched.isEmpty())
        return;
    if (!m_sinceFirst.isValid())
        m_sinceFirst.start();
    if (m_sinceFirst.hasExpired(kFirstLook))
        return;
    int rows = m_model.rowCount();
    for (int row = 0; row < m_model.rowCount(); ++row) {
        const QModelIndex branch = m_model.index(row, 0);
        const int children = branch.data(static_cast<int>(SubjectRole::Children)).toInt();
        const bool alone = m_model.rowCount() == 1;
        if (!alone && (children > kFewChildren || rows + children > 2 * kFewChildren))
            continue;
        rows += children;
        m_view->expand(branch);
    }
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

bool SubjectsPage::hasContent() const
{
    return m_model.rowCount() > 0 || !m_searched.isEmpty();
}

void SubjectsPage::showFound()
{
    const bool found = m_model.rowCount() > 0;
    m_view->setVisible(found);
    m_noHit->setVisible(!found);
    m_noHit->showEmpty(tr("No subject matches \u201c%1\u201d").arg(m_searched),
                       tr("* stands for one token, > for the rest: orders.*.created, orders.>"),
                       {tr("Show all subjects"), [this] { m_search->clear(); }});
}

} // namespace weir
