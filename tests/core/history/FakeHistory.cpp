// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/core/history/FakeHistory.h"

#include <algorithm>

namespace weir::test {

class FakeReader final : public HistoryReader
{
public:
    explicit FakeReader(FakeHistory& history) : m_history(history) {}

    std::shared_ptr<const Names> names() override { return m_history.m_names; }
    Result<ScanSummary> scan(const HistoryQuery& query, std::stop_token stop,
                             const std::function<bool(const std::shared_ptr<const Batch>&)>& visit) override;
    Result<std::pair<std::uint64_t, std::uint64_t>> seqRange() override
    {
        const std::scoped_lock lock(m_history.m_mutex);
        if (m_history.m_messages.empty())
            return std::pair<std::uint64_t, std::uint64_t>{0, 0};
        return std::pair{m_history.m_messages.front().seq, m_history.m_messages.back().seq};
    }
    Result<std::uint64_t> seqAt(Timestamp time) override
    {
        const std::scoped_lock lock(m_history.m_mutex);
        for (const Message& message : m_history.m_messages) {
            if (message.time >= time)
                return message.seq;
        }
        return m_history.m_next;
    }
    Result<HistoryInfo> info() override { return HistoryInfo{}; }
    Result<std::vector<Gap>> gaps(Timestamp, Timestamp) override { return std::vector<Gap>{}; }

private:
    /// The next up to 10 messages of [first, last], and whether reading fails behind them.
    bool take(std::uint64_t first, std::uint64_t last, std::vector<Message>& out);
    FakeHistory& m_history;
};

bool FakeReader::take(std::uint64_t first, std::uint64_t last, std::vector<Message>& out)
{
    const std::scoped_lock lock(m_history.m_mutex);
    for (const Message& message : m_history.m_messages) {
        if (message.seq < first || message.seq > last || out.size() == 10)
            continue;
        if (message.seq == m_history.m_failAt) {
            m_history.m_failAt = 0;
            return false;
        }
        out.push_back(message);
    }
    return true;
}

Result<ScanSummary> FakeReader::scan(const HistoryQuery& query, std::stop_token stop,
                                     const std::function<bool(const std::shared_ptr<const Batch>&)>& visit)
{
    ScanSummary summary;
    std::uint64_t first = query.firstSeq;
    for (;;) {
        std::vector<Message> read;
        const bool fine = take(first, query.lastSeq, read);
        if (!read.empty())
            first = read.back().seq + 1;
        const bool ended = read.empty();
        auto batch = std::make_shared<Batch>();
        batch->names = m_history.m_names;
        std::copy_if(read.begin(), read.end(), std::back_inserter(batch->messages),
                     [&](const Message& message) {
                         return message.time >= query.from && message.time < query.to &&
                                query.filter.matches(message, *m_history.m_names);
                     });
        if (!batch->messages.empty() && !visit(batch)) {
            summary.stoppedEarly = true;
            return summary;
        }
        if (!fine)
            return Error{ErrorCode::Io, "reading a block", "input/output error", "check the disk"};
        if (ended || stop.stop_requested())
            return summary;
    }
}

void FakeHistory::append(Timestamp time, const std::string& subject, int count)
{
    const std::scoped_lock lock(m_mutex);
    for (int i = 0; i < count; ++i) {
        Message message;
        message.seq = m_next++;
        message.time = time;
        message.subject = m_names->subjects.intern(subject);
        message.subjectName = m_names->subjects.name(message.subject);
        m_messages.push_back(message);
    }
}

void FakeHistory::expire(std::size_t messages)
{
    const std::scoped_lock lock(m_mutex);
    m_messages.erase(m_messages.begin(), m_messages.begin() + static_cast<std::ptrdiff_t>(messages));
}

void FakeHistory::clear()
{
    const std::scoped_lock lock(m_mutex);
    m_messages.clear();
    m_next = 1;
}

void FakeHistory::failOpen(std::optional<Error> error)
{
    const std::scoped_lock lock(m_mutex);
    m_openError = std::move(error);
}

void FakeHistory::failScanAt(std::uint64_t seq)
{
    const std::scoped_lock lock(m_mutex);
    m_failAt = seq;
}

int FakeHistory::opened() const
{
    const std::scoped_lock lock(m_mutex);
    return m_opened;
}

Result<std::unique_ptr<HistoryReader>> FakeHistory::open()
{
    const std::scoped_lock lock(m_mutex);
    ++m_opened;
    if (m_openError)
        return *m_openError;
    return std::unique_ptr<HistoryReader>(std::make_unique<FakeReader>(*this));
}

} // namespace weir::test
