// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/LatencyPage.h"

#include "ui/models/Figures.h"
#include "ui/models/Format.h"
#include "ui/models/MessageTableModel.h"
#include "ui/models/TimeText.h"
#include "ui/theme/ThemeColors.h"
#include "ui/theme/ThemedIcon.h"
#include "ui/views/ElidedButton.h"
#include "ui/views/FlatTable.h"
#include "ui/views/LatencyDelegate.h"
#include "ui/views/latency/LatencyChart.h"

#include <QButtonGroup>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QMenu>
#include <QSplitter>
#include <QTableView>
#include <QToolButton>

#include <algorithm>
#include <array>
#include <utility>

namespace weir {
namespace {

constexpr int kWidestSlow = 420; // px
// In the order of LatencyColumn; the counts of what has no latency go first where room is short.
const std::vector<ColumnRoom> kColumns{{134, 140, 180},   {84, 104, 120, 4}, {78, 96, 116},
                                       {78, 96, 116, 1},  {78, 96, 116},     {78, 96, 116, 2},
                                       {96, 116, 132, 6}, {90, 110, 124, 5}, {120, 200, 640, 3}};

/// All of the range is kept, in steps that its chart can show.
LatencyTracker::Options optionsFor(const TimeRange& range)
{
    const Nanoseconds length = range.live ? range.span : range.to - range.from;
    LatencyTracker::Options options;
    options.sumWidth = length <= std::chrono::hours(1) ? kSecondSlot : kMinuteSlot;
    options.keepFor = std::max(options.keepFor, length + std::chrono::hours(12));
    return options;
}

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

/// What the tracker answered, made on a thread of the pool.
struct LatencyPage::Answer
{
    std::vector<PopLatency> pops;
    Timestamp from = kNoTime;
    Timestamp to = kNoTime;
    Timestamp keptFrom = kNoTime;
};

LatencyPage::LatencyPage(ViewState& state, QWidget* parent, HistoryFollower::Opener open)
    : FollowPage(
          state, QStringLiteral("latency"), tr("Latency appears here as soon as messages come."), open,
          [this, &state] {
              m_tracker = std::make_shared<LatencyTracker>(optionsFor(state.range()));
              return std::vector<std::shared_ptr<BatchSink>>{m_tracker};
          },
          parent),
      m_tracker(std::make_shared<LatencyTracker>()),
      m_past(state, open),
      m_showButtons(new QButtonGroup(this)),
      m_scale(new QToolButton(content())),
      m_slow(new ElidedButton(kWidestSlow, content())),
      m_chart(new LatencyChart(content())),
      m_table(new QTableView(content()))
{
    buildTable();
    auto* split = new QSplitter(Qt::Vertical, content());
    split->addWidget(m_chart);
    split->addWidget(m_table);
    split->setStretchFactor(0, 3);
    split->setStretchFactor(1, 2);
    split->setSizes({480, 300});
    split->setChildrenCollapsible(false);
    auto* column = new QVBoxLayout(content());
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(buildTools());
    column->addWidget(split, 1);
    connect(m_chart, &LatencyChart::hovered, this, &LatencyPage::readOut);
    connect(m_chart, &LatencyChart::clicked, this, &LatencyPage::choose);
    connect(&m_past, &PastLatency::changed, this, [this] {
        m_model.setEarlier(m_past.figures());
        showSlow();
    });
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
    auto* tools = new QWidget(content());
    auto* row = new QHBoxLayout(tools);
    row->setContentsMargins(8, 6, 8, 6);
    row->setSpacing(4);
    const std::array<std::pair<Measure, QString>, 4> choices{{{Measure::P50, tr("p50")},
                                                              {Measure::P90, tr("p90")},
                                                              {Measure::P99, tr("p99")},
                                                              {Measure::All, tr("All of one PoP")}}};
    for (const auto& [measure, text] : choices) {
        auto* button = new QToolButton(tools);
        button->setText(text);
        button->setCheckable(true);
        button->setChecked(measure == m_measure);
        m_showButtons->addButton(button, static_cast<int>(measure));
        row->addWidget(button);
    }
    connect(m_showButtons, &QButtonGroup::idClicked, this,
            [this](int id) { setMeasure(static_cast<Measure>(id)); });
    m_scale->setText(tr("Logarithmic"));
    m_scale->setCheckable(true);
    m_scale->setChecked(true);
    m_scale->setToolTip(tr("Equal steps up mean ten times slower"));
    connect(m_scale, &QToolButton::toggled, m_chart, &LatencyChart::setLogarithmic);
    row->addSpacing(8);
    row->addWidget(m_scale);
    row->addSpacing(12);
    m_slow->setObjectName(QStringLiteral("latencySlow"));
    m_slow->setProperty("state", QStringLiteral("warning"));
    m_slow->hide();
    connect(m_slow, &QToolButton::clicked, this, [this] {
        if (!m_model.slow().empty())
            choose(QString::fromStdString(m_model.slow().front().name));
    });
    row->addWidget(m_slow);
    row->addStretch(1);
    row->addWidget(note());
    return tools;
}

void LatencyPage::buildTable()
{
    m_table->setObjectName(QStringLiteral("latencyTable"));
    m_table->setAccessibleName(tr("Latency per PoP"));
    m_table->setModel(&m_model);
    m_table->setItemDelegate(new LatencyDelegate(m_table));
    makeFlat(*m_table, kColumns);
    connect(m_table->horizontalHeader(), &QHeaderView::sectionClicked, &m_model,
            &LatencyTableModel::sortByHeader);
    connect(m_table->selectionModel(), &QItemSelectionModel::currentRowChanged, this, [this] { draw(); });
    const auto narrow = [this](const QString& name) {
        if (!name.isEmpty() && !name.contains(QLatin1Char(' '))) // "no PoP", "other PoPs" are no PoP's code
            emit filterTermRequested(filterTerm(QStringLiteral("pop"), name));
    };
    const auto nameAt = [](const QModelIndex& index) {
        return index.data(static_cast<int>(LatencyRole::Name)).toString();
    };
    connect(m_table, &QTableView::activated, this,
            [narrow, nameAt](const QModelIndex& index) { narrow(nameAt(index)); });
    connect(m_table, &QWidget::customContextMenuRequested, this, [this, narrow, nameAt](const QPoint& point) {
        const QModelIndex index = m_table->indexAt(point);
        if (!index.isValid())
            return;
        const QString name = nameAt(index); // rows move while the menu is open
        QMenu menu(this);
        menu.addAction(tr("Show only messages of %1").arg(name), this, [narrow, name] { narrow(name); });
        menu.exec(m_table->viewport()->mapToGlobal(point));
    });
}

void LatencyPage::startOver()
{
    m_model.clear();
    m_chart->setGaps({});
    m_keptFrom = kNoTime;
    showSlow();
}

LatencyPage::Question LatencyPage::question()
{
    const auto [from, to] = sinks().bounds();
    return [this, from = from, to = to, tracker = m_tracker, points = m_chart->sensiblePoints()]() -> Show {
        auto answer = std::make_shared<Answer>(
            Answer{tracker->series(from, to, points), from, to, tracker->keptFrom()});
        return [this, answer] { take(std::move(*answer)); };
    };
}

void LatencyPage::take(Answer answer)
{
    if (!hasAll())
        return;
    m_from = answer.from;
    m_to = answer.to;
    m_keptFrom = answer.keptFrom;
    m_model.setPops(std::move(answer.pops));
    std::vector<Gap> gaps = sinks().gaps();
    if (sinks().status().unknownTo == kNoTime) // what has expired is among the figures
        std::erase_if(gaps, [](const Gap& gap) { return gap.cause == GapCause::Expired; });
    m_chart->setGaps(std::move(gaps));
    showSlow();
    showItem(m_wanted);
    draw();
}

void LatencyPage::showItem(const QString& item)
{
    m_wanted = item;
    if (!m_wanted.isEmpty() && m_model.rowOf(m_wanted) >= 0)
        choose(std::exchange(m_wanted, {}));
}

QString LatencyPage::remark() const
{
    if (m_keptFrom == kNoTime || m_keptFrom <= m_from)
        return FollowPage::remark();
    return tr("From %1 on: older figures are not kept").arg(clockText(m_keptFrom, true));
}

/// One line says which PoP needs a look, and how it is known.
void LatencyPage::showSlow()
{
    const auto& slow = m_model.slow();
    m_slow->setVisible(!slow.empty());
    if (slow.empty())
        return;
    const SlowPop& worst = slow.front();
    const QString name = QString::fromStdString(worst.name);
    const QString who = slow.size() == 1 ? tr("%1 is slow").arg(name)
                                         : tr("%1 and %2 more are slow").arg(name).arg(slow.size() - 1);
    m_slow->setFullText(tr("%1: %2 %3, %4 × the median of %5 PoPs")
                            .arg(who, percentileName(worst.which), formatLatency(worst.figure))
                            .arg(worst.times, 0, 'f', 0)
                            .arg(worst.compared) +
                        pastText(worst));
    m_slow->setIcon(themedIcon(QStringLiteral("warning"), ThemeColors::of(palette()).warning));
    m_slow->setToolTip(m_slow->fullText() + QLatin1Char('\n') + slowMeaning(worst));
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
        if (m_measure != Measure::All) {
            const auto which = static_cast<Percentile>(m_measure);
            lines.push_back(lineOf(one, which, m_model.styleOf(name)));
            lines.back().strong = m_model.isSlow(name);
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
    const std::array<QString, 4> measures{tr("p50 latency per PoP"), tr("p90 latency per PoP"),
                                          tr("p99 latency per PoP"), tr("Latency")};
    m_chart->setMeasure(measures[static_cast<std::size_t>(m_measure)]);
    m_chart->setHighlight(m_measure == Measure::All ? QString() : chosen());
    m_chart->setLines(lines(), m_from, m_to);
}

void LatencyPage::setMeasure(Measure measure)
{
    m_measure = measure;
    if (measure != Measure::All)
        m_model.setPercentile(static_cast<Percentile>(measure));
    showSlow();
    draw();
}

void LatencyPage::choose(const QString& pop)
{
    const int row = m_model.rowOf(pop);
    if (row >= 0)
        m_table->selectRow(row);
    else if (m_measure != Measure::All)
        m_table->selectionModel()->clear();
    draw();
}

void LatencyPage::readOut(const QString& name, Timestamp time)
{
    const int row = m_model.rowOf(m_measure == Measure::All ? name.section(QLatin1Char(' '), 0, -2) : name);
    m_chart->setReadOut({});
    if (row < 0)
        return;
    const auto& points = m_model.pops()[static_cast<std::size_t>(row)].points;
    const auto after =
        std::upper_bound(points.begin(), points.end(), time,
                         [](Timestamp t, const LatencyPoint& point) { return t < point.time; });
    if (after == points.begin())
        return;
    const LatencyPoint& point = *std::prev(after);
    m_chart->setReadOut(tr("%1 at %2, %3: p50 %4, p90 %5, p99 %6, %7 messages")
                            .arg(QString::fromStdString(m_model.pops()[static_cast<std::size_t>(row)].name),
                                 clockText(point.time), spanText(point.width), formatLatency(point.p50),
                                 formatLatency(point.p90), formatLatency(point.p99), fullCount(point.count)));
}

} // namespace weir
