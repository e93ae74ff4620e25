// SPDX-License-Identifier: GPL-3.0-or-later
// What the latency table's headers and cells say.
#include "ui/models/Figures.h"
#include "ui/models/Format.h"
#include "ui/models/LatencyTableModel.h"

#include <array>
#include <optional>

namespace weir {
namespace {

std::optional<Percentile> percentileOf(LatencyColumn column)
{
    return column == LatencyColumn::P50   ? std::optional(Percentile::P50)
           : column == LatencyColumn::P90 ? std::optional(Percentile::P90)
           : column == LatencyColumn::P99 ? std::optional(Percentile::P99)
                                          : std::nullopt;
}

bool isFew(const LatencyFigures& figures, LatencyColumn column)
{
    const auto which = percentileOf(column);
    return which && standsOnFew(figures, *which);
}

QString agoText(Nanoseconds before, bool first = false)
{
    const bool hour = before < std::chrono::hours(24);
    const bool week = before > std::chrono::hours(24);
    return hour ? (first ? LatencyTableModel::tr("An hour before,") : LatencyTableModel::tr("an hour before"))
           : week ? (first ? LatencyTableModel::tr("A week before,") : LatencyTableModel::tr("a week before"))
           : first ? LatencyTableModel::tr("A day before,")
                   : LatencyTableModel::tr("a day before");
}

} // namespace

QString percentileName(Percentile which)
{
    static const std::array<const char*, 3> kNames{QT_TRANSLATE_NOOP("weir::LatencyTableModel", "p50"),
                                                   QT_TRANSLATE_NOOP("weir::LatencyTableModel", "p90"),
                                                   QT_TRANSLATE_NOOP("weir::LatencyTableModel", "p99")};
    return LatencyTableModel::tr(kNames[static_cast<std::size_t>(which)]);
}

QString pastText(const SlowPop& slow)
{
    return slow.past ? LatencyTableModel::tr(", %1 × %2")
                           .arg(slow.past->times, 0, 'f', slow.past->times < 9.5 ? 1 : 0)
                           .arg(agoText(slow.past->before))
                     : QString();
}

QString slowMeaning(const SlowPop& slow)
{
    const QString others =
        LatencyTableModel::tr("over the whole time range its %1 is %2, the median of %3 PoPs "
                              "is %4")
            .arg(percentileName(slow.which), formatLatency(slow.figure), fullCount(slow.compared),
                 formatLatency(slow.median));
    if (!slow.past)
        return LatencyTableModel::tr("Slow against the other PoPs, not against its own past: %1.")
            .arg(others);
    return LatencyTableModel::tr("Slow against the other PoPs: %1. %2 its own was %3.")
        .arg(others, agoText(slow.past->before, true), formatLatency(slow.past->figure));
}

QVariant LatencyTableModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    static const std::array<const char*, kLatencyColumns> kTitles{
        QT_TR_NOOP("PoP"),          QT_TR_NOOP("Messages"),   QT_TR_NOOP("p50"),
        QT_TR_NOOP("p90"),          QT_TR_NOOP("p99"),        QT_TR_NOOP("Max"),
        QT_TR_NOOP("No sent time"), QT_TR_NOOP("Clock skew"), QT_TR_NOOP("p50 to max")};
    static const std::array<const char*, kLatencyColumns> kMeanings{
        QT_TR_NOOP("Point of presence that the message says it came through"),
        QT_TR_NOOP("All messages in the range"),
        QT_TR_NOOP("Half of the messages were faster than this"),
        QT_TR_NOOP("Nine of ten messages were faster than this"),
        QT_TR_NOOP("99 of 100 messages were faster than this"),
        QT_TR_NOOP("The slowest message"),
        QT_TR_NOOP("Messages that do not say when they were sent; they are in no percentile"),
        QT_TR_NOOP("Messages whose sender's clock is ahead of ours; they are in no percentile"),
        QT_TR_NOOP("From p50 (start of the bar) over p90 and p99 (its fainter part) to the slowest message, "
                   "on one logarithmic scale for all PoPs")};
    if (orientation != Qt::Horizontal || section < 0 || section >= kLatencyColumns)
        return {};
    if (role == Qt::DisplayRole && section == static_cast<int>(m_sortColumn))
        return tr(kTitles[static_cast<std::size_t>(section)]) +
               (m_sortOrder == Qt::AscendingOrder ? QStringLiteral(" \u25b4") : QStringLiteral(" \u25be"));
    if (role == Qt::DisplayRole)
        return tr(kTitles[static_cast<std::size_t>(section)]);
    if (role == Qt::ToolTipRole)
        return tr(kMeanings[static_cast<std::size_t>(section)]);
    if (role == Qt::TextAlignmentRole)
        return QVariant(Qt::AlignVCenter | (section == 0 || section == static_cast<int>(LatencyColumn::Spread)
                                                ? Qt::AlignLeft
                                                : Qt::AlignRight));
    return {};
}

QVariant LatencyTableModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const PopLatency& pop = m_pops[static_cast<std::size_t>(index.row())];
    const auto column = static_cast<LatencyColumn>(index.column());
    switch (role) {
    case Qt::DisplayRole:
        return text(pop, column);
    case Qt::ToolTipRole:
        return toolTip(pop, column);
    case Qt::TextAlignmentRole:
        return headerData(index.column(), Qt::Horizontal, role);
    case static_cast<int>(LatencyRole::Name):
        return QString::fromStdString(pop.name);
    case static_cast<int>(LatencyRole::Style):
        return styleOf(QString::fromStdString(pop.name));
    case static_cast<int>(LatencyRole::Few):
        return isFew(pop.summary, column);
    case static_cast<int>(LatencyRole::Slow):
        return slowOf(pop) ? slowOf(pop)->times : 0.0;
    case static_cast<int>(LatencyRole::Judged):
        return slowOf(pop) && percentileOf(column) == slowOf(pop)->which;
    case static_cast<int>(LatencyRole::Spread):
        return QVariant::fromValue(spreadOf(pop.summary));
    case Qt::AccessibleTextRole:
        return column == LatencyColumn::Pop && slowOf(pop)
                   ? tr("%1, slow").arg(QString::fromStdString(pop.name))
                   : text(pop, column);
    default:
        return {};
    }
}

QString LatencyTableModel::text(const PopLatency& pop, LatencyColumn column) const
{
    switch (column) {
    case LatencyColumn::Pop:
        return QString::fromStdString(pop.name);
    case LatencyColumn::Messages:
        return fullCount(messagesOf(pop.summary));
    case LatencyColumn::P50:
        return formatLatency(pop.summary.p50);
    case LatencyColumn::P90:
        return formatLatency(pop.summary.p90);
    case LatencyColumn::P99:
        return formatLatency(pop.summary.p99);
    case LatencyColumn::Max:
        return formatLatency(pop.summary.max);
    case LatencyColumn::Unknown:
        return fullCount(pop.summary.unknown);
    case LatencyColumn::Skewed:
        return pop.summary.doubtsClock() ? tr("suspected") : fullCount(pop.summary.skewed);
    case LatencyColumn::Spread:
        return {}; // drawn
    }
    return {};
}

QString LatencyTableModel::toolTip(const PopLatency& pop, LatencyColumn column) const
{
    if (pop.summary.count == 0 && column != LatencyColumn::Pop)
        return tr("None of its messages says when it was sent by a clock that agrees with ours.");
    if (pop.summary.doubtsClock())
        return tr("None of its messages took less than %1: its clock is probably behind, or old messages of "
                  "a "
                  "stream are read.")
            .arg(formatLatency(pop.summary.min));
    if (const SlowPop* slow = slowOf(pop); slow && column == LatencyColumn::Pop)
        return slowMeaning(*slow);
    if (isFew(pop.summary, column))
        return tr("From %1 messages only: take it as a hint.").arg(fullCount(pop.summary.count));
    return headerData(static_cast<int>(column), Qt::Horizontal, Qt::ToolTipRole).toString();
}

} // namespace weir
