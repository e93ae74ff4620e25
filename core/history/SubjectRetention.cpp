// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/history/SubjectRetention.h"

#include "core/history/Crc32c.h"
#include "core/history/NumberColumn.h"
#include "core/history/ReadBack.h"
#include "core/history/TraceGroupStore.h"

#include <algorithm>
#include <set>

namespace weir {
namespace {

constexpr int kChangedAtOnce = 16; ///< blocks, in one transaction
constexpr int kLookedAtOnce = 128; ///< as well

} // namespace

SubjectRetention::SubjectRetention(Database& database, std::int64_t recording, const KeepLimits& keep,
                                   std::shared_ptr<const Names> names)
    : m_database(database), m_recording(recording), m_names(std::move(names)), m_inspector(database)
{
    for (const KeepRule& rule : keep.subjects)
        m_rules.push_back({SubjectPattern(rule.subject), rule.subject, rule.age});
    m_rules.push_back({SubjectPattern(">"), {}, keep.age});
    std::set<Nanoseconds> ages;
    for (const Rule& rule : m_rules)
        ages.insert(rule.age);
    for (const Nanoseconds age : ages) {
        if (age.count() > 0)
            m_levels.push_back({age});
    }
}

std::optional<std::uint64_t> SubjectRetention::takeRewritten()
{
    return std::exchange(m_rewritten, std::nullopt);
}

Result<bool> SubjectRetention::step(Timestamp now, Until until)
{
    if (!m_blocks) {
        auto blocks = BlockTable::prepare(m_database);
        if (!blocks)
            return blocks.error();
        m_blocks = std::move(*blocks);
    }
    const std::vector<Level> before = m_levels;
    m_removed.clear();
    if (auto begun = m_database.run("BEGIN IMMEDIATE"); !begun)
        return begun.error();
    const auto more = work(now, until);
    auto done = more ? writeDown() : more.error();
    if (done)
        done = m_database.run(m_removed.empty() ? "ROLLBACK" : "COMMIT");
    if (done)
        return *more;
    m_database.rollback();
    m_levels = before;
    return done.error();
}

Result<bool> SubjectRetention::work(Timestamp now, Until until)
{
    if (auto begun = m_inspector.begin(); !begun)
        return begun.error();
    int changed = 0;
    int looked = 0;
    for (Level& level : m_levels) {
        for (;;) {
            const auto block = nextBlock(level.next);
            if (!block)
                return block.error();
            if (!*block || fromUnixNanos((*block)->row.timeMax) >= now - level.age)
                break;
            const auto went = clean(**block, now);
            if (!went)
                return went.error();
            level.next = (*block)->row.lastSeq + 1;
            changed += *went ? 1 : 0;
            if (++looked == kLookedAtOnce || changed == kChangedAtOnce ||
                (changed > 0 && std::chrono::steady_clock::now() >= until))
                return true;
        }
    }
    return false;
}

/// The block that holds seq `from`, or the first one behind it: a block may have grown over what was done.
Result<std::optional<FoundBlock>> SubjectRetention::nextBlock(std::uint64_t from)
{
    auto rows = m_database.prepare(
        "SELECT * FROM block WHERE first_seq >= coalesce((SELECT first_seq FROM block WHERE first_seq <= ?1 "
        "ORDER BY first_seq DESC LIMIT 1), 0) ORDER BY first_seq LIMIT 2");
    if (!rows)
        return rows.error();
    rows->bind(1, from);
    for (;;) {
        const auto row = rows->step();
        if (!row)
            return row.error();
        if (!*row)
            return std::optional<FoundBlock>();
        if (FoundBlock block = blockOf(*rows); block.row.lastSeq >= from)
            return std::optional(block);
    }
}

SubjectRetention::RuleId SubjectRetention::ruleOf(SubjectId subject)
{
    if (subject.value >= m_subjects.size())
        m_subjects.resize(
            std::max<std::size_t>(std::size_t{subject.value} + 1, m_names->subjects.size() + 1));
    RuleId& known = m_subjects[subject.value];
    if (known == 0) {
        const std::string_view name = m_names->subjects.name(subject);
        const auto rule = std::find_if(m_rules.begin(), m_rules.end() - 1,
                                       [name](const Rule& one) { return one.pattern.matches(name); });
        known = static_cast<RuleId>(rule - m_rules.begin() + 1);
    }
    return static_cast<RuleId>(known - 1);
}

bool SubjectRetention::isOver(RuleId rule, const FoundBlock& block, Timestamp now) const
{
    const Nanoseconds age = m_rules[rule].age;
    return age.count() > 0 && fromUnixNanos(block.row.timeMax) < now - age;
}

Result<std::optional<std::vector<SubjectRetention::RuleId>>>
SubjectRetention::rulesOf(const FoundBlock& block)
{
    using Rules = std::optional<std::vector<RuleId>>;
    auto row = m_database.prepare("SELECT subjects FROM block_index WHERE first_seq = ?");
    const auto found = row ? row->bind(1, block.row.firstSeq).step() : Result<bool>(row.error());
    if (!found)
        return found.error();
    const auto bytes = *found ? withoutCrc32c(row->bytes(0)) : std::nullopt;
    std::vector<std::uint32_t> ids;
    if (!bytes || !readIdSet(*bytes, ids))
        return Rules();
    std::set<RuleId> rules;
    for (const std::uint32_t id : ids)
        rules.insert(ruleOf({id}));
    return Rules(std::vector<RuleId>(rules.begin(), rules.end()));
}

Result<bool> SubjectRetention::clean(const FoundBlock& block, Timestamp now)
{
    if (!block.isSound()) // for verify and repair to name
        return false;
    const auto rules = rulesOf(block);
    if (!rules)
        return rules.error();
    const auto over = [&](RuleId rule) { return isOver(rule, block, now); };
    if (!*rules) // whatever it holds, none of it may stay for longer
        return rewrite(block, now, std::all_of(m_rules.begin(), m_rules.end(), [&](const Rule& rule) {
                           return over(static_cast<RuleId>(&rule - m_rules.data()));
                       }));
    if (std::none_of((*rules)->begin(), (*rules)->end(), over))
        return false;
    if ((*rules)->size() > 1)
        return rewrite(block, now, std::all_of((*rules)->begin(), (*rules)->end(), over));
    m_removed[(*rules)->front()].add(block.row.lastSeq, block.row.count, block.row.timeMin,
                                     block.row.timeMax);
    auto done = removeWhole(block);
    return done ? Result<bool>(true) : done.error();
}

Result<bool> SubjectRetention::rewrite(const FoundBlock& block, Timestamp now, bool allExpired)
{
    InspectedBlock whole = m_inspector.inspect(block, BlockInspector::Large::Unread);
    if (!whole.faults.empty()) {
        if (!allExpired)
            return false;
        // Nobody can tell any more which rule's its messages were.
        m_removed[static_cast<RuleId>(m_rules.size() - 1)].add(block.row.lastSeq, block.row.count,
                                                               block.row.timeMin, block.row.timeMax);
        auto done = removeWhole(block);
        return done ? Result<bool>(true) : done.error();
    }
    std::vector<const Message*> kept;
    for (Message& message : whole.messages) {
        const RuleId rule = ruleOf(message.subject);
        if (!isOver(rule, block, now)) {
            message.subjectName = m_names->subjects.name(message.subject); // its length counts
            kept.push_back(&message);
            continue;
        }
        const std::int64_t time = toUnixNanos(message.time);
        m_removed[rule].add(message.seq, 1, time, time);
        if (message.payloadSize <= kLargePayload)
            continue;
        if (auto done = m_blocks->removeLarge(message.seq, message.seq); !done)
            return done.error();
    }
    if (kept.size() == whole.messages.size())
        return false;
    auto done = kept.empty() ? removeWhole(block) : replace(block, kept);
    return done ? Result<bool>(true) : done.error();
}

Result<void> SubjectRetention::replace(const FoundBlock& block, std::span<const Message* const> kept)
{
    EncodedBlock made = m_encoder.encode(kept);
    if (auto same = readBack(made, kept); !same)
        return same;
    made.row.recording = block.row.recording;
    made.row.timeHigh = block.row.timeHigh;
    m_rewritten = std::min(m_rewritten.value_or(made.row.firstSeq), made.row.firstSeq);
    if (auto done = m_blocks->remove(block.row.firstSeq); !done)
        return done;
    return m_blocks->insert(made);
}

Result<void> SubjectRetention::removeWhole(const FoundBlock& block)
{
    if (auto done = m_blocks->remove(block.row.firstSeq); !done)
        return done;
    return m_blocks->removeLarge(block.row.firstSeq, block.row.lastSeq);
}

Result<void> SubjectRetention::writeDown()
{
    for (const auto& [rule, removed] : m_removed) {
        const auto& [pattern, words, age] = m_rules[rule];
        const std::string kept = age.count() > 0 ? "the last " + formatDuration(age) : "what can be read";
        if (auto done = writeExpired(m_database, m_recording, removed, words, kept); !done)
            return done;
    }
    if (m_removed.empty())
        return {};
    if (auto done = forgetTraces(m_database); !done)
        return done;
    return raiseGeneration(m_database);
}

} // namespace weir
