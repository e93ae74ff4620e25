// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/topology/CredentialUse.h"

#include <QAbstractTableModel>

#include <memory>
#include <optional>
#include <vector>

namespace weir {

enum class CredentialColumn { Name, State, Ends, Issued, Account, Connections, Published, Taken };
inline constexpr int kCredentialColumns = 8;

enum class CredentialRole {
    Id = Qt::UserRole + 1, ///< QString, see CredentialUse::id
    AsksForALook,          ///< bool: the state does
    Muted,                 ///< bool: the cell says nothing
};

/// The credentials of a range, those that ask for a look first unless a reader sorts otherwise. A selection
/// stays with its credential as long as all of them stay. gui thread.
class CredentialsModel : public QAbstractTableModel
{
    Q_OBJECT
public:
    using QAbstractTableModel::QAbstractTableModel;

    void setList(std::shared_ptr<const CredentialList> list);
    /// Shows those alone whose name, nkey, account or clients have `text` in them, in any case of letters.
    void setSearch(const QString& text);
    [[nodiscard]] const CredentialUse& use(int row) const
    {
        return m_list->uses[m_rows[static_cast<std::size_t>(row)]];
    }
    [[nodiscard]] int rowOf(const QString& id) const; ///< -1 for none

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;
    /// A click on a header: sorts by it, and the other way round at the next click.
    void sortByHeader(int column);

private:
    void arrange();
    [[nodiscard]] std::vector<std::size_t> wantedRows() const;
    [[nodiscard]] bool before(const CredentialUse& a, const CredentialUse& b) const;
    [[nodiscard]] QString text(const CredentialUse& use, CredentialColumn column) const;
    [[nodiscard]] QString toolTip(const CredentialUse& use, CredentialColumn column) const;

    std::shared_ptr<const CredentialList> m_list = std::make_shared<const CredentialList>();
    std::vector<std::size_t> m_rows; ///< into the list
    std::vector<QString> m_ids;      ///< of the rows
    QString m_search;
    std::optional<CredentialColumn> m_sort; ///< none: the list's own order
    Qt::SortOrder m_order = Qt::AscendingOrder;
};

/// The user's name, else its nkey cut in the middle, else that it has none.
[[nodiscard]] QString credentialTitle(const CredentialUse& use);
[[nodiscard]] QString credentialStateWord(CredentialState state);
[[nodiscard]] bool asksForALook(CredentialState state);
/// "in 3 h 12 min", "2 min ago", seen from `now`.
[[nodiscard]] QString distanceText(Timestamp time, Timestamp now);

} // namespace weir
