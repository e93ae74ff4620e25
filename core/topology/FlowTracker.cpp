// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/topology/FlowTracker.h"

#include "core/topology/FlowSums.h"

#include <algorithm>
#include <set>

namespace weir {
namespace {

constexpr std::int64_t kSteps = 300;         ///< of a range
constexpr std::size_t kMostCells = 200'000;  ///< in all steps: about 40 MB
constexpr std::int64_t kLongest = 1LL << 40; ///< seconds
constexpr std::size_t kMostGaps = 40;        ///< told of one by one

} // namespace

Nanoseconds recordedWithin(const std::vector<Gap>& gaps, Timestamp from, Timestamp to)
{
    Nanoseconds left = to - from;
    for (const Gap& gap : gaps) {
        if (gap.cause != GapCause::NotRecording)
            continue;
        const Timestamp begin = std::max(gap.from, from);
        const Timestamp end = gap.to == kNoTime ? to : std::min(gap.to, to);
        left -= std::max(end - begin, Nanoseconds{0});
    }
    return std::max(left, Nanoseconds{0});
}

namespace {
/// `not_recording` for people.
std::string inWords(GapCause cause)
{
    std::string words(gapCauseName(cause));
    std::replace(words.begin(), words.end(), '_', ' ');
    return words;
}
} // namespace

std::vector<std::string> missingIn(const std::vector<Gap>& gaps, Timestamp from, Timestamp to, bool filtered)
{
    std::vector<std::string> lines;
    std::size_t more = 0;
    for (const Gap& gap : gaps) {
        if (gap.from >= to || (gap.to != kNoTime && gap.to < from) ||
            (gap.cause == GapCause::Expired && !filtered))
            continue;
        if (lines.size() >= kMostGaps)
            ++more;
        else
            lines.push_back(inWords(gap.cause) +
                            (gap.messages ? ", " + std::to_string(*gap.messages) + " messages" : "") +
                            (gap.detail.empty() ? "" : ": " + gap.detail));
    }
    if (more > 0)
        lines.push_back("and " + std::to_string(more) + " gaps more");
    return lines;
}

FlowTracker::FlowTracker(Nanoseconds span, bool moves) : m_span(span), m_moves(moves), m_width(widthFor(span))
{
}

/// Whole minutes from a minute on, so that sums of minutes fall into one step.
std::int64_t FlowTracker::widthFor(Nanoseconds span)
{
    const std::int64_t seconds = std::chrono::ceil<std::chrono::seconds>(span).count();
    const std::int64_t step =
        std::clamp<std::int64_t>((seconds + kSteps - 1) / kSteps, kSecondSlot, kLongest);
    return step < kMinuteSlot ? step : (step + kMinuteSlot - 1) / kMinuteSlot * kMinuteSlot;
}

std::int64_t FlowTracker::sumWidth(bool /*expired*/)
{
    const std::lock_guard lock(m_mutex);
    return m_width % kMinuteSlot == 0 ? kMinuteSlot : kSecondSlot;
}

void FlowTracker::consume(const std::shared_ptr<const Batch>& batch)
{
    if (!m_builder)
        m_builder.emplace(batch->names, m_groups);
    std::vector<const Message*> messages;
    messages.reserve(batch->messages.size());
    for (const Message& message : batch->messages)
        messages.push_back(&message);
    const std::vector<RollupSlot> slots = m_builder->sum(messages);
    const std::lock_guard lock(m_mutex);
    m_names = batch->names;
    for (const RollupSlot& slot : slots)
        add(slot);
}

void FlowTracker::consumeSums(const RollupSlot& slot, const std::shared_ptr<const Names>& names)
{
    const RollupSlot own = inOwnGroups(slot, *names);
    const std::lock_guard lock(m_mutex);
    m_names = names;
    add(own);
}

RollupSlot FlowTracker::inOwnGroups(const RollupSlot& slot, const Names& names)
{
    RollupSlot own = slot;
    for (RollupCell& cell : own.cells) {
        const std::uint32_t id = cell.key.group.value;
        if (id >= m_ownGroups.size())
            m_ownGroups.resize(std::max<std::size_t>(id + 1, 2 * m_ownGroups.size()));
        if (m_ownGroups[id].isNone())
            m_ownGroups[id] = m_groups->intern(names.groups.name(cell.key.group));
        cell.key.group = m_ownGroups[id];
    }
    return own;
}

void FlowTracker::add(const RollupSlot& slot)
{
    ++m_revision;
    addToStep(slot);
    if (m_moves)
        letGo();
    if (m_cells > kMostCells)
        coarsen();
}

void FlowTracker::addToStep(const RollupSlot& slot)
{
    Step& step = m_steps[RollupSum(m_width).startOf(slot.start)];
    m_cells -= step.keys();
    if (!step.open) {
        step.open.emplace(m_width);
        if (!step.told.cells.empty())
            step.open->add(std::exchange(step.told, {}));
    }
    step.open->add(slot);
    m_cells += step.keys();
}

const RollupSlot& FlowTracker::toldOf(Step& step)
{
    if (step.open) {
        step.told = step.open->sum();
        step.open.reset();
    }
    return step.told;
}

void FlowTracker::letGo()
{
    const std::int64_t oldest =
        m_steps.rbegin()->first - std::chrono::ceil<std::chrono::seconds>(m_span).count() - m_width;
    while (m_steps.begin()->first < oldest) {
        m_cells -= m_steps.begin()->second.keys();
        m_steps.erase(m_steps.begin());
    }
}

/// Steps twice as long: half as many keys, where they are the same from step to step.
void FlowTracker::coarsen()
{
    std::map<std::int64_t, Step> finer = std::exchange(m_steps, {});
    m_width *= 2;
    m_cells = 0;
    for (auto& [start, step] : finer)
        addToStep(toldOf(step));
    // Each step has thousands of keys of its own: then they are few enough steps.
    if (m_cells > kMostCells && m_steps.size() > 2)
        coarsen();
}

void FlowTracker::startOver()
{
    const std::lock_guard lock(m_mutex);
    m_steps.clear();
    m_cells = 0;
    m_width = widthFor(m_span);
    ++m_revision;
}

template<typename Sums>
FlowTracker::Held FlowTracker::gather(Timestamp from, Timestamp to, const std::vector<Gap>& gaps,
                                      Timestamp recordedFrom, Sums& into) const
{
    Timestamp first = to;
    const std::lock_guard lock(m_mutex);
    for (auto& [start, step] : m_steps) {
        const auto begin = Timestamp(std::chrono::seconds(start));
        if (begin >= to || begin + std::chrono::seconds(m_width) <= from)
            continue;
        first = std::min(first, begin);
        into.add(toldOf(step));
    }
    if (recordedFrom != kNoTime)
        first = std::min(first, recordedFrom);
    const Timestamp begin = std::max(first, from);
    return begin < to ? Held{m_names, recordedWithin(gaps, begin, to)} : Held{};
}

FlowGraph FlowTracker::graph(Timestamp from, Timestamp to, const std::vector<Gap>& gaps,
                             const std::vector<std::string>& alike, Timestamp recordedFrom) const
{
    FlowSums sums;
    FlowAssembly assembly;
    const Held held = gather(from, to, gaps, recordedFrom, sums);
    const std::uint64_t leftOut =
        held.names ? sums.assemble(*held.names, *m_groups, held.recorded, assembly, alike) : 0;
    FlowGraph graph = assembly.take();
    graph.from = from;
    graph.to = to;
    if (leftOut > 0)
        graph.coverage.push_back(repliesLeftOut(leftOut));
    return graph;
}

std::vector<PopSum> FlowTracker::pops(Timestamp from, Timestamp to, const std::vector<Gap>& gaps,
                                      Timestamp recordedFrom) const
{
    PopSums sums;
    const Held held = gather(from, to, gaps, recordedFrom, sums);
    return held.names ? sums.take(*held.names, held.recorded) : std::vector<PopSum>();
}

std::vector<std::string> FlowTracker::groups() const
{
    std::set<std::string> groups;
    const std::lock_guard lock(m_mutex);
    for (auto& [start, step] : m_steps) {
        for (const RollupCell& cell : toldOf(step).cells)
            groups.emplace(m_groups->name(cell.key.group));
    }
    return {groups.begin(), groups.end()};
}

std::uint64_t FlowTracker::revision() const
{
    const std::lock_guard lock(m_mutex);
    return m_revision;
}

} // namespace weir
