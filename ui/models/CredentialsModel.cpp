// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/CredentialsModel.h"

#include "ui/models/Figures.h"
#include "ui/models/Format.h"
#include "ui/models/TimeText.h"

#include <algorithm>
#include <array>
#include <numeric>

namespace weir {
namespace {

constexpr qsizetype kNkeyEnd = 8; // letters of it that are shown at both ends

bool isFigure(CredentialColumn column)
{
    return column >= CredentialColumn::Connections;
}

bool matches(const CredentialUse& use, const QString& text)
{
    const auto has = [&](const std::string& name) {
        return toText(name).contains(text, Qt::CaseInsensitive);
    };
    return has(use.name) || has(use.nkey) || has(use.account) ||
           std::any_of(use.connections.begin(), use.connections.end(),
                       [&](const CredentialConnection& each) { return has(each.client); });
}

} // namespace

QString credentialTitle(const CredentialUse& use)
{
    if (!use.name.empty())
        return shownName(use.name);
    if (use.nkey.empty())
        return CredentialsModel::tr("no user");
    const QString nkey = shownName(use.nkey);
    return nkey.left(kNkeyEnd) + QStringLiteral("…") + nkey.right(kNkeyEnd);
}

QString credentialStateWord(CredentialState state)
{
    switch (state) {
    case CredentialState::Refused:
        return CredentialsModel::tr("refused");
    case CredentialState::Ended:
        return CredentialsModel::tr("ended");
    case CredentialState::EndsSoon:
        return CredentialsModel::tr("ends soon");
    case CredentialState::Mixed:
        return CredentialsModel::tr("older in use");
    case CredentialState::Valid:
        return CredentialsModel::tr("valid");
    case CredentialState::NeverEnds:
        return CredentialsModel::tr("never ends");
    case CredentialState::Untold:
        return CredentialsModel::tr("not told");
    }
    return {};
}

bool asksForALook(CredentialState state)
{
    return state < CredentialState::Valid;
}

QString distanceText(Timestamp time, Timestamp now)
{
    const auto whole = [](Nanoseconds span) {
        return spanText(std::chrono::floor<std::chrono::seconds>(span));
    };
    return time > now ? CredentialsModel::tr("in %1").arg(whole(time - now))
                      : CredentialsModel::tr("%1 ago").arg(whole(now - time));
}

void CredentialsModel::setList(std::shared_ptr<const CredentialList> list)
{
    m_list = std::move(list);
    arrange();
}

void CredentialsModel::setSearch(const QString& text)
{
    m_search = text.trimmed();
    arrange();
}

std::vector<std::size_t> CredentialsModel::wantedRows() const
{
    std::vector<std::size_t> rows(m_list->uses.size());
    std::iota(rows.begin(), rows.end(), std::size_t{0});
    if (!m_search.isEmpty())
        std::erase_if(rows, [this](std::size_t row) { return !matches(m_list->uses[row], m_search); });
    if (m_sort)
        std::stable_sort(rows.begin(), rows.end(), [this](std::size_t a, std::size_t b) {
            return m_order == Qt::AscendingOrder ? before(m_list->uses[a], m_list->uses[b])
                                                 : before(m_list->uses[b], m_list->uses[a]);
        });
    return rows;
}

void CredentialsModel::arrange()
{
    std::vector<std::size_t> rows = wantedRows();
    std::vector<QString> ids;
    for (const std::size_t row : rows)
        ids.push_back(QString::fromStdString(m_list->uses[row].id));
    const bool same =
        ids.size() == m_ids.size() && std::is_permutation(ids.begin(), ids.end(), m_ids.begin(), m_ids.end());
    if (!same)
        beginResetModel();
    else if (ids != m_ids)
        emit layoutAboutToBeChanged();
    const bool moved = ids != m_ids;
    std::swap(m_ids, ids); // now `ids` are the earlier ones
    m_rows = std::move(rows);
    if (!same)
        return endResetModel();
    if (moved) {
        for (const QModelIndex& index : persistentIndexList())
            changePersistentIndex(
                index, this->index(rowOf(ids[static_cast<std::size_t>(index.row())]), index.column()));
        emit layoutChanged();
    }
    if (!m_rows.empty())
        emit dataChanged(index(0, 0), index(rowCount() - 1, kCredentialColumns - 1));
}

int CredentialsModel::rowOf(const QString& id) const
{
    const auto found = std::find(m_ids.begin(), m_ids.end(), id);
    return found == m_ids.end() ? -1 : static_cast<int>(found - m_ids.begin());
}

int CredentialsModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

int CredentialsModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : kCredentialColumns;
}

bool CredentialsModel::before(const CredentialUse& a, const CredentialUse& b) const
{
    // What is not known comes last.
    const auto end = [](Timestamp time) { return time == kNoTime ? Timestamp::max() : time; };
    switch (*m_sort) {
    case CredentialColumn::Name:
        return credentialTitle(a).localeAwareCompare(credentialTitle(b)) < 0;
    case CredentialColumn::State:
        return a.state < b.state;
    case CredentialColumn::Ends:
        return end(a.expires) < end(b.expires);
    case CredentialColumn::Issued:
        return end(a.issued) < end(b.issued);
    case CredentialColumn::Account:
        return a.account < b.account;
    case CredentialColumn::Connections:
        return a.present > b.present;
    case CredentialColumn::Published:
        return a.published.value_or(-1) > b.published.value_or(-1);
    case CredentialColumn::Taken:
        return a.taken.value_or(-1) > b.taken.value_or(-1);
    }
    return false;
}

void CredentialsModel::sortByHeader(int column)
{
    const auto chosen = static_cast<CredentialColumn>(column);
    m_order = m_sort == chosen && m_order == Qt::AscendingOrder ? Qt::DescendingOrder : Qt::AscendingOrder;
    m_sort = chosen;
    arrange();
    emit headerDataChanged(Qt::Horizontal, 0, kCredentialColumns - 1);
}

QVariant CredentialsModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    static const std::array<const char*, kCredentialColumns> kTitles{
        QT_TR_NOOP("Credential"), QT_TR_NOOP("State"),       QT_TR_NOOP("Ends"),      QT_TR_NOOP("Issued"),
        QT_TR_NOOP("Account"),    QT_TR_NOOP("Connections"), QT_TR_NOOP("Publishes"), QT_TR_NOOP("Takes")};
    static const std::array<const char*, kCredentialColumns> kMeanings{
        QT_TR_NOOP("The user's name as its JWT or the servers' configuration says it, else its public nkey"),
        QT_TR_NOOP(
            "What asks for a look stands first: not let in, ended, ends within the last tenth of its life"),
        QT_TR_NOOP("When the server closes its connections"),
        QT_TR_NOOP("The newest JWT that a connection came with"),
        QT_TR_NOOP("Whose user it is"),
        QT_TR_NOOP("That are there at the end of the range"),
        QT_TR_NOOP("Messages a second that these connections publish"),
        QT_TR_NOOP("Messages a second that are delivered to these connections")};
    if (orientation != Qt::Horizontal || section < 0 || section >= kCredentialColumns)
        return {};
    const auto column = static_cast<CredentialColumn>(section);
    const bool isSorted = m_sort == column;
    if (role == Qt::DisplayRole)
        return tr(kTitles[static_cast<std::size_t>(section)]) + (!isSorted ? QString()
                                                                 : m_order == Qt::AscendingOrder
                                                                     ? QStringLiteral(" \u25b4")
                                                                     : QStringLiteral(" \u25be"));
    if (role == Qt::ToolTipRole)
        return tr(kMeanings[static_cast<std::size_t>(section)]);
    if (role == Qt::TextAlignmentRole)
        return QVariant(Qt::AlignVCenter | (isFigure(column) ? Qt::AlignRight : Qt::AlignLeft));
    return {};
}

QVariant CredentialsModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const CredentialUse& of = use(index.row());
    const auto column = static_cast<CredentialColumn>(index.column());
    switch (role) {
    case Qt::DisplayRole:
        return text(of, column);
    case Qt::ToolTipRole:
        return toolTip(of, column);
    case Qt::TextAlignmentRole:
        return headerData(index.column(), Qt::Horizontal, role);
    case static_cast<int>(CredentialRole::Id):
        return QString::fromStdString(of.id);
    case static_cast<int>(CredentialRole::AsksForALook):
        return asksForALook(of.state);
    case static_cast<int>(CredentialRole::Muted):
        return text(of, column) == QStringLiteral("–") ||
               (column == CredentialColumn::State && of.state == CredentialState::Untold);
    case Qt::AccessibleTextRole:
        return column == CredentialColumn::Name
                   ? tr("%1, %2").arg(text(of, column), credentialStateWord(of.state))
                   : text(of, column);
    default:
        return {};
    }
}

QString CredentialsModel::text(const CredentialUse& of, CredentialColumn column) const
{
    const QString none = QStringLiteral("–");
    const auto rate = [&](const std::optional<double>& each) { return each ? shortRate(*each) : none; };
    switch (column) {
    case CredentialColumn::Name:
        return credentialTitle(of);
    case CredentialColumn::State:
        return credentialStateWord(of.state);
    case CredentialColumn::Ends:
        return !of.hasJwt ? none : of.expires == kNoTime ? tr("never") : distanceText(of.expires, m_list->to);
    case CredentialColumn::Issued:
        return of.issued == kNoTime ? none : distanceText(of.issued, m_list->to);
    case CredentialColumn::Account:
        return of.account.empty() ? none : shownName(of.account);
    case CredentialColumn::Connections:
        return of.older == 0 ? fullCount(of.present)
                             : tr("%1 (%2 older)").arg(fullCount(of.present), fullCount(of.older));
    case CredentialColumn::Published:
        return rate(of.published);
    case CredentialColumn::Taken:
        return rate(of.taken);
    }
    return {};
}

QString CredentialsModel::toolTip(const CredentialUse& of, CredentialColumn column) const
{
    switch (column) {
    case CredentialColumn::State:
        return shownName(of.reason);
    case CredentialColumn::Ends:
        return of.expires == kNoTime ? QString() : formatMoment(of.expires);
    case CredentialColumn::Issued:
        return of.issued == kNoTime ? QString() : formatMoment(of.issued);
    case CredentialColumn::Name:
        return shownName(of.nkey);
    case CredentialColumn::Account:
        return shownName(of.accountId);
    case CredentialColumn::Connections:
    case CredentialColumn::Published:
    case CredentialColumn::Taken:
        break;
    }
    return {};
}

} // namespace weir
