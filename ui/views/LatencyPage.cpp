// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/LatencyPage.h"

#include "ui/models/Figures.h"
#include "ui/models/Format.h"
#include "ui/models/MessageTableModel.h"
#include "ui/models/TimeText.h"
#include "ui/models/ViewState.h"
#include "ui/theme/Theme.h"
#include "ui/views/EmptyState.h"
#include "ui/views/LatencyDelegate.h"
#include "ui/views/latency/LatencyChart.h"

#include <QButtonGroup>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QMenu>
#include <QSplitter>
#include <QStackedLayout>
#include <QTableView>
#include <QToolButton>

#include <algorithm>
#include <array>

namespace weir {
namespace {

constexpr std::chrono::milliseconds kEvery{500}; // points are whole seconds: twice a second is enough

double millis(Nanoseconds latency)
{
    return static_cast<double>(latency.count()) / 1e6;
}

/// A PoP's points as a line, at the middle of their stretch; broken where more than two stretches are
/// missing.
LatencyLine lineOf(const PopLatency& pop, Percentile which, int style)
{
    LatencyLine line;
    line.name = QString::fromStdString(pop.name);
    line.style = style;
    Timestamp expected = kNoTime;
    for (const LatencyPoint& point : pop.points) {
        if (point.count == 0)
            continue;
        if (expected == kNoTime || point.time > expected + 2 * point.width)
            line.pieces.emplace_back();
        expected = point.time + point.width;
        const Timestamp middle = point.time + point.width / 2;
        line.pieces.back().emplace_back(static_cast<double>(toUnixNanos(middle)) / 1e9,
                                        std::max(0.01, millis(figureOf(point, which))));
    }
    return line;
}

} // namespace

LatencyPage::LatencyPage(ViewState& state, QWidget* parent, HistoryFollower::Opener open)
    : Page(parent),
      m_state(state),
      m_tracker(std::make_shared<LatencyTracker>()),
      m_sinks(state, std::move(open),
              [this] {
                  m_tracker = std::make_shared<LatencyTracker>();
                  return std::vector<std::shared_ptr<BatchSink>>{m_tracker};
              }),
      m_layout(new QStackedLayout(this)),
      m_empty(new EmptyState(this)),
      m_content(new QWidget(this)),
      m_showButtons(new QButtonGroup(this)),
      m_scale(new QToolButton(m_content)),
      m_readOut(new QLabel(m_content)),
      m_note(new QLabel(m_content)),
      m_chart(new LatencyChart(m_content)),
      m_table(new QTableView(m_content))
{
    buildTable();
    auto* split = new QSplitter(Qt::Vertical, m_content);
    split->addWidget(m_chart);
    split->addWidget(m_table);
    split->setStretchFactor(0, 3);
    split->setStretchFactor(1, 2);
    split->setSizes({480, 300});
    split->setChildrenCollapsible(false);
    auto* column = new QVBoxLayout(m_content);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(buildTools());
    column->addWidget(split, 1);
    m_layout->addWidget(m_empty);
    m_layout->addWidget(m_content);
    connect(&m_sinks, &FollowedSinks::restarted, this, &LatencyPage::startOver);
    connect(&m_sinks, &FollowedSinks::changed, this, [this] {
        if (!m_answered)
            ask();
    });
    connect(&m_clockTick, &QTimer::timeout, this, &LatencyPage::ask);
    connect(m_chart, &LatencyChart::hovered, this, &LatencyPage::readOut);
    connect(m_chart, &LatencyChart::clicked, this, &LatencyPage::choose);
    m_clockTick.start(kEvery);
    showState();
}

LatencyPage::~LatencyPage() = default;

QString LatencyPage::title() const
{
    return tr("Latency");
}

QString LatencyPage::iconName() const
{
    return QStringLiteral(":/icons/latency.svg");
}

QWidget* LatencyPage::buildTools()
{
    auto* tools = new QWidget(m_content);
    auto* row = new QHBoxLayout(tools);
    row->setContentsMargins(8, 6, 8, 6);
    row->setSpacing(4);
    const std::array<std::pair<Show, QString>, 4> choices{{{Show::P50, tr("p50")},
                                                           {Show::P90, tr("p90")},
                                                           {Show::P99, tr("p99")},
                                                           {Show::All, tr("All of one PoP")}}};
    for (const auto& [show, text] : choices) {
        auto* button = new QToolButton(tools);
        button->setText(text);
        button->setCheckable(true);
        button->setChecked(show == m_show);
        m_showButtons->addButton(button, static_cast<int>(show));
        row->addWidget(button);
    }
    connect(m_showButtons, &QButtonGroup::idClicked, this,
            [this](int id) { setShow(static_cast<Show>(id)); });
    m_scale->setText(tr("Logarithmic"));
    m_scale->setCheckable(true);
    m_scale->setChecked(true);
    m_scale->setToolTip(tr("Equal steps up mean ten times slower"));
    connect(m_scale, &QToolButton::toggled, m_chart, &LatencyChart::setLogarithmic);
    row->addSpacing(8);
    row->addWidget(m_scale);
    row->addSpacing(12);
    m_readOut->setObjectName(QStringLiteral("latencyReadOut"));
    row->addWidget(m_readOut, 1);
    row->addWidget(m_note);
    return tools;
}

void LatencyPage::buildTable()
{
    m_table->setObjectName(QStringLiteral("latencyTable"));
    m_table->setAccessibleName(tr("Latency per PoP"));
    m_table->setModel(&m_model);
    m_table->setItemDelegate(new LatencyDelegate(m_table));
    m_table->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_table->setSelectionMode(QAbstractItemView::SingleSelection);
    m_table->setShowGrid(false);
    m_table->setTabKeyNavigation(false);
    m_table->verticalHeader()->hide();
    m_table->verticalHeader()->setSectionResizeMode(QHeaderView::Fixed);
    m_table->verticalHeader()->setDefaultSectionSize(Theme::rowHeight());
    m_table->horizontalHeader()->setHighlightSections(false);
    m_table->horizontalHeader()->setSectionResizeMode(QHeaderView::Stretch);
    m_table->horizontalHeader()->setSectionsClickable(true);
    connect(m_table->horizontalHeader(), &QHeaderView::sectionClicked, &m_model,
            &LatencyTableModel::sortByHeader);
    m_table->setContextMenuPolicy(Qt::CustomContextMenu);
    connect(m_table->selectionModel(), &QItemSelectionModel::currentRowChanged, this, [this] { draw(); });
    const auto narrow = [this](const QModelIndex& index) {
        const QString name = index.data(static_cast<int>(LatencyRole::Name)).toString();
        if (!name.isEmpty() && !name.contains(QLatin1Char(' '))) // "no PoP", "other PoPs" are no PoP's code
            emit filterTermRequested(filterTerm(QStringLiteral("pop"), name));
    };
    connect(m_table, &QTableView::activated, this, narrow);
    connect(m_table, &QWidget::customContextMenuRequested, this, [this, narrow](const QPoint& point) {
        const QModelIndex index = m_table->indexAt(point);
        if (!index.isValid())
            return;
        QMenu menu(this);
        menu.addAction(
            tr("Show only messages of %1").arg(index.data(static_cast<int>(LatencyRole::Name)).toString()),
            this, [narrow, index] { narrow(index); });
        menu.exec(m_table->viewport()->mapToGlobal(point));
    });
}

void LatencyPage::showEvent(QShowEvent* event)
{
    Page::showEvent(event);
    ask();
}

void LatencyPage::startOver()
{
    ++m_generation;
    m_asked = false;
    m_answered = false;
    m_model.clear();
    m_chart->setGaps({});
    showState();
    ask();
}

/// Lets the tracker merge its histograms off the gui thread; one question at a time.
void LatencyPage::ask()
{
    if (!m_sinks.hasHistory() || !isVisible())
        return;
    if (m_asked) {
        m_again = true;
        return;
    }
    m_asked = true;
    m_again = false;
    const auto [from, to] = m_sinks.bounds();
    m_pool.start([this, from = from, to = to, tracker = m_tracker, points = m_chart->sensiblePoints(),
                  generation = m_generation] {
        auto pops = tracker->series(from, to, points);
        QMetaObject::invokeMethod(
            this,
            [this, pops = std::move(pops), from, to, generation]() mutable {
                if (generation == m_generation)
                    take(std::move(pops), from, to);
            },
            Qt::QueuedConnection);
    });
}

void LatencyPage::take(std::vector<PopLatency> pops, Timestamp from, Timestamp to)
{
    m_asked = false;
    m_answered = true;
    m_from = from;
    m_to = to;
    m_model.setPops(std::move(pops));
    m_chart->setGaps(m_sinks.gaps());
    draw();
    showState();
    if (m_again)
        ask();
}

QString LatencyPage::chosen() const
{
    return m_table->currentIndex().data(static_cast<int>(LatencyRole::Name)).toString();
}

std::vector<LatencyLine> LatencyPage::lines() const
{
    std::vector<LatencyLine> lines;
    const QString pop = chosen();
    for (const PopLatency& one : m_model.pops()) {
        const QString name = QString::fromStdString(one.name);
        if (m_show != Show::All) {
            const auto which = static_cast<Percentile>(m_show);
            lines.push_back(lineOf(one, which, m_model.styleOf(name)));
        } else if (name == pop || (pop.isEmpty() && lines.empty())) {
            for (const Percentile which : {Percentile::P50, Percentile::P90, Percentile::P99}) {
                lines.push_back(lineOf(one, which, static_cast<int>(which) * 2));
                lines.back().name = QStringLiteral("%1 %2").arg(name, which == Percentile::P50   ? tr("p50")
                                                                      : which == Percentile::P90 ? tr("p90")
                                                                                                 : tr("p99"));
            }
        }
    }
    return lines;
}

void LatencyPage::draw()
{
    if (m_from == kNoTime)
        return;
    const std::array<QString, 4> measures{tr("p50"), tr("p90"), tr("p99"), tr("latency")};
    m_chart->setMeasure(measures[static_cast<std::size_t>(m_show)]);
    m_chart->setHighlight(m_show == Show::All ? QString() : chosen());
    m_chart->setLines(lines(), m_from, m_to);
}

void LatencyPage::setShow(Show show)
{
    m_show = show;
    if (show != Show::All)
        m_model.setPercentile(static_cast<Percentile>(show));
    draw();
}

void LatencyPage::choose(const QString& pop)
{
    const int row = m_model.rowOf(pop);
    if (row >= 0)
        m_table->selectRow(row);
    else if (m_show != Show::All)
        m_table->selectionModel()->clear();
    draw();
}

void LatencyPage::readOut(const QString& name, Timestamp time)
{
    const int row = m_model.rowOf(m_show == Show::All ? name.section(QLatin1Char(' '), 0, -2) : name);
    m_readOut->clear();
    if (row < 0)
        return;
    const auto& points = m_model.pops()[static_cast<std::size_t>(row)].points;
    const auto after =
        std::upper_bound(points.begin(), points.end(), time,
                         [](Timestamp t, const LatencyPoint& point) { return t < point.time; });
    if (after == points.begin())
        return;
    const LatencyPoint& point = *std::prev(after);
    m_readOut->setText(tr("%1 at %2, %3: p50 %4, p90 %5, p99 %6, %7 messages")
                           .arg(QString::fromStdString(m_model.pops()[static_cast<std::size_t>(row)].name),
                                clockText(point.time), spanText(point.width), formatLatency(point.p50),
                                formatLatency(point.p90), formatLatency(point.p99), fullCount(point.count)));
}

void LatencyPage::showState()
{
    const FollowStatus status = m_sinks.status();
    const bool any = m_model.rowCount() > 0;
    m_layout->setCurrentWidget(any ? m_content : static_cast<QWidget*>(m_empty));
    m_note->setText(status.error ? tr("Not up to date: %1").arg(QString::fromStdString(status.error->why))
                                 : m_sinks.progressText());
    if (any)
        return;
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
                           m_state.range().live ? tr("Latency appears here as soon as messages come.")
                                                : tr("Choose another range, or go live."));
}

} // namespace weir
