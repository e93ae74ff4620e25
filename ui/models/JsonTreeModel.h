// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/models/JsonOutline.h"

#include <QAbstractItemModel>

#include <unordered_map>

namespace weir {

enum class JsonColumn { Key, Value };

/// A JSON text as a tree; children come a thousand at a time when they are scrolled to. gui thread.
class JsonTreeModel : public QAbstractItemModel
{
    Q_OBJECT
public:
    using QAbstractItemModel::QAbstractItemModel;

    void setOutline(std::shared_ptr<const JsonOutline> outline);
    [[nodiscard]] const JsonOutline* outline() const { return m_outline.get(); }
    /// The index of a node of the outline; fetches what lies on the way to it.
    [[nodiscard]] QModelIndex indexOf(std::uint32_t node);
    /// The next node after `from` whose key or value has `text` in it (before it, when `back`); none:
    /// nothing.
    [[nodiscard]] std::optional<std::uint32_t> find(const QString& text, std::uint32_t from, bool back) const;
    /// A JSON pointer to the node (RFC 6901), as the filter's `json.` takes it: "/items/0/sku".
    [[nodiscard]] QString pointerTo(const QModelIndex& index) const;

    [[nodiscard]] QModelIndex index(int row, int column, const QModelIndex& parent = {}) const override;
    [[nodiscard]] QModelIndex parent(const QModelIndex& index) const override;
    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] bool hasChildren(const QModelIndex& parent = {}) const override;
    [[nodiscard]] bool canFetchMore(const QModelIndex& parent) const override;
    void fetchMore(const QModelIndex& parent) override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    [[nodiscard]] std::uint32_t nodeOf(const QModelIndex& index) const;
    [[nodiscard]] std::vector<std::uint32_t> nextChildren(std::uint32_t node) const;
    [[nodiscard]] QString valueText(std::uint32_t node) const;

    std::shared_ptr<const JsonOutline> m_outline;
    std::unordered_map<std::uint32_t, std::vector<std::uint32_t>> m_children; ///< fetched so far
};

} // namespace weir
