// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QAbstractTableModel>

#include <memory>
#include <optional>
#include <string>

namespace weir {

/// Bytes in rows of 16: offset, hexadecimal, printable ASCII. Rows are arithmetic; any size. gui thread.
class HexModel : public QAbstractTableModel
{
    Q_OBJECT
public:
    static constexpr std::size_t kPerRow = 16;
    using QAbstractTableModel::QAbstractTableModel;

    void setBytes(std::shared_ptr<const std::string> bytes);
    /// The offset of the next `text` after `from` (before it, when `back`), around the end. `0x…` is bytes in
    /// hexadecimal, anything else UTF-8.
    [[nodiscard]] std::optional<std::size_t> find(const QString& text, std::size_t from, bool back) const;

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    std::shared_ptr<const std::string> m_bytes;
};

} // namespace weir
