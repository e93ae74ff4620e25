// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/models/MessageDetails.h"

#include <QAbstractTableModel>

namespace weir {

enum class HeaderColumn { Name, Value };
enum class HeaderRole {
    Term = Qt::UserRole + 1, ///< QString: the filter term for this header's value; empty where there is none
    Muted,                   ///< bool: not the value itself (redacted), or no header at all
};

/// The headers of one message in their order, binary rubbish escaped. gui thread.
class HeadersModel : public QAbstractTableModel
{
    Q_OBJECT
public:
    using QAbstractTableModel::QAbstractTableModel;
    void setMessage(std::shared_ptr<const MessageDetails> message);

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    std::shared_ptr<const MessageDetails> m_message;
};

} // namespace weir
