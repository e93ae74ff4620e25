// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Gap.h"
#include "core/history/RollupBuilder.h"
#include "core/history/RollupSum.h"
#include "core/history/SummingSink.h"
#include "core/topology/FlowGraph.h"
#include "core/topology/PopSums.h"

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace weir {

/// The flow of what passes by, or was summed up, for drawing it again and again: sums in some hundred steps
/// of the range, so that a range that moves on lets its oldest step go. It is fed on one thread, and asked on
/// any.
class FlowTracker final : public SummingSink
{
public:
    /// `span`: how long the range is; what is older than that before the newest message is let go where
    /// `moves`.
    FlowTracker(Nanoseconds span, bool moves);

    void consume(const std::shared_ptr<const Batch>& batch) override;
    [[nodiscard]] std::int64_t sumWidth(bool expired) override;
    /// A picture that is drawn once a second.
    [[nodiscard]] bool canWait() const override { return true; }
    void consumeSums(const RollupSlot& slot, const std::shared_ptr<const Names>& names) override;
    void startOver() override;

    /// The graph of what was received in [from, to), to the step. `gaps` of that range: rates are of the time
    /// in which something was recorded, which began at `recordedFrom`; where that is not known, with the
    /// first message. `alike`: groups of another graph, which are drawn together as this one's are.
    [[nodiscard]] FlowGraph graph(Timestamp from, Timestamp to, const std::vector<Gap>& gaps,
                                  const std::vector<std::string>& alike = {},
                                  Timestamp recordedFrom = kNoTime) const;
    /// The groups of subjects that are held.
    [[nodiscard]] std::vector<std::string> groups() const;
    /// Likewise by PoP, by name; also of reply and system subjects.
    [[nodiscard]] std::vector<PopSum> pops(Timestamp from, Timestamp to, const std::vector<Gap>& gaps,
                                           Timestamp recordedFrom = kNoTime) const;
    /// Grows with whatever comes.
    [[nodiscard]] std::uint64_t revision() const;

private:
    /// What was added up of a range.
    struct Held
    {
        std::shared_ptr<const Names> names; ///< null: nothing was
        Nanoseconds recorded{0};
    };
    /// Added up, or told once and not added to since: what is drawn again and again is not sorted again.
    struct Step
    {
        std::optional<RollupSum> open;
        RollupSlot told; ///< where it is not open
        [[nodiscard]] std::size_t keys() const { return open ? open->keys() : told.cells.size(); }
    };
    [[nodiscard]] static const RollupSlot& toldOf(Step& step);
    template<typename Sums>
    [[nodiscard]] Held gather(Timestamp from, Timestamp to, const std::vector<Gap>& gaps,
                              Timestamp recordedFrom, Sums& into) const;
    void add(const RollupSlot& slot);
    void addToStep(const RollupSlot& slot);
    void letGo();
    [[nodiscard]] RollupSlot inOwnGroups(const RollupSlot& slot, const Names& names);
    void coarsen();
    [[nodiscard]] static std::int64_t widthFor(Nanoseconds span);

    const Nanoseconds m_span;
    const bool m_moves;
    /// Ours: a message may be the first of its group, which the history has no id for yet.
    const std::shared_ptr<Dictionary<GroupId>> m_groups = std::make_shared<Dictionary<GroupId>>();
    std::optional<RollupBuilder> m_builder; ///< of the feeding thread
    std::vector<GroupId> m_ownGroups;       ///< by the history's id; of the feeding thread
    mutable std::mutex m_mutex;
    // All guarded by m_mutex.
    std::int64_t m_width;
    mutable std::map<std::int64_t, Step> m_steps; ///< by their start, in seconds since 1970
    std::size_t m_cells = 0;                      ///< how many keys the steps hold
    std::shared_ptr<const Names> m_names;
    std::uint64_t m_revision = 0;
};

/// How much of [from, to) was recorded: without the gaps between recordings.
[[nodiscard]] Nanoseconds recordedWithin(const std::vector<Gap>& gaps, Timestamp from, Timestamp to);

/// What a flow of [from, to) lacks for these gaps, a line each. What has expired is lacking only in a flow of
/// messages that a filter chose: sums know nothing of the filter.
[[nodiscard]] std::vector<std::string> missingIn(const std::vector<Gap>& gaps, Timestamp from, Timestamp to,
                                                 bool filtered);

} // namespace weir
