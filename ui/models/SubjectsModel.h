// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/topology/SubjectAudience.h"
#include "core/topology/SubjectTree.h"

#include <QAbstractItemModel>

#include <memory>
#include <utility>
#include <vector>

namespace weir {

enum class SubjectColumn { Subject, Rate, Bandwidth, Trend, Subscribers, Messages, Bytes, LastSeen };
inline constexpr int kSubjectColumns = 8;

enum class SubjectRole {
    Path = Qt::UserRole + 1, ///< QString: the NATS pattern down to here
    Sparkline,               ///< QList<quint32>: messages in each of the last 60 s
    Kind,                    ///< int of SubjectNode::Kind
    Quiet,                   ///< bool: nothing within the last five seconds
    Children,                ///< int: how many nodes are directly below
    Pinned,                  ///< bool
    PinRow,                  ///< bool: it is the second row of a pinned node
    AudienceKnown,           ///< bool: who subscribes can be said
    Term,                    ///< QString: the filter term for all below this node; empty where there is none
};

/// The id of a pinned node's second row, above the tree, which is not opened.
[[nodiscard]] SubjectNodeId pinRow(SubjectNodeId node);
[[nodiscard]] bool isPinRow(SubjectNodeId id);

/// Children of one or more nodes as they were at one moment, parents first.
using SubjectSnapshot = std::vector<std::pair<SubjectNodeId, SubjectPage>>;

/// The subject tree for a view: children are asked for when a node is opened, and brought by take(). Changes
/// are told row by row, never as a reset, so that expansion and selection stay; figures
/// and places change together, in a take() that may move rows; one that may not brings only what a node
/// opened since lacks. gui thread.
class SubjectsModel : public QAbstractItemModel
{
    Q_OBJECT
public:
    explicit SubjectsModel(QObject* parent = nullptr);
    ~SubjectsModel() override;

    /// Begins anew with another tree. `meanOver` > 0: a range of the past so long; its rates are means.
    void start(SubjectNodeId root, Nanoseconds meanOver);
    [[nodiscard]] bool showsMeans() const { return m_meanOver > Nanoseconds::zero(); }
    /// The nodes whose children are shown or were asked for, parents first.
    [[nodiscard]] std::vector<SubjectNodeId> wanted() const;
    void take(const SubjectSnapshot& snapshot, bool mayMove);
    /// Top rows show their whole path instead of a token: they are what a search found.
    void setFlat(bool flat);
    /// Whom the figures of subscribers are of, for tool tips; null: nothing is known, for this reason.
    void setAudience(std::shared_ptr<const SubjectAudience> audience, const QString& whyNot);
    /// Which header carries the mark of the order that take() brings.
    void markSorted(SubjectColumn column, Qt::SortOrder order);
    /// Lets go of what lies below `index`; it is asked for again when it is opened.
    void forgetChildren(const QModelIndex& index);

    [[nodiscard]] QModelIndex index(int row, int column, const QModelIndex& parent = {}) const override;
    [[nodiscard]] QModelIndex parent(const QModelIndex& index) const override;
    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] bool hasChildren(const QModelIndex& parent = {}) const override;
    [[nodiscard]] bool canFetchMore(const QModelIndex& parent) const override;
    void fetchMore(const QModelIndex& parent) override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

signals:
    /// A node was opened whose children are not there yet.
    void childrenWanted();

private:
    struct Item;
    [[nodiscard]] Item* itemOf(const QModelIndex& index) const;
    [[nodiscard]] QModelIndex indexOf(const Item* item) const;
    [[nodiscard]] Item* find(SubjectNodeId id, Item* below) const;
    void takePage(Item& parent, const SubjectPage& page, bool mayMove);
    void removeMissing(Item& parent, const std::vector<SubjectNode>& next);
    void putInOrder(Item& parent, const std::vector<SubjectNode>& next);
    [[nodiscard]] QString text(const Item& item, SubjectColumn column) const;
    [[nodiscard]] bool isWhole(const Item& item) const;
    [[nodiscard]] QString subscribersText(const Item& item) const;
    [[nodiscard]] QString subscribersTip(const Item& item) const;
    [[nodiscard]] QString nameOf(const Item& item) const;
    [[nodiscard]] double rateOf(const Item& item) const;

    std::unique_ptr<Item> m_root;
    Nanoseconds m_meanOver{0};
    bool m_flat = false;
    std::shared_ptr<const SubjectAudience> m_audience;
    QString m_whyNoAudience;
    std::pair<int, Qt::SortOrder> m_sortedBy{static_cast<int>(SubjectColumn::Rate), Qt::DescendingOrder};
};

/// The filter term for everything at and below a node; empty where there is no one subject pattern.
[[nodiscard]] QString subjectTerm(const SubjectNode& node);

} // namespace weir
