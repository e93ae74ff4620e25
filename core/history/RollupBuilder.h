// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/capture/Message.h"
#include "core/envelope/Names.h"
#include "core/history/Rollup.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <vector>

namespace weir {

/// Whether a message says that something failed: an inline status of 400 and more (`NATS/1.0 503`), or header
/// Nats-Service-Error-Code (NATS ADR-4, ADR-32).
[[nodiscard]] bool saysError(std::string_view headers);

/// Sums messages up second by second. One thread.
class RollupBuilder
{
public:
    /// Gives the ids of new subject groups in `names`, as the only one that does.
    explicit RollupBuilder(std::shared_ptr<Names> names)
        : m_group([names = std::move(names)](SubjectId subject) {
              return giveGroup(*names, names->groups, subject);
          })
    {
    }
    /// Gives the ids of subject groups in `groups`, a dictionary of the caller's own.
    RollupBuilder(std::shared_ptr<const Names> names, std::shared_ptr<Dictionary<GroupId>> groups)
        : m_group([names = std::move(names), groups = std::move(groups)](SubjectId subject) {
              return giveGroup(*names, *groups, subject);
          })
    {
    }
    /// Gives no ids: a subject whose group has none is summed up without.
    explicit RollupBuilder(std::shared_ptr<const Names> names)
        : m_group([names = std::move(names)](SubjectId subject) {
              return findGroup(*names, names->groups, subject);
          })
    {
    }

    /// One slot a second, in the order of `messages` (seqs rising): a second that comes back has another one.
    [[nodiscard]] std::vector<RollupSlot> sum(std::span<const Message* const> messages);

    /// The id of a group that another history had, in `names`; where those are full, of a wider one.
    [[nodiscard]] static GroupId takeGroup(Names& names, std::string_view group);

private:
    /// A latency's bucket, and the cell that it belongs to.
    struct Sample
    {
        std::uint32_t cell;
        std::uint16_t index;
    };

    [[nodiscard]] RollupSlot sumSecond(std::span<const Message* const> messages, std::int64_t second);
    [[nodiscard]] std::uint32_t cellOf(RollupSlot& slot, const RollupKey& key);
    void putBuckets(RollupSlot& slot);
    [[nodiscard]] GroupId groupOf(SubjectId subject);
    [[nodiscard]] static GroupId giveGroup(const Names& names, Dictionary<GroupId>& groups,
                                           SubjectId subject);
    [[nodiscard]] static GroupId findGroup(const Names& names, const Dictionary<GroupId>& groups,
                                           SubjectId subject);

    std::function<GroupId(SubjectId)> m_group;
    std::vector<GroupId> m_groups;       ///< by subject id; none: not decided
    std::vector<std::uint32_t> m_places; ///< open-addressed: 1 + cell, 0: empty
    std::vector<Sample> m_samples;
};

} // namespace weir
