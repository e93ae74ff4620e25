// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/MessageTableModel.h"

#include "core/envelope/Names.h"

#include <algorithm>

namespace weir {
namespace {

constexpr int kMargin = 64;        // rows asked for beyond the screen, each side: a fast wheel's reach
constexpr std::size_t kTail = 200; // rows that come along while following: more than any screen shows

} // namespace

MessageTableModel::MessageTableModel(QObject* parent) : QAbstractTableModel(parent)
{
    connect(&m_feed, &MessageFeed::updated, this, &MessageTableModel::take);
    connect(&m_feed, &MessageFeed::searched, this, &MessageTableModel::takeSearch);
    connect(&m_feed, &MessageFeed::rowsLoaded, this, &MessageTableModel::takeRows);
    connect(&m_feed, &MessageFeed::failed, this, [this] { m_asked.clear(); });
}

void MessageTableModel::open(OpenReader open, const TimeRange& range, const Filter& filter)
{
    startOver();
    if (!filter.isEmpty()) {
        m_map.setFiltered();
        m_search.active = true;
        m_search.running = true;
    }
    m_feed.open(std::move(open), range, filter);
    emit searchChanged();
}

void MessageTableModel::close()
{
    m_feed.close();
    startOver();
    emit searchChanged();
}

void MessageTableModel::startOver()
{
    beginResetModel();
    m_map = RowMap();
    m_rows.clear();
    m_asked.clear();
    m_names.reset();
    m_identities.clear();
    m_identityRevision = 0;
    m_search = {};
    m_newest = 0;
    m_from = kNoTime;
    m_opened = false;
    endResetModel();
}

int MessageTableModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_map.rows());
}

int MessageTableModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : kMessageColumns;
}

Qt::ItemFlags MessageTableModel::flags(const QModelIndex& index) const
{
    return index.isValid() ? Qt::ItemIsEnabled | Qt::ItemIsSelectable | Qt::ItemNeverHasChildren
                           : Qt::NoItemFlags;
}

std::uint64_t MessageTableModel::seqAt(int row) const
{
    if (row < 0 || row >= rowCount())
        return 0;
    const RowMap::Place place = m_map.at(static_cast<std::size_t>(row));
    return place.gap ? 0 : place.seq;
}

int MessageTableModel::rowOf(std::uint64_t seq) const
{
    return static_cast<int>(m_map.rowOf(seq));
}

const MessageRow* MessageTableModel::rowAt(int row) const
{
    const std::uint64_t seq = seqAt(row);
    return seq == 0 ? nullptr : m_rows.find(seq);
}

void MessageTableModel::setFollowing(bool following)
{
    m_feed.setTail(following ? kTail : 0);
}

void MessageTableModel::show(int firstRow, int lastRow)
{
    m_shownFirst = std::max(0, firstRow - kMargin);
    m_shownLast = std::min(rowCount() - 1, lastRow + kMargin);
    std::vector<SeqRun> missing;
    for (int row = m_shownFirst; row <= m_shownLast; ++row) {
        const std::uint64_t seq = seqAt(row);
        if (seq == 0 || m_rows.contains(seq))
            continue;
        if (!missing.empty() && missing.back().second + 1 == seq)
            ++missing.back().second;
        else
            missing.emplace_back(seq, seq);
    }
    // Asking again would stop the job that is about to answer.
    if (missing.empty() || missing == m_asked)
        return;
    m_asked = missing;
    m_feed.want(std::move(missing));
}

void MessageTableModel::takeRows(const std::vector<MessageRow>& rows)
{
    m_asked.clear();
    for (const MessageRow& row : rows)
        m_rows.insert(row);
    if (!rows.empty() && m_shownFirst <= m_shownLast && m_shownLast < rowCount())
        emit dataChanged(index(m_shownFirst, 0), index(m_shownLast, kMessageColumns - 1));
}

void MessageTableModel::take(const FeedUpdate& update)
{
    const bool replaced = !m_search.active && (update.last < m_map.last() || update.first < m_map.first()) &&
                          m_map.messages() > 0;
    if (replaced)
        startOver();
    if (m_names != update.names) {
        m_names = update.names;
        m_identities.clear();
        m_identityRevision = 0;
    }
    for (const MessageRow& row : update.rows)
        m_rows.insert(row);
    m_newest = update.last >= update.first ? update.last : 0;
    m_from = update.from;
    dropBelow(update.first);
    if (m_search.active)
        appendMatches(update.newMatches);
    else if (update.last >= update.first)
        appendMessages(update.last);
    if (update.gapsRead)
        takeGaps(update.gaps);
    refreshIdentities();
    if (m_search.running && update.last < update.first) {
        m_search.running = false; // nothing to search in
        emit searchChanged();
    }
    if (!std::exchange(m_opened, true))
        emit opened();
}

void MessageTableModel::appendMessages(std::uint64_t last)
{
    // Runs end where a gap's row stands between.
    while (m_map.last() < last) {
        const std::uint64_t from = m_map.last() + 1;
        const std::size_t gaps = m_map.gapsUpTo(from);
        const std::uint64_t to =
            gaps < m_map.gaps().size() ? std::min(last, m_map.gaps()[gaps].beforeSeq - 1) : last;
        const int row = static_cast<int>(m_map.messages() + gaps);
        beginInsertRows({}, row, row + static_cast<int>(to - from));
        m_map.setDense(m_map.first(), to);
        endInsertRows();
    }
}

void MessageTableModel::appendMatches(const std::vector<std::uint64_t>& ascending)
{
    for (auto run = ascending.begin(); run != ascending.end();) {
        const std::size_t gaps = m_map.gapsUpTo(*run);
        const auto end = gaps < m_map.gaps().size()
                             ? std::lower_bound(run, ascending.end(), m_map.gaps()[gaps].beforeSeq)
                             : ascending.end();
        const int row = static_cast<int>(m_map.messages() + gaps);
        beginInsertRows({}, row, row + static_cast<int>(end - run) - 1);
        for (; run != end; ++run)
            m_map.matches().add(*run);
        endInsertRows();
    }
}

void MessageTableModel::insertOlder(const std::vector<std::uint64_t>& descending)
{
    for (auto run = descending.begin(); run != descending.end();) {
        const std::size_t gaps = m_map.gapsUpTo(*run);
        const std::uint64_t floor = gaps > 0 ? m_map.gaps()[gaps - 1].beforeSeq : 0;
        const auto end =
            std::find_if(run, descending.end(), [floor](std::uint64_t seq) { return seq < floor; });
        const int row = static_cast<int>(gaps);
        beginInsertRows({}, row, row + static_cast<int>(end - run) - 1);
        for (; run != end; ++run)
            m_map.matches().add(*run);
        endInsertRows();
    }
}

void MessageTableModel::dropBelow(std::uint64_t first)
{
    if (!m_map.isFiltered() && m_map.messages() == 0) {
        m_map.setDense(first, first - 1);
        return;
    }
    while (m_map.messages() > 0 && m_map.messagesBefore(first) > 0) {
        const std::uint64_t oldest = m_map.isFiltered() ? m_map.matches().at(0) : m_map.first();
        const std::size_t gaps = m_map.gapsUpTo(oldest);
        const std::uint64_t end =
            gaps < m_map.gaps().size() ? std::min(first, m_map.gaps()[gaps].beforeSeq) : first;
        const int row = static_cast<int>(gaps);
        beginRemoveRows({}, row, row + static_cast<int>(m_map.messagesBefore(end)) - 1);
        if (m_map.isFiltered())
            m_map.matches().removeBelow(end);
        else
            m_map.setDense(end, m_map.last());
        endRemoveRows();
    }
}

void MessageTableModel::takeGaps(const std::vector<GapRow>& gaps)
{
    std::size_t at = 0;
    for (const GapRow& gap : gaps) {
        while (at < m_map.gaps().size() && orderOf(m_map.gaps()[at]) < orderOf(gap)) {
            const int row = static_cast<int>(m_map.rowOfGap(at));
            beginRemoveRows({}, row, row);
            m_map.removeGap(at);
            endRemoveRows();
        }
        const int row = static_cast<int>(m_map.messagesBefore(gap.beforeSeq) + at);
        if (at < m_map.gaps().size() && orderOf(m_map.gaps()[at]) == orderOf(gap)) {
            m_map.replaceGap(at, gap);
            emit dataChanged(index(row, 0), index(row, kMessageColumns - 1));
        } else {
            beginInsertRows({}, row, row);
            m_map.insertGap(at, gap);
            endInsertRows();
        }
        ++at;
    }
    while (at < m_map.gaps().size()) {
        const int row = static_cast<int>(m_map.rowOfGap(at));
        beginRemoveRows({}, row, row);
        m_map.removeGap(at);
        endRemoveRows();
    }
}

void MessageTableModel::takeSearch(const SearchUpdate& update)
{
    for (const MessageRow& row : update.rows)
        m_rows.insert(row);
    insertOlder(update.olderMatches);
    m_search.running = !update.done;
    m_search.reached = update.reached == kNoTime ? m_search.reached : update.reached;
    m_search.scanned = update.scanned;
    m_search.total = update.total;
    m_search.damagedBlocks = update.damagedBlocks;
    emit searchChanged();
}

void MessageTableModel::refreshIdentities()
{
    if (!m_names || m_names->identities.changedSince(m_identityRevision).empty())
        return;
    m_identities.clear();
    if (m_shownFirst <= m_shownLast && m_shownLast < rowCount())
        emit dataChanged(index(m_shownFirst, static_cast<int>(MessageColumn::Identity)),
                         index(m_shownLast, static_cast<int>(MessageColumn::Identity)));
}

const Identity& MessageTableModel::identity(IdentityId id) const
{
    constexpr std::size_t kKeep = 4096;
    if (m_identities.size() > kKeep)
        m_identities.clear();
    const auto [place, isNew] = m_identities.try_emplace(id);
    if (isNew && m_names)
        place->second = m_names->identities.at(id);
    return place->second;
}

Evidence MessageTableModel::evidence(const MessageRow& row) const
{
    return evidenceOf(identity(row.identity), row.evidence, row.time);
}

} // namespace weir
