// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/MessageFeed.h"

#include "ui/models/FeedJobs.h"

#include <chrono>

namespace weir {
namespace {

constexpr std::chrono::milliseconds kPollEvery{40}; // 25 Hz, the window's highest rate of updates

} // namespace

MessageFeed::MessageFeed(QObject* parent) : QObject(parent)
{
    m_timer.setInterval(kPollEvery);
    connect(&m_timer, &QTimer::timeout, this, &MessageFeed::poll);
}

MessageFeed::~MessageFeed() = default;

void MessageFeed::open(OpenReader open, const TimeRange& range, const Filter& filter)
{
    close();
    m_open = std::move(open);
    m_range = range;
    m_filter = filter;
    m_cursor = std::make_shared<FeedCursor>();
    m_now = std::make_unique<ReaderThread>(m_open);
    m_timer.start();
    poll();
}

void MessageFeed::close()
{
    ++m_generation;
    m_timer.stop();
    m_searching = false;
    m_polling = false;
    m_now.reset();
    m_search.reset();
}

/// Wraps `deliver` so that a job may call it from its thread: it runs on the gui thread, unless another
/// open() came first.
template<typename F>
auto MessageFeed::toGui(F deliver)
{
    return [this, generation = m_generation, deliver](auto value) {
        QMetaObject::invokeMethod(
            this,
            [this, generation, deliver, value = std::move(value)]() mutable {
                if (generation == m_generation)
                    deliver(std::move(value));
            },
            Qt::QueuedConnection);
    };
}

void MessageFeed::poll()
{
    // A slow look is not cut short by the next one: it would never end.
    if (!m_now || m_polling)
        return;
    m_polling = true;
    const auto done = toGui([this](Result<FeedUpdate> seen) {
        m_polling = false;
        if (seen)
            take(std::move(seen).value());
        else
            emit failed(seen.error());
    });
    m_now->post(PollSlot, [done, range = m_range, filter = m_filter, tail = m_tail,
                           cursor = m_cursor](Result<HistoryReader*> reader, const std::stop_token& stop) {
        if (reader)
            done(look(**reader, stop, {range, filter, tail}, *cursor));
        else
            done(Result<FeedUpdate>(reader.error()));
    });
}

void MessageFeed::take(FeedUpdate update)
{
    if (isFiltered() && !m_searching && update.last >= update.first) {
        m_searching = true;
        startSearch(update.first, update.last);
    }
    emit updated(update);
}

void MessageFeed::startSearch(std::uint64_t first, std::uint64_t last)
{
    const auto report = toGui([this](const SearchUpdate& step) { emit searched(step); });
    const auto failed = toGui([this](const Error& error) { emit this->failed(error); });
    m_search = std::make_unique<ReaderThread>(m_open);
    m_search->post(SearchSlot,
                   [=, filter = m_filter](Result<HistoryReader*> reader, const std::stop_token& stop) {
                       if (!reader)
                           return failed(reader.error());
                       const auto done = searchBack(**reader, stop, filter, {first, last}, report);
                       if (!done)
                           failed(done.error());
                   });
}

void MessageFeed::want(std::vector<SeqRun> runs)
{
    if (!m_now || runs.empty())
        return;
    const auto deliver = toGui([this](const std::vector<MessageRow>& rows) { emit rowsLoaded(rows); });
    const auto failed = toGui([this](const Error& error) { emit this->failed(error); });
    m_now->post(RowsSlot, [=, runs = joinRuns(std::move(runs))](Result<HistoryReader*> reader,
                                                                const std::stop_token& stop) {
        if (!reader)
            return failed(reader.error());
        for (const SeqRun& run : runs) {
            auto rows = readRows(**reader, stop, run);
            if (!rows)
                return failed(rows.error());
            // What was read before a newer request came is right all the same, and may be what it asks for.
            if (!rows->empty())
                deliver(std::move(rows).value());
            if (stop.stop_requested())
                return;
        }
    });
}

void MessageFeed::copy(const std::vector<SeqRun>& runs, CopyForm form)
{
    if (!m_now)
        return;
    const auto deliver = toGui([this](const CopiedMessages& done) {
        emit copied(QString::fromStdString(done.text), done.messages);
    });
    const auto failed = toGui([this](const Error& error) { emit this->failed(error); });
    m_now->post(CopySlot, [=](Result<HistoryReader*> reader, const std::stop_token& stop) {
        if (!reader)
            return failed(reader.error());
        auto done = copyMessages(**reader, stop, runs, form, kMostCopied);
        if (!done)
            return failed(done.error());
        deliver(std::move(done).value());
    });
}

void MessageFeed::loadMessage(std::uint64_t seq)
{
    if (!m_now)
        return;
    using Loaded = std::shared_ptr<const MessageDetails>;
    const auto deliver = toGui([this](const Loaded& message) { emit messageLoaded(message); });
    const auto missing = toGui([this, seq](const QString& why) { emit messageMissing(seq, why); });
    m_now->post(MessageSlot, [=](Result<HistoryReader*> reader, const std::stop_token& stop) {
        if (!reader)
            return missing(QString::fromStdString(reader.error().line()));
        HistoryQuery query;
        query.firstSeq = seq;
        query.lastSeq = seq;
        Loaded found;
        auto done = (*reader)->scan(query, stop, [&found](const std::shared_ptr<const Batch>& batch) {
            for (const Message& message : batch->messages)
                found = std::make_shared<MessageDetails>(toDetails(message, *batch->names));
            return true;
        });
        if (found)
            return deliver(found);
        if (!done)
            return missing(QString::fromStdString(done.error().line()));
        if (!stop.stop_requested())
            missing(done->damage.empty() ? QStringLiteral("the history no longer has it")
                                         : QString::fromStdString(done->damage.front().line()));
    });
}

} // namespace weir
