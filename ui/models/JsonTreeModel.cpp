// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/JsonTreeModel.h"

#include "ui/models/Figures.h"
#include "ui/models/Format.h"

#include <algorithm>

namespace weir {
namespace {

constexpr std::size_t kFetch = 1000;
constexpr std::size_t kCellBytes = 600; // of a value in the tree; the text view has all of it

} // namespace

void JsonTreeModel::setOutline(std::shared_ptr<const JsonOutline> outline)
{
    beginResetModel();
    m_outline = std::move(outline);
    m_children.clear();
    if (m_outline)
        m_children[0] = nextChildren(0);
    endResetModel();
}

/// The next up to kFetch children of `node` that are not fetched yet.
std::vector<std::uint32_t> JsonTreeModel::nextChildren(std::uint32_t node) const
{
    const auto& nodes = m_outline->nodes();
    const auto found = m_children.find(node);
    const bool none = found == m_children.end() || found->second.empty();
    std::uint32_t next = none ? node + 1 : nodes[found->second.back()].after;
    const std::size_t known = none ? 0 : found->second.size();
    std::vector<std::uint32_t> children(std::min<std::size_t>(kFetch, nodes[node].children - known));
    for (std::uint32_t& child : children)
        child = std::exchange(next, nodes[next].after);
    return children;
}

std::uint32_t JsonTreeModel::nodeOf(const QModelIndex& index) const
{
    return index.isValid() ? static_cast<std::uint32_t>(index.internalId()) : 0;
}

QModelIndex JsonTreeModel::index(int row, int column, const QModelIndex& parent) const
{
    if (row < 0 || column < 0 || column > 1 || row >= rowCount(parent))
        return {};
    return createIndex(row, column,
                       static_cast<quintptr>(m_children.at(nodeOf(parent))[static_cast<std::size_t>(row)]));
}

QModelIndex JsonTreeModel::parent(const QModelIndex& index) const
{
    if (!index.isValid())
        return {};
    const std::uint32_t up = m_outline->nodes()[nodeOf(index)].parent;
    return up == 0 ? QModelIndex()
                   : createIndex(static_cast<int>(m_outline->nodes()[up].row), 0, static_cast<quintptr>(up));
}

int JsonTreeModel::rowCount(const QModelIndex& parent) const
{
    if (!m_outline || parent.column() > 0)
        return 0;
    const auto found = m_children.find(nodeOf(parent));
    return found == m_children.end() ? 0 : static_cast<int>(found->second.size());
}

int JsonTreeModel::columnCount(const QModelIndex&) const
{
    return 2;
}

bool JsonTreeModel::hasChildren(const QModelIndex& parent) const
{
    return m_outline && parent.column() <= 0 && m_outline->nodes()[nodeOf(parent)].children > 0;
}

bool JsonTreeModel::canFetchMore(const QModelIndex& parent) const
{
    return hasChildren(parent) &&
           static_cast<std::uint32_t>(rowCount(parent)) < m_outline->nodes()[nodeOf(parent)].children;
}

void JsonTreeModel::fetchMore(const QModelIndex& parent)
{
    if (!canFetchMore(parent))
        return;
    const auto more = nextChildren(nodeOf(parent));
    const int first = rowCount(parent);
    beginInsertRows(parent, first, first + static_cast<int>(more.size()) - 1);
    auto& known = m_children[nodeOf(parent)];
    known.insert(known.end(), more.begin(), more.end());
    endInsertRows();
}

QModelIndex JsonTreeModel::indexOf(std::uint32_t node)
{
    if (node == 0 || !m_outline)
        return {};
    const QModelIndex above = indexOf(m_outline->nodes()[node].parent);
    const int row = static_cast<int>(m_outline->nodes()[node].row);
    while (row >= rowCount(above))
        fetchMore(above);
    return index(row, 0, above);
}

std::optional<std::uint32_t> JsonTreeModel::find(const QString& text, std::uint32_t from, bool back) const
{
    if (!m_outline || text.isEmpty())
        return std::nullopt;
    const auto count = static_cast<std::uint32_t>(m_outline->nodes().size());
    for (std::uint32_t step = 1; step <= count; ++step) {
        const std::uint32_t node = back ? (from + count - step) % count : (from + step) % count;
        const auto kind = m_outline->nodes()[node].kind;
        const bool leaf = kind != JsonOutline::Kind::Object && kind != JsonOutline::Kind::Array;
        if (toText(m_outline->key(node)).contains(text, Qt::CaseInsensitive) ||
            (leaf && toText(m_outline->value(node)).contains(text, Qt::CaseInsensitive)))
            return node;
    }
    return std::nullopt;
}

QString JsonTreeModel::pointerTo(const QModelIndex& index) const
{
    if (!index.isValid())
        return {};
    const std::uint32_t node = nodeOf(index);
    const auto& nodes = m_outline->nodes();
    const bool inArray = nodes[nodes[node].parent].kind == JsonOutline::Kind::Array;
    QString token = inArray ? QString::number(nodes[node].row) : toText(m_outline->key(node));
    token.replace(QLatin1Char('~'), QLatin1String("~0")).replace(QLatin1Char('/'), QLatin1String("~1"));
    return pointerTo(parent(index)) + QLatin1Char('/') + token;
}

QString JsonTreeModel::valueText(std::uint32_t node) const
{
    const auto& here = m_outline->nodes()[node];
    switch (here.kind) {
    case JsonOutline::Kind::Object:
        return here.children == 1 ? tr("{ 1 key }") : tr("{ %1 keys }").arg(fullCount(here.children));
    case JsonOutline::Kind::Array:
        return here.children == 1 ? tr("[ 1 item ]") : tr("[ %1 items ]").arg(fullCount(here.children));
    case JsonOutline::Kind::String:
        return QLatin1Char('"') + escaped(m_outline->value(node), kCellBytes) + QLatin1Char('"');
    case JsonOutline::Kind::Number:
    case JsonOutline::Kind::Literal:
        break;
    }
    return escaped(m_outline->raw(node), kCellBytes);
}

QVariant JsonTreeModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const std::uint32_t node = nodeOf(index);
    const bool isKey = index.column() == static_cast<int>(JsonColumn::Key);
    if (role == Qt::ToolTipRole)
        return pointerTo(index.siblingAtColumn(0));
    if (role == Qt::DisplayRole && !isKey)
        return valueText(node);
    if (role != Qt::DisplayRole)
        return {};
    const auto& nodes = m_outline->nodes();
    return nodes[nodes[node].parent].kind == JsonOutline::Kind::Array
               ? QStringLiteral("[%1]").arg(nodes[node].row)
               : escaped(m_outline->key(node), kCellBytes);
}

QVariant JsonTreeModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    return section == 0 ? tr("Key") : tr("Value");
}

} // namespace weir
