// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/models/FeedJobs.h"
#include "ui/models/MessageDetails.h"
#include "ui/models/ReaderThread.h"
#include "ui/models/ViewState.h"

#include <QObject>
#include <QTimer>

#include <cstdint>
#include <memory>
#include <vector>

namespace weir {

/// Follows one history for the message table: two threads with a reader each, one for what is asked now (new
/// messages, rows, one message), one for the long search of a filter. Everything is asked and answered on the
/// gui thread; answers to an earlier open() never arrive.
class MessageFeed : public QObject
{
    Q_OBJECT
public:
    explicit MessageFeed(QObject* parent = nullptr);
    ~MessageFeed() override;

    /// Looks at what `open` opens. A live range ends now and slides while there is a tail; without one
    /// (somebody reads) its beginning stays. A fixed one is [from, to).
    void open(OpenReader open, const TimeRange& range, const Filter& filter);
    void close();

    /// Rows to load, instead of those asked for before and not yet there.
    void want(std::vector<SeqRun> runs);
    /// How many of the newest rows come along with every update; 0 while nobody looks at the end.
    void setTail(std::size_t rows) { m_tail = rows; }
    void loadMessage(std::uint64_t seq);
    /// Reads whole messages for the clipboard, at most kMostCopied.
    void copy(const std::vector<SeqRun>& runs, CopyForm form);
    static constexpr std::size_t kMostCopied = 10'000;
    /// Looks for new messages now; happens by itself every 40 ms.
    void poll();
    [[nodiscard]] bool isFiltered() const { return !m_filter.isEmpty(); }

signals:
    void updated(const weir::FeedUpdate& update);
    void searched(const weir::SearchUpdate& update);
    void rowsLoaded(const std::vector<weir::MessageRow>& rows);
    void messageLoaded(const std::shared_ptr<const weir::MessageDetails>& message);
    void messageMissing(quint64 seq, const QString& why);
    /// `messages` were read, fewer than asked for when there were more than kMostCopied or some are damaged.
    void copied(const QString& text, quint64 messages);
    void failed(const weir::Error& error);

private:
    enum Slot { PollSlot, RowsSlot, MessageSlot, SearchSlot, CopySlot };

    template<typename F>
    auto toGui(F deliver);
    void startSearch(std::uint64_t first, std::uint64_t last);
    void take(FeedUpdate update);

    OpenReader m_open;
    TimeRange m_range;
    Filter m_filter;
    std::size_t m_tail = 0;
    std::uint64_t m_generation = 0;
    bool m_searching = false;
    bool m_polling = false;
    QTimer m_timer;
    std::shared_ptr<FeedCursor> m_cursor;
    std::unique_ptr<ReaderThread> m_now;
    std::unique_ptr<ReaderThread> m_search;
};

} // namespace weir
