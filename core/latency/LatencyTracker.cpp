// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/latency/LatencyTracker.h"

#include "core/envelope/Names.h"
#include "core/latency/LatencyStore.h"

#include <algorithm>
#include <array>
#include <limits>
#include <map>
#include <mutex>

namespace weir {
namespace {

constexpr std::int64_t kNoSecond = std::numeric_limits<std::int64_t>::min();
constexpr std::int64_t kNever = std::numeric_limits<std::int64_t>::max();

std::int64_t floorSecond(Timestamp time)
{
    return std::chrono::floor<std::chrono::seconds>(time).time_since_epoch().count();
}

Timestamp toTime(std::int64_t second)
{
    return Timestamp(std::chrono::seconds(second));
}

/// The number of slots of `width` that [from, to) touches.
std::int64_t touched(std::int64_t from, std::int64_t to, std::int64_t width)
{
    return (to - 1) / width - from / width + 1;
}

/// The smallest round width with which [from, to) has at most `points` points.
std::int64_t roundWidth(std::int64_t from, std::int64_t to, std::size_t points)
{
    constexpr std::array<std::int64_t, 16> kRound{1,   2,   5,    10,   15,   30,    60,    120,
                                                  300, 600, 1800, 3600, 7200, 21600, 43200, 86400};
    const auto limit = static_cast<std::int64_t>(std::max<std::size_t>(points, 1));
    for (const std::int64_t width : kRound) {
        if (touched(from, to, width) <= limit)
            return width;
    }
    std::int64_t width = kRound.back();
    while (touched(from, to, width) > limit && width < std::numeric_limits<std::int64_t>::max() / 4)
        width *= 2;
    return width;
}

void figures(LatencyFigures& out, const LatencySum& sum)
{
    out.count = sum.histogram.total();
    out.unknown = sum.unknown;
    out.skewed = sum.skewed;
    out.min = sum.histogram.percentile(0);
    out.p50 = sum.histogram.percentile(50);
    out.p90 = sum.histogram.percentile(90);
    out.p99 = sum.histogram.percentile(99);
    out.max = sum.histogram.max();
}

struct PopName
{
    PopId id;
    std::string name;
};

using CellsOfPop = std::vector<std::pair<const LatencySlot*, const LatencyCell*>>;

/// Merges one PoP's cells (oldest first) into points of at least `width` seconds and their sum.
PopLatency reduce(const CellsOfPop& cells, std::int64_t width, LatencySum& point, LatencySum& all)
{
    PopLatency result;
    all.clear();
    for (std::size_t i = 0; i < cells.size();) {
        // A slot that is coarser than the points wanted is a point by itself.
        const std::int64_t wide = std::max(width, cells[i].first->width);
        const std::int64_t start = cells[i].first->second / wide * wide;
        point.clear();
        for (; i < cells.size() && cells[i].first->second < start + wide; ++i) {
            point.add(*cells[i].first, *cells[i].second);
            all.add(*cells[i].first, *cells[i].second);
        }
        LatencyPoint& made = result.points.emplace_back();
        figures(made, point);
        made.time = toTime(start);
        made.width = std::chrono::seconds(wide);
    }
    figures(result.summary, all);
    return result;
}

} // namespace

struct LatencyTracker::State
{
    explicit State(const Options& o) : options(o), store(o)
    {
        names.push_back({PopId{}, "no PoP"});
        names.push_back({PopId{}, "other PoPs"});
        open.resize(names.size());
    }

    std::uint32_t numberOf(PopId pop, std::string_view name);
    LatencySum& sumOf(std::uint32_t number);
    void record(const Message& message);
    void record(const RollupSlot& slot, const RollupCell& cell, const Names& known);
    /// Counts into [start, start + wide) from here on.
    void count(std::int64_t start, std::int64_t wide);
    [[nodiscard]] LatencySlotPtr openSlot() const;
    void seal();
    void startOver();
    /// Slots that touch [from, to), the open one included, oldest first; and the names as they are then.
    [[nodiscard]] std::vector<LatencySlotPtr> range(std::int64_t from, std::int64_t to,
                                                    std::vector<PopName>& popNames) const;

    const Options options;
    mutable std::mutex mutex;
    // All guarded by mutex.
    LatencyStore store;
    std::vector<PopName> names;                    ///< by our own number: 0 none, 1 others
    std::vector<std::uint32_t> numbers;            ///< PopId → our number; 0: not yet
    std::vector<std::unique_ptr<LatencySum>> open; ///< of the slot being counted, by our number
    std::int64_t second = kNoSecond;               ///< where it begins
    std::int64_t width = 1;                        ///< of it
    std::int64_t newest = kNoSecond;
    std::uint64_t revision = 0;
};

std::uint32_t LatencyTracker::State::numberOf(PopId pop, std::string_view name)
{
    // Ids are given in order, so an id far out means very many PoPs: rubbish in a header.
    constexpr std::uint32_t kMaxId = 1U << 16U;
    const std::uint32_t id = pop.value;
    if (id == 0)
        return 0;
    if (id >= kMaxId)
        return 1;
    if (id >= numbers.size())
        numbers.resize(id + 1, 0);
    if (numbers[id] == 0) {
        if (names.size() >= options.maxPops + 2) {
            numbers[id] = 1;
        } else {
            numbers[id] = static_cast<std::uint32_t>(names.size());
            names.push_back({pop, std::string(name)});
            open.emplace_back();
        }
    }
    return numbers[id];
}

LatencySum& LatencyTracker::State::sumOf(std::uint32_t number)
{
    std::unique_ptr<LatencySum>& sum = open[number];
    if (!sum)
        sum = std::make_unique<LatencySum>();
    return *sum;
}

void LatencyTracker::State::count(std::int64_t start, std::int64_t wide)
{
    if (start == second && wide == width)
        return;
    seal();
    second = start;
    width = wide;
    newest = std::max(newest, start);
}

void LatencyTracker::State::record(const Message& message)
{
    if (message.time == kNoTime)
        return;
    count(floorSecond(message.time), kSecondSlot);
    LatencySum& sum = sumOf(numberOf(message.pop, message.popName));
    const Nanoseconds latency = message.latency();
    if (latency == kNoDuration)
        ++sum.unknown;
    else if (latency < Nanoseconds(0))
        ++sum.skewed;
    else
        sum.histogram.record(latency);
}

void LatencyTracker::State::record(const RollupSlot& slot, const RollupCell& cell, const Names& known)
{
    const bool rest = cell.key == RollupKey{};
    LatencySum& sum = sumOf(rest ? 1 : numberOf(cell.key.pop, known.pops.name(cell.key.pop)));
    for (std::uint32_t i = cell.begin; i < cell.end; ++i)
        sum.histogram.add(slot.buckets[i].index, slot.buckets[i].count);
    sum.histogram.noteMax(cell.longest);
    sum.unknown += cell.unknown;
    sum.skewed += cell.skewed;
}

LatencySlotPtr LatencyTracker::State::openSlot() const
{
    auto slot = std::make_shared<LatencySlot>();
    slot->second = second;
    slot->width = width;
    for (std::uint32_t pop = 0; pop < open.size(); ++pop) {
        if (open[pop] && !open[pop]->isEmpty())
            appendCell(*slot, pop, *open[pop]);
    }
    slot->cells.shrink_to_fit();
    slot->buckets.shrink_to_fit();
    slot->counts.shrink_to_fit();
    return slot->cells.empty() ? nullptr : slot;
}

void LatencyTracker::State::seal()
{
    if (second == kNoSecond)
        return;
    if (LatencySlotPtr slot = openSlot())
        store.add(std::move(slot));
    for (const auto& sum : open) {
        if (sum)
            sum->clear();
    }
    store.trim(newest);
}

void LatencyTracker::State::startOver()
{
    store = LatencyStore(options);
    open.clear();
    open.resize(names.size());
    second = newest = kNoSecond;
    ++revision;
}

std::vector<LatencySlotPtr> LatencyTracker::State::range(std::int64_t from, std::int64_t to,
                                                         std::vector<PopName>& popNames) const
{
    std::vector<LatencySlotPtr> slots;
    {
        const std::scoped_lock lock(mutex);
        slots = store.range(from, to);
        if (second != kNoSecond && second + width > from && second < to) {
            if (LatencySlotPtr slot = openSlot())
                slots.push_back(std::move(slot));
        }
        popNames = names;
    }
    std::stable_sort(slots.begin(), slots.end(),
                     [](const LatencySlotPtr& a, const LatencySlotPtr& b) { return a->second < b->second; });
    return slots;
}

LatencyTracker::LatencyTracker() : LatencyTracker(Options{}) {}
LatencyTracker::LatencyTracker(const Options& options) : m_state(std::make_unique<State>(options)) {}
LatencyTracker::~LatencyTracker() = default;

void LatencyTracker::consume(const std::shared_ptr<const Batch>& batch)
{
    const std::scoped_lock lock(m_state->mutex);
    for (const Message& message : batch->messages)
        m_state->record(message);
    ++m_state->revision;
}

void LatencyTracker::tick(Timestamp now)
{
    // Time passes also where nothing comes: what is too old goes.
    const std::scoped_lock lock(m_state->mutex);
    const std::int64_t second = floorSecond(now);
    if (m_state->newest == kNoSecond || second <= m_state->newest)
        return;
    m_state->seal();
    m_state->second = kNoSecond;
    m_state->newest = second;
    m_state->store.trim(second);
}

std::int64_t LatencyTracker::sumWidth(bool /*expired*/)
{
    return m_state->options.sumWidth;
}

void LatencyTracker::consumeSums(const RollupSlot& slot, const std::shared_ptr<const Names>& names)
{
    const std::scoped_lock lock(m_state->mutex);
    m_state->count(slot.start, slot.width);
    for (const RollupCell& cell : slot.cells)
        m_state->record(slot, cell, *names);
    ++m_state->revision;
}

void LatencyTracker::startOver()
{
    const std::scoped_lock lock(m_state->mutex);
    m_state->startOver();
}

std::vector<PopLatency> LatencyTracker::series(Timestamp from, Timestamp to, std::size_t maxPoints) const
{
    const std::int64_t first = from == kNoTime ? kNoSecond : floorSecond(from);
    const std::int64_t last = to == Timestamp::max() ? kNever : floorSecond(to - Nanoseconds(1)) + 1;
    std::vector<PopName> names;
    const std::vector<LatencySlotPtr> slots = m_state->range(first, last, names);
    if (slots.empty())
        return {};
    // The points' width follows what was asked for, not what there is, so that it stands while data comes in.
    const std::int64_t kept = std::chrono::floor<std::chrono::seconds>(m_state->options.keepFor).count();
    const std::int64_t begin = std::max(first, slots.front()->second - kept);
    const std::int64_t end = std::min(last, slots.back()->end() + kept);
    const std::int64_t width = roundWidth(first == kNoSecond ? slots.front()->second : begin,
                                          last == kNever ? slots.back()->end() : end, maxPoints);
    std::map<std::uint32_t, CellsOfPop> byPop;
    for (const LatencySlotPtr& slot : slots) {
        for (const LatencyCell& cell : slot->cells)
            byPop[cell.pop].emplace_back(slot.get(), &cell);
    }
    const auto point = std::make_unique<LatencySum>();
    const auto all = std::make_unique<LatencySum>();
    std::vector<PopLatency> result;
    for (const auto& [pop, cells] : byPop) {
        PopLatency& made = result.emplace_back(reduce(cells, width, *point, *all));
        made.pop = names[pop].id;
        made.name = names[pop].name;
    }
    const auto messages = [](const PopLatency& p) {
        return p.summary.count + p.summary.unknown + p.summary.skewed;
    };
    std::stable_sort(result.begin(), result.end(),
                     [&](const PopLatency& a, const PopLatency& b) { return messages(a) > messages(b); });
    return result;
}

std::uint64_t LatencyTracker::revision() const
{
    const std::scoped_lock lock(m_state->mutex);
    return m_state->revision;
}

Timestamp LatencyTracker::oldest() const
{
    const std::scoped_lock lock(m_state->mutex);
    const std::int64_t open = m_state->second == kNoSecond ? kNever : m_state->second;
    const std::int64_t second = std::min(open, m_state->store.oldest());
    return second == kNever ? kNoTime : toTime(second);
}

Timestamp LatencyTracker::newest() const
{
    const std::scoped_lock lock(m_state->mutex);
    return m_state->newest == kNoSecond ? kNoTime : toTime(m_state->newest);
}

Timestamp LatencyTracker::keptFrom() const
{
    const std::scoped_lock lock(m_state->mutex);
    const std::int64_t second = m_state->store.keptFrom();
    return second == kNoSecond ? kNoTime : toTime(second);
}

std::size_t LatencyTracker::memory() const
{
    const std::scoped_lock lock(m_state->mutex);
    return m_state->store.footprint();
}

} // namespace weir
