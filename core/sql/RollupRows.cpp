// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sql/RollupRows.h"

#include "core/envelope/Names.h"
#include "core/history/RollupSum.h"

#include <algorithm>
#include <utility>

namespace weir {
namespace {

constexpr std::size_t kAhead = 16; ///< slots
constexpr std::chrono::milliseconds kPatience{50};

SqlValue text(std::string_view value)
{
    return value.empty() ? SqlValue() : SqlValue(std::string(value));
}

SqlValue number(std::uint64_t value)
{
    return {static_cast<std::int64_t>(value)};
}

SqlValue micros(Nanoseconds latency)
{
    return latency == kNoDuration ? SqlValue() : SqlValue(latency.count() / 1000);
}

SqlValue moment(std::int64_t second)
{
    return {formatRfc3339(Timestamp(std::chrono::seconds(second)))};
}

} // namespace

Result<void> RollupRows::begin(const RollupQuery& query)
{
    stop();
    m_query = query;
    m_slot = {};
    m_cell = 0;
    m_atEnd = query.width == 0 || query.from >= query.to;
    if (m_atEnd)
        return {};
    auto reader = m_history.takeReader();
    if (!reader)
        return reader.error();
    m_reader = std::move(*reader);
    m_names = m_reader->names();
    m_history.noteRead(slotBegin(query.from, query.width), slotEnd(query.to, query.width));
    m_thread = std::jthread([this](const std::stop_token& stop) { read(stop); });
    return {};
}

void RollupRows::stop()
{
    if (m_thread.joinable()) {
        m_thread.request_stop();
        m_thread.join();
    }
    m_ready.clear();
    m_done.reset();
    if (m_reader)
        m_history.giveBack(std::move(m_reader));
}

bool RollupRows::isWanted(const RollupCell& cell) const
{
    return (!m_query.pop || m_names->pops.name(cell.key.pop) == *m_query.pop) &&
           (!m_query.identity || m_names->identities.at(cell.key.identity).name == *m_query.identity);
}

void RollupRows::read(const std::stop_token& stop)
{
    RollupSum sum(m_query.width); // several slots may share a start
    const auto flush = [&] { return sum.isEmpty() || put(sum.take(), stop); };
    auto done = m_reader->sums(m_query.from, m_query.to, m_query.width, stop, [&](const RollupSlot& slot) {
        if (!sum.isEmpty() && sum.start() != slot.start && !flush())
            return false;
        sum.add(slot);
        return true;
    });
    if (done)
        (void)flush();
    const std::scoped_lock lock(m_mutex);
    m_done = std::move(done);
    m_news.notify_one();
}

bool RollupRows::put(RollupSlot slot, const std::stop_token& stop)
{
    slot.cells.erase(std::remove_if(slot.cells.begin(), slot.cells.end(),
                                    [this](const RollupCell& cell) { return !isWanted(cell); }),
                     slot.cells.end());
    if (slot.cells.empty())
        return !stop.stop_requested();
    std::unique_lock lock(m_mutex);
    if (!m_taken.wait(lock, stop, [this] { return m_ready.size() < kAhead; }))
        return false;
    m_ready.push_back(std::move(slot));
    m_news.notify_one();
    return true;
}

Result<bool> RollupRows::next()
{
    m_counted = false;
    if (m_atEnd || m_cell + 1 < m_slot.cells.size()) {
        m_cell += m_atEnd ? 0 : 1;
        return true;
    }
    std::unique_lock lock(m_mutex);
    if (!m_news.wait_for(lock, kPatience, [this] { return m_done || !m_ready.empty(); }))
        return false;
    if (m_ready.empty()) {
        m_atEnd = true;
        return *m_done ? Result<bool>(true) : Result<bool>(m_done->error());
    }
    m_slot = std::move(m_ready.front());
    m_cell = 0;
    m_ready.pop_front();
    m_taken.notify_one();
    return true;
}

SqlValue RollupRows::percentile(double percent)
{
    if (!m_latencies)
        m_latencies = std::make_unique<Histogram>();
    if (!std::exchange(m_counted, true)) {
        m_latencies->clear();
        for (std::uint32_t i = cell().begin; i < cell().end; ++i)
            m_latencies->add(m_slot.buckets[i].index, m_slot.buckets[i].count);
        m_latencies->noteMax(cell().longest);
    }
    return micros(m_latencies->percentile(percent));
}

SqlValue RollupRows::value(RollupColumn column)
{
    const RollupKey& key = cell().key;
    switch (column) {
    case RollupColumn::FromTime:
        return moment(m_slot.start);
    case RollupColumn::ToTime:
        return moment(m_slot.start + m_slot.width);
    case RollupColumn::Resolution:
        return text(m_slot.width == kMinuteSlot ? "minute" : "second");
    case RollupColumn::Pop:
        return text(m_names->pops.name(key.pop));
    case RollupColumn::Worker:
        return text(m_names->workers.name(key.worker));
    case RollupColumn::Identity:
        return text(m_names->identities.at(key.identity).name);
    case RollupColumn::Evidence:
        return key == RollupKey{} ? SqlValue()
                                  : text(evidenceName(m_names->identities.evidenceAt(
                                        key.identity, Timestamp(std::chrono::seconds(m_slot.start)))));
    case RollupColumn::Subjects:
        return text(m_names->groups.name(key.group));
    case RollupColumn::Messages:
        return number(cell().count);
    case RollupColumn::Bytes:
        return number(cell().bytes);
    case RollupColumn::Errors:
        return number(cell().errors);
    case RollupColumn::P50:
        return percentile(50);
    case RollupColumn::P90:
        return percentile(90);
    case RollupColumn::P99:
        return percentile(99);
    case RollupColumn::Max:
        return micros(cell().longest);
    case RollupColumn::WithoutLatency:
        return number(cell().unknown);
    case RollupColumn::ClockSkew:
        return number(cell().skewed);
    }
    return {};
}

} // namespace weir
