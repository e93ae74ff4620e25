// SPDX-License-Identifier: GPL-3.0-or-later
// What the cells of the message table say: the other half of MessageTableModel.
#include "core/envelope/Names.h"
#include "ui/models/Figures.h"
#include "ui/models/Format.h"
#include "ui/models/MessageTableModel.h"
#include "ui/models/TimeText.h"

#include <QRegularExpression>

namespace weir {
namespace {

QString lines(std::initializer_list<QString> parts)
{
    QStringList kept;
    for (const QString& part : parts) {
        if (!part.isEmpty())
            kept << part.toHtmlEscaped();
    }
    return QStringLiteral("<p>%1</p>").arg(kept.join(QStringLiteral("<br>")));
}

} // namespace

QString filterTerm(const QString& field, const QString& value)
{
    static const QRegularExpression plain(QStringLiteral("^[A-Za-z0-9_.*>$/@+-]+$"));
    if (plain.match(value).hasMatch())
        return field + QLatin1Char(':') + value;
    QString quoted = value;
    quoted.replace(QLatin1Char('\\'), QLatin1String("\\\\")).replace(QLatin1Char('"'), QLatin1String("\\\""));
    return field + QStringLiteral(":\"") + quoted + QLatin1Char('"');
}

QVariant MessageTableModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || section < 0 || section >= kMessageColumns)
        return {};
    const auto column = static_cast<MessageColumn>(section);
    const bool right = column == MessageColumn::Latency || column == MessageColumn::Size;
    if (role == Qt::TextAlignmentRole)
        return QVariant(Qt::AlignVCenter | (right ? Qt::AlignRight : Qt::AlignLeft));
    if (role != Qt::DisplayRole)
        return {};
    switch (column) {
    case MessageColumn::Time:
        return tr("Time (UTC)");
    case MessageColumn::Subject:
        return tr("Subject");
    case MessageColumn::Pop:
        return tr("PoP");
    case MessageColumn::Worker:
        return tr("Worker");
    case MessageColumn::Identity:
        return tr("Identity");
    case MessageColumn::Latency:
        return tr("Latency");
    case MessageColumn::Size:
        return tr("Size");
    }
    return {};
}

QVariant MessageTableModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const auto column = static_cast<MessageColumn>(index.column());
    const RowMap::Place place = m_map.at(static_cast<std::size_t>(index.row()));
    if (place.gap) {
        const bool asText = role == static_cast<int>(MessageRole::SpanText) || role == Qt::ToolTipRole ||
                            (role == Qt::DisplayRole && index.column() == 0);
        return asText ? QVariant(describeGap(place.gap->gap, place.gap->merged)) : QVariant();
    }
    if (role == static_cast<int>(MessageRole::Seq))
        return QVariant::fromValue(static_cast<quint64>(place.seq));
    const MessageRow* row = m_rows.find(place.seq);
    if (role == static_cast<int>(MessageRole::Loading))
        return row == nullptr;
    if (!row || row->unreadable) {
        const bool muted = role == static_cast<int>(MessageRole::Muted);
        if (muted)
            return true;
        if (role == Qt::DisplayRole && row && column == MessageColumn::Subject)
            return tr("cannot be read: its block in the history is damaged");
        return role == Qt::DisplayRole && column == MessageColumn::Time ? QVariant(QStringLiteral("…"))
                                                                        : QVariant();
    }
    switch (role) {
    case Qt::DisplayRole:
    case Qt::AccessibleTextRole:
        return text(*row, column);
    case Qt::ToolTipRole:
        return toolTip(*row, column);
    case Qt::TextAlignmentRole:
        return headerData(index.column(), Qt::Horizontal, role);
    case static_cast<int>(MessageRole::EvidenceLevel):
        return column == MessageColumn::Identity ? QVariant(static_cast<int>(evidence(*row))) : QVariant();
    case static_cast<int>(MessageRole::Muted):
        return column == MessageColumn::Latency && row->latency() < Nanoseconds::zero();
    default:
        return {};
    }
}

QVariant MessageTableModel::text(const MessageRow& row, MessageColumn column) const
{
    switch (column) {
    case MessageColumn::Time:
        return clockText(row.time, false, true);
    case MessageColumn::Subject:
        return m_names ? escaped(m_names->subjects.name(row.subject), 512) : QString();
    case MessageColumn::Pop:
        return m_names ? escaped(m_names->pops.name(row.pop), 64) : QString();
    case MessageColumn::Worker:
        return m_names ? escaped(m_names->workers.name(row.worker), 256) : QString();
    case MessageColumn::Identity:
        return escaped(identity(row.identity).name, 256);
    case MessageColumn::Latency:
        return formatLatency(row.latency());
    case MessageColumn::Size:
        return shortBytes(static_cast<double>(row.size));
    }
    return {};
}

QVariant MessageTableModel::toolTip(const MessageRow& row, MessageColumn column) const
{
    switch (column) {
    case MessageColumn::Time:
        return lines(
            {formatMoment(row.time), formatLocal(row.time), tr("Message %1").arg(fullCount(row.seq))});
    case MessageColumn::Identity: {
        const Identity& who = identity(row.identity);
        return lines({escaped(who.name, 256), evidenceMeaning(who, evidence(row), row.time),
                      escaped(who.proof, 512),
                      who.issuer.empty() ? QString() : tr("Issuer: %1").arg(escaped(who.issuer, 256))});
    }
    case MessageColumn::Latency:
        if (row.sent == kNoTime)
            return tr("The message does not say when it was sent.");
        if (row.latency() < Nanoseconds::zero())
            return lines({tr("Its sender's clock is ahead of ours by at least %1.")
                              .arg(QString::fromStdString(formatDuration(-row.latency()))),
                          tr("Sent %1").arg(formatMoment(row.sent))});
        return lines({tr("From sent to received"), tr("Sent %1").arg(formatMoment(row.sent)),
                      tr("Received %1").arg(formatMoment(row.time))});
    case MessageColumn::Size:
        return tr("%1 bytes, headers and payload").arg(fullCount(row.size));
    case MessageColumn::Subject:
    case MessageColumn::Pop:
    case MessageColumn::Worker:
        return text(row, column);
    }
    return {};
}

QString MessageTableModel::termFor(const QModelIndex& index) const
{
    const MessageRow* row = index.isValid() ? rowAt(index.row()) : nullptr;
    if (!row || row->unreadable || !m_names)
        return {};
    const auto term = [](const char* field, std::string_view value) {
        return value.empty() ? QString() : filterTerm(QLatin1String(field), toText(value));
    };
    switch (static_cast<MessageColumn>(index.column())) {
    case MessageColumn::Subject:
        return term("subject", m_names->subjects.name(row->subject));
    case MessageColumn::Pop:
        return term("pop", m_names->pops.name(row->pop));
    case MessageColumn::Worker:
        return term("worker", m_names->workers.name(row->worker));
    case MessageColumn::Identity:
        return term("identity", identity(row->identity).name);
    case MessageColumn::Time:
    case MessageColumn::Latency:
    case MessageColumn::Size:
        break;
    }
    return {};
}

} // namespace weir
