// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/models/MessageFeed.h"
#include "ui/models/RowCache.h"
#include "ui/models/RowMap.h"

#include <QAbstractTableModel>

#include <memory>
#include <unordered_map>

namespace weir {

enum class MessageColumn { Time, Subject, Pop, Worker, Identity, Latency, Size };
inline constexpr int kMessageColumns = 7;

enum class MessageRole {
    Seq = Qt::UserRole + 1, ///< quint64; 0 for a gap's row
    SpanText,               ///< QString over the whole row: a gap in words; null otherwise
    Loading,                ///< bool: the row's message is being read
    EvidenceLevel,          ///< int of weir::Evidence
    Muted,                  ///< bool: the text says "not known" or "loading"
};

/// The messages of one history, range and filter as rows: by seq, oldest first, gaps between. Reads nothing
/// itself: the view tells which rows it shows, the feed brings them. Never reset but by open(). gui thread.
class MessageTableModel : public QAbstractTableModel
{
    Q_OBJECT
public:
    struct SearchState
    {
        bool active = false;  ///< a filter is set
        bool running = false; ///< and older messages are still being looked at
        Timestamp reached = kNoTime;
        std::uint64_t scanned = 0;
        std::uint64_t total = 0;
        std::uint64_t damagedBlocks = 0;
    };

    explicit MessageTableModel(QObject* parent = nullptr);

    void open(OpenReader open, const TimeRange& range, const Filter& filter);
    void close();

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;
    [[nodiscard]] Qt::ItemFlags flags(const QModelIndex& index) const override;

    /// The rows that are on screen: what of them (and a little around them) is not there yet is asked for.
    void show(int firstRow, int lastRow);
    /// Whether the end is on screen and moves: its rows then come together with the news of them.
    void setFollowing(bool following);

    [[nodiscard]] std::uint64_t seqAt(int row) const; ///< 0 for a gap's row
    [[nodiscard]] int rowOf(std::uint64_t seq) const; ///< the row at or after it; rowCount() for none
    /// The loaded row, or null while it is not there.
    [[nodiscard]] const MessageRow* rowAt(int row) const;
    [[nodiscard]] const RowMap& map() const { return m_map; }
    /// The newest message of the range that was looked at, whether it matches the filter or not; 0: none.
    [[nodiscard]] std::uint64_t newestSeq() const { return m_newest; }
    /// Where the range listed begins; kNoTime while there is no message.
    [[nodiscard]] Timestamp from() const { return m_from; }
    [[nodiscard]] const std::shared_ptr<const Names>& names() const { return m_names; }
    [[nodiscard]] const SearchState& search() const { return m_search; }
    /// False until the history was looked at once after open().
    [[nodiscard]] bool isOpened() const { return m_opened; }
    [[nodiscard]] MessageFeed& feed() { return m_feed; }
    /// The filter term that narrows to what `index` shows, e.g. "pop:FRA"; empty where there is none.
    [[nodiscard]] QString termFor(const QModelIndex& index) const;

signals:
    /// What search() says has changed.
    void searchChanged();
    /// The history was looked at for the first time, or works again after a failure.
    void opened();

private:
    void take(const FeedUpdate& update);
    void takeSearch(const SearchUpdate& update);
    void takeRows(const std::vector<MessageRow>& rows);
    void appendMessages(std::uint64_t last);
    void appendMatches(const std::vector<std::uint64_t>& ascending);
    void insertOlder(const std::vector<std::uint64_t>& descending);
    void dropBelow(std::uint64_t first);
    void takeGaps(const std::vector<GapRow>& gaps);
    void refreshIdentities();
    void startOver();
    [[nodiscard]] QVariant text(const MessageRow& row, MessageColumn column) const;
    [[nodiscard]] QVariant toolTip(const MessageRow& row, MessageColumn column) const;
    [[nodiscard]] const Identity& identity(IdentityId id) const;
    [[nodiscard]] Evidence evidence(const MessageRow& row) const;

    MessageFeed m_feed;
    RowMap m_map;
    mutable RowCache m_rows;
    std::shared_ptr<const Names> m_names;
    mutable std::unordered_map<IdentityId, Identity> m_identities; ///< copies; dropped when they change
    std::uint64_t m_identityRevision = 0;
    SearchState m_search;
    std::vector<SeqRun> m_asked; ///< rows on their way
    std::uint64_t m_newest = 0;
    Timestamp m_from = kNoTime;
    bool m_opened = false;
    int m_shownFirst = 0;
    int m_shownLast = -1;
};

/// `value` as it must stand in a filter term: quoted where it has spaces or other characters of the grammar.
[[nodiscard]] QString filterTerm(const QString& field, const QString& value);

} // namespace weir
