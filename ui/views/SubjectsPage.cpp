// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/SubjectsPage.h"

#include "ui/models/BrokerWatch.h"
#include "ui/views/ColumnFit.h"
#include "ui/views/EmptyState.h"
#include "ui/views/SubjectActions.h"
#include "ui/views/SubjectDelegate.h"
#include "ui/views/topology/TopologyExport.h"

#include <QGuiApplication>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QMouseEvent>
#include <QToolButton>
#include <QTreeView>

namespace weir {
namespace {

constexpr std::chrono::milliseconds kSearchPause{200};
// In the order of SubjectColumn.
const std::vector<ColumnRoom> kColumns{{200, 360, 620},    {80, 92, 110},     {88, 104, 120, 2},
                                       {100, 150, 360, 4}, {84, 96, 120, 3},  {90, 110, 130, 1},
                                       {80, 92, 110, 5},   {112, 124, 140, 6}};

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
    case SubjectColumn::Subscribers:
        break;
    }
    return std::nullopt;
}

} // namespace

SubjectsPage::SubjectsPage(ViewState& state, QWidget* parent, HistoryFollower::Opener open,
                           const BrokerWatch* broker, QSettings* settings)
    : FollowPage(
          state, QStringLiteral("subjects"), tr("Subjects appear here as soon as messages come."),
          std::move(open),
          [this] {
              m_tree = makeTree();
              return std::vector<std::shared_ptr<BatchSink>>{m_tree};
          },
          parent),
      m_broker(broker),
      m_shapes(settings),
      m_tree(std::make_shared<SubjectTree>()),
      m_audience(std::make_shared<AudienceCache>()),
      m_search(new QLineEdit(content())),
      m_count(new QLabel(content())),
      m_wrong(new QLabel(content())),
      m_view(new QTreeView(content())),
      m_noHit(new EmptyState(content(), QStringLiteral("search"))),
      m_export(new TopologyExport(content()))
{
    buildTree();
    m_actions = new SubjectActions(m_view, m_shape, this);
    joinActions();
    auto* column = new QVBoxLayout(content());
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(buildTools());
    column->addWidget(m_wrong);
    column->addWidget(m_view, 1);
    column->addWidget(m_noHit, 1);
    m_noHit->hide();
    connect(&m_model, &SubjectsModel::childrenWanted, this, &SubjectsPage::ask);
    if (m_broker != nullptr)
        connect(m_broker, &BrokerWatch::looked, this, [this] { ask(); });
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
    m_search->setPlaceholderText(tr("Find subjects: paid, orders.*.created, orders.>, /eu|us$/"));
    m_search->setAccessibleName(tr("Find subjects"));
    m_search->setClearButtonEnabled(true);
    m_search->setMaximumWidth(420);
    m_search->setMinimumWidth(220);
    row->addWidget(m_search, 2);
    row->addWidget(m_count);
    for (QAction* action : {m_actions->pin(), m_actions->tokens()}) {
        auto* button = new QToolButton(tools);
        button->setDefaultAction(action);
        row->addWidget(button);
    }
    row->addWidget(m_export);
    connect(m_export, &TopologyExport::told, this, &SubjectsPage::problem);
    row->addStretch(1);
    row->addWidget(note());
    m_wrong->setObjectName(QStringLiteral("subjectSearchWrong"));
    m_wrong->setTextFormat(Qt::PlainText);
    m_wrong->setWordWrap(true);
    m_wrong->setContentsMargins(8, 0, 8, 6);
    m_wrong->setProperty("state", "error");
    m_wrong->hide();
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
    m_view->viewport()->installEventFilter(this);
    QHeaderView* header = m_view->header();
    new ColumnFit(header, kColumns);
    header->setSectionsClickable(true);
    connect(header, &QHeaderView::sectionClicked, this, &SubjectsPage::setSort);
    connect(m_view, &QTreeView::collapsed, &m_model, &SubjectsModel::forgetChildren);
    connect(m_view, &QTreeView::activated, this, &SubjectsPage::narrowTo);
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
    m_isWhole = false;
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
    const QString wanted = m_search->text().trimmed();
    auto match = subjectMatch(wanted);
    m_wrong->setVisible(!match);
    if (!match) {
        m_wrong->setText(QString::fromStdString(match.error().line()));
        return; // what the last search found stays
    }
    m_searched = wanted;
    m_match = std::move(*match);
    m_model.setFlat(!m_searched.isEmpty());
    m_moveNow = true;
    askAnew();
}

void SubjectsPage::narrowTo(const QModelIndex& index)
{
    const QString term = index.data(static_cast<int>(SubjectRole::Term)).toString();
    if (!term.isEmpty())
        emit filterTermRequested(term);
}

std::shared_ptr<SubjectTree> SubjectsPage::makeTree()
{
    m_shape = m_shapes.load(state().history());
    SubjectTree::Options options;
    options.shape = m_shape;
    return std::make_shared<SubjectTree>(options);
}

void SubjectsPage::joinActions()
{
    connect(m_actions, &SubjectActions::filterTermRequested, this, &SubjectsPage::filterTermRequested);
    connect(m_actions, &SubjectActions::pinToggled, this, [this](const QString& path) {
        if (!togglePath(m_shape.pinned, path.toStdString()))
            return emit problem(tr("%1 subjects are pinned already: unpin one").arg(SubjectShapes::kMost));
        m_shapes.save(state().history(), m_shape);
        m_tree->setPinned(m_shape.pinned);
        m_moveNow = true;
        askAnew();
    });
    connect(m_actions, &SubjectActions::splitToggled, this,
            [this](const QString& path) { changeShape(m_shape.split, path); });
    connect(m_actions, &SubjectActions::foldToggled, this,
            [this](const QString& path) { changeShape(m_shape.folded, path); });
}

/// What was merged cannot be taken apart: it is counted anew.
void SubjectsPage::changeShape(std::vector<std::string>& list, const QString& path)
{
    if (!togglePath(list, path.toStdString()))
        return emit problem(tr("%1 places are split or folded already: undo one").arg(SubjectShapes::kMost));
    m_shapes.save(state().history(), m_shape);
    m_reveal = path;
    sinks().beginAnew();
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
                       tr("* stands for one token, > for the rest: orders.*.created, orders.>; between "
                          "slashes stands a regular expression: /^orders\\.(eu|us)/"),
                       {tr("Show all subjects"), [this] { m_search->clear(); }});
}

} // namespace weir
