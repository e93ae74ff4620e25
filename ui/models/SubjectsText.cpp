// SPDX-License-Identifier: GPL-3.0-or-later
// What the rows of the subject tree say: the other half of SubjectsModel.
#include "ui/models/Figures.h"
#include "ui/models/Format.h"
#include "ui/models/MessageTableModel.h"
#include "ui/models/SubjectItem.h"
#include "ui/models/TimeText.h"

#include <algorithm>
#include <array>
#include <chrono>

namespace weir {
namespace {

const QString kStar = QStringLiteral("\u2605 "); // of what is pinned

QString listenerText(const SubjectAudience::Listener& listener)
{
    const QString what = listener.kind == SubjectAudience::Kind::Client ? SubjectsModel::tr("client")
                         : listener.kind == SubjectAudience::Kind::QueueGroup
                             ? SubjectsModel::tr("queue group")
                             : SubjectsModel::tr("stream");
    return SubjectsModel::tr("%1 %2 of account %3")
        .arg(what, escaped(listener.name, 200), escaped(listener.account, 100));
}

} // namespace

void SubjectsModel::Item::update(const SubjectNode& next)
{
    const bool grew = node.count > 0 && next.count > node.count && next.bytes >= node.bytes;
    if (grew)
        meanSize =
            static_cast<double>(next.bytes - node.bytes) / static_cast<double>(next.count - node.count);
    else if (next.count > 0 && meanSize <= 0)
        meanSize = static_cast<double>(next.bytes) / static_cast<double>(next.count);
    node = next;
}

QString subjectTerm(const SubjectNode& node)
{
    if (node.path.empty())
        return {};
    const QString path = QString::fromStdString(node.path);
    if (node.children == 0)
        return filterTerm(QStringLiteral("subject"), path);
    const QString below = path + QStringLiteral(".>");
    if (node.own == 0)
        return filterTerm(QStringLiteral("subject"), below);
    const QString both = filterTerm(QStringLiteral("subject"), path);
    return both + QLatin1Char(',') + filterTerm(QString(), below).mid(1);
}

double SubjectsModel::rateOf(const Item& item) const
{
    if (m_meanOver <= Nanoseconds::zero())
        return item.node.rate;
    return static_cast<double>(item.node.count) / std::chrono::duration<double>(m_meanOver).count();
}

QString SubjectsModel::nameOf(const Item& item) const
{
    switch (item.node.kind) {
    case SubjectNode::Kind::System:
        return tr("System subjects ($…)");
    case SubjectNode::Kind::Inboxes:
        return tr("Inboxes (_INBOX.…)");
    case SubjectNode::Kind::Collapsed:
        return tr("%1 (about %2 tokens)")
            .arg(isWhole(item) ? escaped(item.node.path, 1024) : QStringLiteral("*"),
                 fullCount(item.node.distinct))
            .prepend(item.node.pinned ? kStar : QString());
    case SubjectNode::Kind::Root:
    case SubjectNode::Kind::Token:
        break;
    }
    const QString star = item.node.pinned ? kStar : QString();
    if (isWhole(item))
        return star + escaped(item.node.path, 1024);
    return star + (item.node.token.empty() ? tr("(empty token)") : escaped(item.node.token, 512));
}

/// The row stands outside the tree: its whole path is its name.
bool SubjectsModel::isWhole(const Item& item) const
{
    return isPinRow(item.node.id) || (m_flat && item.parent == m_root.get());
}

QString SubjectsModel::subscribersText(const Item& item) const
{
    if (!item.node.audience)
        return m_meanOver > Nanoseconds::zero() ? QStringLiteral("\u2013") : tr("not known");
    const QString count = fullCount(item.node.audience->total());
    return item.node.audience->whole ? count : tr("at least %1").arg(count);
}

QString SubjectsModel::subscribersTip(const Item& item) const
{
    if (!item.node.audience || !m_audience)
        return !m_whyNoAudience.isEmpty() ? m_whyNoAudience
               : item.node.path.starts_with('$') || item.node.kind == SubjectNode::Kind::System
                   ? tr("The server itself takes what begins with $: nobody counts who else does")
                   : QString();
    constexpr std::size_t kMost = 20;
    const auto who = m_audience->who(patternsOf(item.node));
    QString text =
        tr("Who would be given its messages: clients %1, queue groups %2, streams %3")
            .arg(fullCount(item.node.audience->clients), fullCount(item.node.audience->queueGroups),
                 fullCount(item.node.audience->streams));
    for (std::size_t i = 0; i < std::min(who.size(), kMost); ++i)
        text += QLatin1Char('\n') + listenerText(who[i]);
    if (who.size() > kMost)
        text += QLatin1Char('\n') + tr("and %1 more").arg(fullCount(who.size() - kMost));
    if (!item.node.audience->whole)
        text += QLatin1Char('\n') + tr("Not all connections could be looked at, or not all imports followed");
    return QStringLiteral("<pre>%1</pre>").arg(text.toHtmlEscaped());
}

QString SubjectsModel::text(const Item& item, SubjectColumn column) const
{
    switch (column) {
    case SubjectColumn::Subject:
        return nameOf(item);
    case SubjectColumn::Rate:
        return shortRate(rateOf(item));
    case SubjectColumn::Bandwidth: {
        const bool mean = m_meanOver > Nanoseconds::zero();
        const double seconds = std::chrono::duration<double>(m_meanOver).count();
        const double rate =
            mean ? static_cast<double>(item.node.bytes) / seconds : item.node.rate * item.meanSize;
        return shortBytes(rate) + QStringLiteral("/s");
    }
    case SubjectColumn::Trend:
        return {};
    case SubjectColumn::Subscribers:
        return subscribersText(item);
    case SubjectColumn::Messages:
        return fullCount(item.node.count);
    case SubjectColumn::Bytes:
        return shortBytes(static_cast<double>(item.node.bytes));
    case SubjectColumn::LastSeen:
        return item.node.lastSeen == kNoTime ? QString() : clockText(item.node.lastSeen);
    }
    return {};
}

QVariant SubjectsModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || section < 0 || section >= kSubjectColumns)
        return {};
    const bool mean = m_meanOver > Nanoseconds::zero();
    const std::array<QString, kSubjectColumns> titles{tr("Subject"),
                                                      mean ? tr("Mean rate") : tr("Rate"),
                                                      mean ? tr("Mean bytes/s") : tr("Bytes/s"),
                                                      mean ? tr("Last minute of it") : tr("Last minute"),
                                                      tr("Subscribers"),
                                                      tr("Messages"),
                                                      tr("Bytes"),
                                                      tr("Last seen (UTC)")};
    if (role == Qt::DisplayRole && section == m_sortedBy.first)
        return titles[static_cast<std::size_t>(section)] + (m_sortedBy.second == Qt::AscendingOrder
                                                                ? QStringLiteral(" \u25b4")
                                                                : QStringLiteral(" \u25be"));
    if (role == Qt::DisplayRole)
        return titles[static_cast<std::size_t>(section)];
    if (role == Qt::ToolTipRole && section == static_cast<int>(SubjectColumn::Subscribers))
        return tr("How many clients, queue groups and streams would be given its messages, as the broker's "
                  "monitoring port says now");
    if (role == Qt::ToolTipRole && section == m_sortedBy.first)
        return tr("Sorted by this column; figures and order are renewed every two seconds");
    if (role == Qt::TextAlignmentRole) {
        const auto column = static_cast<SubjectColumn>(section);
        const bool left = column == SubjectColumn::Subject || column == SubjectColumn::Trend;
        return QVariant(Qt::AlignVCenter | (left ? Qt::AlignLeft : Qt::AlignRight));
    }
    return {};
}

QVariant SubjectsModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const Item& item = *itemOf(index);
    const auto column = static_cast<SubjectColumn>(index.column());
    switch (role) {
    case Qt::DisplayRole:
        return text(item, column);
    case Qt::TextAlignmentRole:
        return headerData(index.column(), Qt::Horizontal, role);
    case Qt::ToolTipRole:
        if (column == SubjectColumn::LastSeen)
            return formatMoment(item.node.lastSeen);
        if (column == SubjectColumn::Subscribers)
            return subscribersTip(item);
        return column == SubjectColumn::Subject ? escaped(item.node.path, 1024) : QVariant();
    case Qt::AccessibleTextRole:
        return column == SubjectColumn::Trend ? tr("%1 messages a second").arg(shortRate(rateOf(item)))
                                              : text(item, column);
    case static_cast<int>(SubjectRole::Path):
        return QString::fromStdString(item.node.path);
    case static_cast<int>(SubjectRole::Sparkline):
        return QVariant::fromValue(QList<quint32>(item.node.sparkline.begin(), item.node.sparkline.end()));
    case static_cast<int>(SubjectRole::Kind):
        return static_cast<int>(item.node.kind);
    case static_cast<int>(SubjectRole::Quiet):
        return rateOf(item) <= 0;
    case static_cast<int>(SubjectRole::Children):
        return static_cast<int>(item.node.children);
    case static_cast<int>(SubjectRole::Pinned):
        return item.node.pinned;
    case static_cast<int>(SubjectRole::PinRow):
        return isPinRow(item.node.id);
    case static_cast<int>(SubjectRole::AudienceKnown):
        return item.node.audience.has_value();
    case static_cast<int>(SubjectRole::Term):
        return subjectTerm(item.node);
    default:
        return {};
    }
}

} // namespace weir
