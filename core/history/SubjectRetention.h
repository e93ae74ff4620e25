// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/envelope/Names.h"
#include "core/filter/SubjectPattern.h"
#include "core/history/BlockEncoder.h"
#include "core/history/BlockInspector.h"
#include "core/history/BlockTable.h"
#include "core/history/Database.h"
#include "core/history/ExpiredGap.h"
#include "core/history/KeepLimits.h"

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <vector>

namespace weir {

/// Removes the messages of a history that are older than their subject's limit. A block of which all is too
/// old goes; one of which a part is, is written anew without that part, once for each limit. What is damaged
/// stays until all that it may hold is too old. The thread of the connection that writes.
class SubjectRetention
{
public:
    using Until = std::chrono::steady_clock::time_point;

    /// `recording`: the one to whose gaps new ones are added. `names`: of the history.
    SubjectRetention(Database& database, std::int64_t recording, const KeepLimits& keep,
                     std::shared_ptr<const Names> names);

    /// One transaction, of some blocks or until `until` has passed. True: there may be more to do.
    [[nodiscard]] Result<bool> step(Timestamp now, Until until);
    /// The first seq of what was written anew since this was asked; smaller blocks may be merged there.
    [[nodiscard]] std::optional<std::uint64_t> takeRewritten();

private:
    using RuleId = std::uint16_t; ///< a place in m_rules

    struct Rule
    {
        SubjectPattern pattern;
        std::string words; ///< the pattern; empty for the rest
        Nanoseconds age;   ///< 0: for ever
    };
    /// Blocks before seq `next` hold nothing that is older than `age` and should not be.
    struct Level
    {
        Nanoseconds age;
        std::uint64_t next = 0;
    };

    [[nodiscard]] Result<bool> work(Timestamp now, Until until);
    [[nodiscard]] Result<std::optional<FoundBlock>> nextBlock(std::uint64_t from);
    /// Whether anything of it went.
    [[nodiscard]] Result<bool> clean(const FoundBlock& block, Timestamp now);
    /// The rules of the subjects in `block`, each once; nothing where its index does not say.
    [[nodiscard]] Result<std::optional<std::vector<RuleId>>> rulesOf(const FoundBlock& block);
    [[nodiscard]] Result<bool> rewrite(const FoundBlock& block, Timestamp now, bool allExpired);
    [[nodiscard]] Result<void> replace(const FoundBlock& block, std::span<const Message* const> kept);
    [[nodiscard]] Result<void> removeWhole(const FoundBlock& block);
    [[nodiscard]] Result<void> writeDown();
    [[nodiscard]] RuleId ruleOf(SubjectId subject);
    [[nodiscard]] bool isOver(RuleId rule, const FoundBlock& block, Timestamp now) const;

    Database& m_database;
    const std::int64_t m_recording;
    const std::shared_ptr<const Names> m_names;
    std::vector<Rule> m_rules;      ///< the last one is of the rest
    std::vector<RuleId> m_subjects; ///< by id: 1 + its rule; 0: not asked yet
    std::vector<Level> m_levels;
    std::map<RuleId, ExpiredStretch> m_removed; ///< in this transaction
    std::optional<std::uint64_t> m_rewritten;
    BlockInspector m_inspector;
    BlockEncoder m_encoder;
    std::optional<BlockTable> m_blocks;
};

} // namespace weir
