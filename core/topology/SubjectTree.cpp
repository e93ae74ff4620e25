// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/topology/SubjectTree.h"

#include "core/topology/SubjectGrowth.h"

#include <algorithm>
#include <limits>
#include <mutex>
#include <utility>

namespace weir {
namespace {

using Index = SubjectNodes::Index;

/// Ids beyond this are looked up by name every time: a bound for what one odd id may cost.
constexpr std::uint32_t kMaxKnownId = 1U << 27U;
/// How far ahead of the message counted the next ones' cache lines are asked for.
constexpr std::size_t kAhead = 12;
constexpr std::uint32_t kReclaimEvery = 10; ///< seconds

std::uint32_t secondOf(std::int64_t nanos)
{
    return static_cast<std::uint32_t>(std::clamp<std::int64_t>(nanos / 1'000'000'000, 0, UINT32_MAX));
}

} // namespace

std::vector<std::string> patternsOf(const SubjectNode& node)
{
    std::vector<std::string> patterns;
    if (node.path.empty())
        return patterns;
    if (node.own > 0 || node.children == 0)
        patterns.push_back(node.path);
    if (node.children > 0)
        patterns.push_back(node.path + ".>");
    return patterns;
}

struct SubjectTree::State
{
    explicit State(const Options& o)
        : options(o), sparklines(o.maxSparklines), growth(nodes, sparklines, options)
    {
        for (const std::string& path : options.shape.split)
            nodes.links(growth.keep(path)).split = true;
        for (const std::string& path : options.shape.folded)
            growth.fold(growth.keep(path));
        pin(options.shape.pinned);
    }

    void pin(const std::vector<std::string>& paths)
    {
        for (const std::string& path : pinned) {
            if (const Index node = growth.find(path); node != 0)
                nodes.links(node).pinned = false;
        }
        pinned = paths;
        for (const std::string& path : pinned)
            nodes.links(growth.keep(path)).pinned = true;
    }

    void count(const Message& message);
    Index placeOf(const Message& message);
    /// Adds what is pending at the nodes of `dirty` to them and to all above them.
    void addUp();
    void note(Index node, std::uint32_t messages, std::uint64_t bytes, std::int64_t lastSeen);
    void takeBack(const Message& message);
    void moveTo(std::uint32_t second);
    void reuseNodes();
    void prefetch(const Message& message) const;
    [[nodiscard]] SubjectNode view(Index node) const;

    const Options options;
    mutable std::mutex mutex;
    // All guarded by mutex.
    SubjectNodes nodes;
    SubjectSparklines sparklines;
    SubjectGrowth growth;
    std::vector<Index> places; ///< by SubjectId; 0: not yet known; may be a node that has ended since
    std::vector<Index> dirty;
    std::vector<std::string> pinned;
    std::uint32_t pendingSecond = 0; ///< of what is pending
    std::uint32_t second = 0;        ///< the newest there was
    std::uint32_t reclaimed = 0;
    std::uint64_t revision = 0;
};

void SubjectTree::State::prefetch(const Message& message) const
{
    const std::uint32_t id = message.subject.value;
    if (id >= places.size())
        return;
    __builtin_prefetch(&nodes.counts(places[id]), 1);
    __builtin_prefetch(&nodes.links(places[id]), 1);
}

Index SubjectTree::State::placeOf(const Message& message)
{
    const std::uint32_t id = message.subject.value;
    const bool known = id != 0 && id < kMaxKnownId;
    if (known && id < places.size() && places[id] != 0) {
        const Index node = places[id];
        return nodes.links(node).dead ? places[id] = nodes.living(node) : node;
    }
    addUp();
    const Index node = growth.place(message.subjectName);
    if (known) {
        if (id >= places.size())
            places.resize(std::max<std::size_t>(id + 1, places.size() + places.size() / 4), 0);
        places[id] = node;
    }
    return node;
}

void SubjectTree::State::count(const Message& message)
{
    constexpr std::uint32_t kFull = std::numeric_limits<std::uint32_t>::max() / 2;
    const std::int64_t time = toUnixNanos(message.time);
    if (const std::uint32_t now = secondOf(time); now != pendingSecond) {
        addUp();
        pendingSecond = now;
        moveTo(now);
    }
    const std::uint64_t bytes = message.size();
    const Index node = placeOf(message);
    SubjectCounts& counts = nodes.counts(node);
    if (counts.pendingBytes > kFull || bytes > kFull || counts.pendingCount > kFull)
        addUp();
    counts.lastSeen = std::max(counts.lastSeen, time);
    if (bytes > kFull) {
        ++nodes.links(node).own;
        return note(node, 1, bytes, time);
    }
    if (counts.pendingCount++ == 0)
        dirty.push_back(node);
    counts.pendingBytes += static_cast<std::uint32_t>(bytes);
}

void SubjectTree::State::note(Index node, std::uint32_t messages, std::uint64_t bytes, std::int64_t lastSeen)
{
    for (;; node = nodes.links(node).parent) {
        SubjectCounts& counts = nodes.counts(node);
        if (counts.sparkline == 0)
            counts.sparkline = sparklines.take(node, nodes.links(node).children > 0);
        counts.count += messages;
        counts.bytes += bytes;
        counts.lastSeen = std::max(counts.lastSeen, lastSeen);
        noteActivity(counts, sparklines, pendingSecond, messages);
        if (node == SubjectNodes::kRoot)
            return;
    }
}

/// From the place that counts it now, which may be another than when it came: merges keep sums.
void SubjectTree::State::takeBack(const Message& message)
{
    Index node = placeOf(message);
    const auto less = [](std::uint64_t& sum, std::uint64_t by) { sum -= std::min(sum, by); };
    less(nodes.links(node).own, 1);
    for (;; node = nodes.links(node).parent) {
        less(nodes.counts(node).count, 1);
        less(nodes.counts(node).bytes, message.size());
        if (node == SubjectNodes::kRoot)
            return;
    }
}

void SubjectTree::State::addUp()
{
    for (std::size_t i = 0; i < dirty.size(); ++i) {
        if (i + kAhead < dirty.size())
            sparklines.prefetch(nodes.counts(dirty[i + kAhead]).sparkline, pendingSecond);
        const Index node = dirty[i];
        SubjectCounts& counts = nodes.counts(node);
        nodes.links(node).own += counts.pendingCount;
        note(node, std::exchange(counts.pendingCount, 0), std::exchange(counts.pendingBytes, 0),
             counts.lastSeen);
    }
    dirty.clear();
}

void SubjectTree::State::moveTo(std::uint32_t now)
{
    if (now <= second)
        return;
    second = now;
    ++revision;
    if (!sparklines.isShort() || now - reclaimed < kReclaimEvery)
        return;
    reclaimed = now;
    sparklines.reclaim([this](Index node) {
        SubjectCounts& counts = nodes.counts(node);
        if (counts.second + SubjectSparklines::kSeconds >= second)
            return false;
        counts.sparkline = 0;
        return true;
    });
}

void SubjectTree::State::reuseNodes()
{
    if (nodes.deadCount() < std::max<std::size_t>(4096, nodes.size() / 4))
        return;
    for (Index& place : places) {
        if (place != 0)
            place = nodes.living(place);
    }
    nodes.reuseDead();
}

SubjectNode SubjectTree::State::view(Index node) const
{
    const SubjectLinks& links = nodes.links(node);
    const SubjectCounts& counts = nodes.counts(node);
    SubjectNode made;
    made.id = nodes.idOf(node);
    made.parent = nodes.idOf(node == SubjectNodes::kRoot ? node : links.parent);
    made.kind = links.kind;
    made.token = links.token;
    made.path = nodes.pathOf(node);
    made.pinned = links.pinned;
    made.split = links.split;
    made.folded = links.folded;
    made.children = links.children;
    if (node == SubjectNodes::kRoot) {
        for (const Index group : {SubjectNodes::kSystem, SubjectNodes::kInboxes})
            made.children -= nodes.counts(group).count == 0 ? 1 : 0;
    }
    made.distinct = links.distinct ? links.distinct->estimate() : 0;
    made.own = links.own;
    made.count = counts.count;
    made.bytes = counts.bytes;
    made.lastSeen = counts.count == 0 ? kNoTime : fromUnixNanos(counts.lastSeen);
    made.rate = recentRate(counts, second);
    made.sparkline = sparklineOf(counts, sparklines, second);
    return made;
}

SubjectTree::SubjectTree() : SubjectTree(Options{}) {}
SubjectTree::SubjectTree(const Options& options) : m_state(std::make_unique<State>(options)) {}
SubjectTree::~SubjectTree() = default;

void SubjectTree::consume(const std::shared_ptr<const Batch>& batch)
{
    const std::scoped_lock lock(m_state->mutex);
    const std::vector<Message>& messages = batch->messages;
    for (std::size_t i = 0; i < messages.size(); ++i) {
        if (i + kAhead < messages.size())
            m_state->prefetch(messages[i + kAhead]);
        m_state->count(messages[i]);
    }
    m_state->addUp();
    m_state->reuseNodes();
    ++m_state->revision;
}

void SubjectTree::forget(const std::shared_ptr<const Batch>& batch)
{
    const std::scoped_lock lock(m_state->mutex);
    m_state->addUp();
    for (const Message& message : batch->messages)
        m_state->takeBack(message);
    ++m_state->revision;
}

void SubjectTree::tick(Timestamp now)
{
    const std::scoped_lock lock(m_state->mutex);
    m_state->moveTo(secondOf(toUnixNanos(now)));
}

void SubjectTree::setPinned(const std::vector<std::string>& paths)
{
    const std::scoped_lock lock(m_state->mutex);
    m_state->pin(paths);
    ++m_state->revision;
}

std::optional<SubjectNode> SubjectTree::at(const std::string& path) const
{
    const std::scoped_lock lock(m_state->mutex);
    const Index index = m_state->growth.find(path);
    return index == 0 ? std::nullopt : std::optional(m_state->view(index));
}

SubjectNode SubjectTree::root() const
{
    const std::scoped_lock lock(m_state->mutex);
    return m_state->view(SubjectNodes::kRoot);
}

std::optional<SubjectNode> SubjectTree::node(SubjectNodeId id) const
{
    const std::scoped_lock lock(m_state->mutex);
    const Index index = m_state->nodes.indexOf(id);
    return index == 0 ? std::nullopt : std::optional(m_state->view(index));
}

SubjectPage SubjectTree::children(SubjectNodeId id, SubjectSort sort, std::size_t offset,
                                  std::size_t limit) const
{
    const std::scoped_lock lock(m_state->mutex);
    const SubjectNodes& nodes = m_state->nodes;
    const Index parent = nodes.indexOf(id);
    SubjectPage page;
    if (parent == 0)
        return page;
    struct Entry
    {
        Index node;
        bool group;
        double key; ///< larger comes first; 0 where names decide
    };
    const auto keyOf = [&](const SubjectCounts& counts) {
        switch (sort) {
        case SubjectSort::Rate:
            return recentRate(counts, m_state->second);
        case SubjectSort::Count:
            return static_cast<double>(counts.count);
        case SubjectSort::Bytes:
            return static_cast<double>(counts.bytes);
        case SubjectSort::LastSeen:
            return static_cast<double>(counts.lastSeen);
        case SubjectSort::Name:
            break;
        }
        return 0.0;
    };
    std::vector<Entry> entries;
    for (Index child = nodes.links(parent).firstChild; child != 0; child = nodes.links(child).nextSibling) {
        const bool group = child == SubjectNodes::kSystem || child == SubjectNodes::kInboxes;
        if (nodes.counts(child).count > 0)
            entries.push_back({child, group, keyOf(nodes.counts(child))});
    }
    page.total = entries.size();
    offset = std::min(offset, entries.size());
    const std::size_t end = offset + std::min(limit, entries.size() - offset);
    std::partial_sort(entries.begin(), entries.begin() + static_cast<std::ptrdiff_t>(end), entries.end(),
                      [&nodes](const Entry& a, const Entry& b) {
                          if (a.group != b.group)
                              return b.group;
                          if (a.key != b.key)
                              return a.key > b.key;
                          return std::pair(std::string_view(nodes.links(a.node).token), a.node) <
                                 std::pair(std::string_view(nodes.links(b.node).token), b.node);
                      });
    for (std::size_t i = offset; i < end; ++i)
        page.nodes.push_back(m_state->view(entries[i].node));
    return page;
}

std::uint64_t SubjectTree::revision() const
{
    const std::scoped_lock lock(m_state->mutex);
    return m_state->revision;
}

std::uint64_t SubjectTree::structureRevision() const
{
    const std::scoped_lock lock(m_state->mutex);
    return m_state->nodes.changes();
}

std::size_t SubjectTree::nodeCount() const
{
    const std::scoped_lock lock(m_state->mutex);
    return m_state->nodes.size();
}

std::size_t SubjectTree::memory() const
{
    const std::scoped_lock lock(m_state->mutex);
    return m_state->nodes.footprint() + m_state->sparklines.footprint() +
           m_state->places.capacity() * sizeof(Index);
}

} // namespace weir
