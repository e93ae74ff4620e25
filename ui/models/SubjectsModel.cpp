// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/SubjectsModel.h"

#include "ui/models/SubjectItem.h"

#include <algorithm>
#include <map>

namespace weir {

namespace {
constexpr std::uint64_t kPinRow = std::uint64_t{1} << 63U;
} // namespace

SubjectNodeId pinRow(SubjectNodeId node)
{
    return {node.value | kPinRow};
}

bool isPinRow(SubjectNodeId id)
{
    return (id.value & kPinRow) != 0;
}

SubjectsModel::SubjectsModel(QObject* parent) : QAbstractItemModel(parent), m_root(std::make_unique<Item>())
{
}

SubjectsModel::~SubjectsModel() = default;

void SubjectsModel::start(SubjectNodeId root, Nanoseconds meanOver)
{
    beginResetModel();
    m_root = std::make_unique<Item>();
    m_root->node.id = root;
    m_root->asked = true;
    m_meanOver = meanOver;
    endResetModel();
}

void SubjectsModel::markSorted(SubjectColumn column, Qt::SortOrder order)
{
    m_sortedBy = {static_cast<int>(column), order};
    emit headerDataChanged(Qt::Horizontal, 0, kSubjectColumns - 1);
}

void SubjectsModel::setAudience(std::shared_ptr<const SubjectAudience> audience, const QString& whyNot)
{
    m_audience = std::move(audience);
    m_whyNoAudience = whyNot;
}

void SubjectsModel::setFlat(bool flat)
{
    if (m_flat == flat)
        return;
    beginResetModel();
    m_root->children.clear();
    m_flat = flat;
    endResetModel();
}

SubjectsModel::Item* SubjectsModel::itemOf(const QModelIndex& index) const
{
    return index.isValid() ? static_cast<Item*>(index.internalPointer()) : m_root.get();
}

QModelIndex SubjectsModel::indexOf(const Item* item) const
{
    return item == m_root.get() ? QModelIndex() : createIndex(item->row, 0, const_cast<Item*>(item));
}

SubjectsModel::Item* SubjectsModel::find(SubjectNodeId id, Item* below) const
{
    if (below->node.id == id)
        return below;
    for (const auto& child : below->children) {
        if (!child->asked)
            continue;
        if (Item* found = find(id, child.get()))
            return found;
    }
    return nullptr;
}

std::vector<SubjectNodeId> SubjectsModel::wanted() const
{
    std::vector<SubjectNodeId> ids{m_root->node.id};
    std::vector<const Item*> open{m_root.get()};
    while (!open.empty()) {
        const Item* item = open.back();
        open.pop_back();
        for (const auto& child : item->children) {
            if (!child->asked)
                continue;
            ids.push_back(child->node.id);
            open.push_back(child.get());
        }
    }
    return ids;
}

void SubjectsModel::take(const SubjectSnapshot& snapshot, bool mayMove)
{
    for (const auto& [id, page] : snapshot) {
        if (Item* parent = find(id, m_root.get()))
            takePage(*parent, page, mayMove);
    }
}

void SubjectsModel::takePage(Item& parent, const SubjectPage& page, bool mayMove)
{
    if (!mayMove && !parent.children.empty())
        return; // figures that are newer than the order would belie it
    removeMissing(parent, page.nodes);
    std::map<SubjectNodeId, Item*> present;
    for (const auto& child : parent.children)
        present.emplace(child->node.id, child.get());
    std::vector<std::unique_ptr<Item>> added;
    for (const SubjectNode& node : page.nodes) {
        const auto found = present.find(node.id);
        if (found != present.end()) {
            found->second->update(node);
            continue;
        }
        added.push_back(std::make_unique<Item>());
        added.back()->parent = &parent;
        added.back()->row = static_cast<int>(parent.children.size() + added.size()) - 1;
        added.back()->update(node);
    }
    const QModelIndex where = indexOf(&parent);
    const bool wasEmpty = parent.children.empty();
    if (!added.empty()) {
        const int first = static_cast<int>(parent.children.size());
        beginInsertRows(where, first, first + static_cast<int>(added.size()) - 1);
        std::move(added.begin(), added.end(), std::back_inserter(parent.children));
        endInsertRows();
    }
    if (mayMove && !wasEmpty)
        putInOrder(parent, page.nodes);
    if (!parent.children.empty())
        emit dataChanged(index(0, 0, where),
                         index(static_cast<int>(parent.children.size()) - 1, kSubjectColumns - 1, where));
}

void SubjectsModel::removeMissing(Item& parent, const std::vector<SubjectNode>& next)
{
    std::vector<SubjectNodeId> kept;
    for (const SubjectNode& node : next)
        kept.push_back(node.id);
    std::sort(kept.begin(), kept.end());
    const auto isGone = [&kept](const std::unique_ptr<Item>& item) {
        return !std::binary_search(kept.begin(), kept.end(), item->node.id);
    };
    for (int last = static_cast<int>(parent.children.size()) - 1; last >= 0; --last) {
        if (!isGone(parent.children[static_cast<std::size_t>(last)]))
            continue;
        int first = last;
        while (first > 0 && isGone(parent.children[static_cast<std::size_t>(first) - 1]))
            --first;
        beginRemoveRows(indexOf(&parent), first, last);
        parent.children.erase(parent.children.begin() + first, parent.children.begin() + last + 1);
        parent.renumber();
        endRemoveRows();
        last = first;
    }
}

void SubjectsModel::putInOrder(Item& parent, const std::vector<SubjectNode>& next)
{
    std::map<SubjectNodeId, std::size_t> place;
    for (std::size_t i = 0; i < next.size(); ++i)
        place.emplace(next[i].id, i);
    const auto before = [&place](const std::unique_ptr<Item>& a, const std::unique_ptr<Item>& b) {
        return place[a->node.id] < place[b->node.id];
    };
    if (std::is_sorted(parent.children.begin(), parent.children.end(), before))
        return;
    const QList<QPersistentModelIndex> where{indexOf(&parent)};
    emit layoutAboutToBeChanged(where, QAbstractItemModel::VerticalSortHint);
    const QModelIndexList old = persistentIndexList();
    std::sort(parent.children.begin(), parent.children.end(), before);
    parent.renumber();
    QModelIndexList moved;
    for (const QModelIndex& index : old)
        moved << createIndex(itemOf(index)->row, index.column(), index.internalPointer());
    changePersistentIndexList(old, moved);
    emit layoutChanged(where, QAbstractItemModel::VerticalSortHint);
}

void SubjectsModel::forgetChildren(const QModelIndex& index)
{
    Item* item = itemOf(index);
    if (item == m_root.get())
        return;
    item->asked = false;
    if (item->children.empty())
        return;
    const QModelIndex first = indexOf(item);
    beginRemoveRows(first, 0, static_cast<int>(item->children.size()) - 1);
    item->children.clear();
    endRemoveRows();
}

QModelIndex SubjectsModel::index(int row, int column, const QModelIndex& parent) const
{
    const Item* item = itemOf(parent);
    if (row < 0 || column < 0 || column >= kSubjectColumns ||
        row >= static_cast<int>(item->children.size()) || parent.column() > 0)
        return {};
    return createIndex(row, column, item->children[static_cast<std::size_t>(row)].get());
}

QModelIndex SubjectsModel::parent(const QModelIndex& index) const
{
    return index.isValid() ? indexOf(itemOf(index)->parent) : QModelIndex();
}

int SubjectsModel::rowCount(const QModelIndex& parent) const
{
    return parent.column() > 0 ? 0 : static_cast<int>(itemOf(parent)->children.size());
}

int SubjectsModel::columnCount(const QModelIndex&) const
{
    return kSubjectColumns;
}

bool SubjectsModel::hasChildren(const QModelIndex& parent) const
{
    if (parent.column() > 0)
        return false;
    const Item* item = itemOf(parent);
    return !item->children.empty() ||
           (parent.isValid() && item->node.children > 0 && !isPinRow(item->node.id));
}

bool SubjectsModel::canFetchMore(const QModelIndex& parent) const
{
    return parent.isValid() && parent.column() == 0 && !itemOf(parent)->asked &&
           itemOf(parent)->node.children > 0 && !isPinRow(itemOf(parent)->node.id);
}

void SubjectsModel::fetchMore(const QModelIndex& parent)
{
    if (!canFetchMore(parent))
        return;
    itemOf(parent)->asked = true;
    emit childrenWanted();
}

} // namespace weir
