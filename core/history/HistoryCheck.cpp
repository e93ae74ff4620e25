// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/history/HistoryCheck.h"

#include "core/base/Dictionary.h"
#include "core/history/LookStore.h"
#include "core/history/NamePack.h"
#include "core/history/RollupStore.h"
#include "core/history/TraceFilter.h"

#include <algorithm>
#include <array>
#include <utility>

namespace weir {

HistoryCheck::HistoryCheck(Database& database, Tell tell, Progress progress)
    : m_database(database), m_tell(std::move(tell)), m_progress(std::move(progress)), m_inspector(database)
{
}

Result<CheckedHistory> HistoryCheck::run()
{
    if (auto begun = m_database.run("BEGIN"); !begun)
        return begun.error();
    const auto done = checkAll();
    m_database.rollback(); // it was only read
    if (!done)
        return done.error();
    return m_checked;
}

Result<void> HistoryCheck::checkAll()
{
    // What one step cannot read because pages are damaged is told by the first and left out of the others.
    for (const auto step :
         {&HistoryCheck::checkPages, &HistoryCheck::checkDictionaries, &HistoryCheck::checkRows,
          &HistoryCheck::checkBlocks, &HistoryCheck::checkCounts, &HistoryCheck::checkSums,
          &HistoryCheck::checkTraces, &HistoryCheck::checkBrokerLooks}) {
        const auto done = (this->*step)();
        if (!done && done.error().code != ErrorCode::Format)
            return done;
        if (!done)
            tell(done.error().why);
    }
    return {};
}

void HistoryCheck::tell(std::string what)
{
    HistoryDamage damage;
    damage.what.push_back(std::move(what));
    ++m_checked.damages;
    m_tell(damage);
}

Result<void> HistoryCheck::tellEach(const char* sql, const std::string& what, const std::string& after)
{
    auto rows = m_database.prepare(sql);
    if (!rows)
        return rows.error();
    return rows->forEachRow([&]() -> Result<void> {
        tell(what + std::to_string(rows->integer(0)) + after);
        return {};
    });
}

Result<void> HistoryCheck::checkPages()
{
    auto rows = m_database.prepare("PRAGMA integrity_check(100)");
    if (!rows)
        return rows.error();
    return rows->forEachRow([&]() -> Result<void> {
        if (rows->bytes(0) != "ok")
            tell("the database's pages: " + std::string(rows->bytes(0)));
        return {};
    });
}

Result<void> HistoryCheck::checkDictionaries()
{
    for (const char* table : {"subject", "pop", "worker", "identity"}) {
        const std::string name(table);
        const auto wrong = m_database.number("SELECT count(*) FROM " + name + " WHERE id < 1");
        const auto found = countNames(table);
        if (!wrong || !found)
            return wrong ? found.error() : wrong.error();
        const std::uint64_t lacks = found->last - found->count + static_cast<std::uint64_t>(*wrong);
        if (lacks != 0)
            tell("the dictionary " + name + " lacks " + std::to_string(lacks) + " of its entries");
        if (found->count != found->distinct)
            tell("the dictionary " + name + " has " + std::to_string(found->count - found->distinct) +
                 " of its names twice");
    }
    return {};
}

Result<HistoryCheck::CountedNames> HistoryCheck::countNames(const char* table)
{
    CountedNames counted;
    auto reader = NameReader::begin(m_database, table, 0);
    if (!reader)
        return reader.error();
    Dictionary<SubjectId> distinct;
    // The same identity may stand under several tokens.
    const bool mayRepeat = std::string_view(table) == "identity";
    for (NameRun run;;) {
        const auto more = reader->next(run);
        if (!more)
            return more.error();
        if (!*more)
            return counted;
        if (!run.fault.empty())
            tell(run.fault);
        counted.count += run.names.size();
        counted.last = std::max(counted.last, run.firstId + run.names.size() - 1);
        for (const std::string_view name : mayRepeat ? std::span<const std::string_view>() : run.names)
            distinct.intern(name);
        counted.distinct = mayRepeat ? counted.count : distinct.size();
    }
}

Result<void> HistoryCheck::checkRows()
{
    const std::array<std::array<const char*, 3>, 7> all{{
        {"SELECT 2 - count(*) FROM meta WHERE key IN ('setback_ns', 'generation') HAVING count(*) < 2",
         "the table meta lacks ", " of its rows"},
        {"SELECT id FROM gap WHERE to_time < from_time OR cause < 1", "gap ", " makes no sense"},
        {"SELECT id FROM gap WHERE recording NOT IN (SELECT id FROM recording)", "gap ",
         " is of no recording"},
        {"SELECT first_seq FROM block WHERE recording NOT IN (SELECT id FROM recording)", "block ",
         " is of no recording"},
        {"SELECT first_seq FROM block_body WHERE first_seq NOT IN (SELECT first_seq FROM block)", "body ",
         " is of no block"},
        {"SELECT first_seq FROM block_index WHERE first_seq NOT IN (SELECT first_seq FROM block)", "index ",
         " is of no block"},
        {"SELECT seq FROM large_payload WHERE seq > coalesce((SELECT last_seq FROM block WHERE first_seq <= "
         "seq "
         "ORDER BY first_seq DESC LIMIT 1), 0)",
         "large payload ", " is of no message"},
    }};
    for (const auto& [sql, what, after] : all) {
        if (auto done = tellEach(sql, what, after); !done)
            return done;
    }
    return {};
}

Result<void> HistoryCheck::checkBlocks()
{
    const auto blocks = m_database.number("SELECT count(*) FROM block");
    const auto setback = m_database.number("SELECT value FROM meta WHERE key = 'setback_ns'");
    if (!blocks || !setback)
        return blocks ? setback.error() : blocks.error();
    m_setback = *setback;
    if (auto done = m_inspector.begin(); !done)
        return done;
    auto groups = TraceGroups::read(m_database);
    auto rows = m_database.prepare("SELECT * FROM block ORDER BY first_seq");
    if (!rows || !groups)
        return rows ? groups.error() : rows.error();
    return rows->forEachRow([&]() -> Result<void> {
        InspectedBlock block = m_inspector.inspect(blockOf(*rows));
        checkOrder(block, block.faults);
        checkGroup(block, *groups, block.faults);
        ++m_checked.blocks;
        m_checked.messages += block.found.row.count;
        if (!block.faults.empty()) {
            const BlockRow& row = block.found.row;
            ++m_checked.damages;
            m_tell({row.firstSeq, row.firstSeq, row.lastSeq, fromUnixNanos(row.timeMin),
                    fromUnixNanos(row.timeMax), std::move(block.faults)});
        }
        if (m_progress)
            m_progress(m_checked.blocks, static_cast<std::uint64_t>(*blocks));
        return {};
    });
}

void HistoryCheck::checkGroup(const InspectedBlock& block, TraceGroups& groups,
                              std::vector<std::string>& faults) const
{
    const BlockRow& row = block.found.row;
    if (!block.rowIsSound || !groups.covers(row.firstSeq, row.lastSeq))
        return;
    const auto denied = [&](const Message& message) {
        return !message.trace.empty() && !groups.mayHold(row.firstSeq, row.lastSeq, traceHash(message.trace));
    };
    if (std::any_of(block.messages.begin(), block.messages.end(), denied))
        faults.emplace_back("the traces of its group lack one that is in it");
}

void HistoryCheck::checkOrder(const InspectedBlock& block, std::vector<std::string>& faults)
{
    if (!block.rowIsSound)
        return;
    const BlockRow& row = block.found.row;
    if (row.timeHigh < row.timeMax)
        faults.emplace_back("its time_high is less than its own time_max");
    if (m_before) {
        if (row.firstSeq <= m_before->lastSeq)
            faults.emplace_back("it begins before block " + std::to_string(m_before->firstSeq) + " ends");
        // Blocks may have gone between the two, so it may be greater than both say.
        if (row.timeHigh < m_before->timeHigh)
            faults.emplace_back("its time_high falls");
        if (row.timeMin < m_before->timeHigh && m_before->timeHigh - row.timeMin > m_setback)
            faults.emplace_back("it begins farther before the block before it than setback_ns says");
    }
    m_before = row;
}

/// Each message that a recording stored is in a block, or in a gap that says where it went.
Result<void> HistoryCheck::checkCounts()
{
    const auto lacks =
        m_database.number("SELECT (SELECT coalesce(sum(stored), 0) FROM recording) - (SELECT "
                          "coalesce(sum(count), 0) FROM block) "
                          "- (SELECT coalesce(sum(messages), 0) FROM gap WHERE cause IN (9, 10))");
    if (!lacks)
        return lacks.error();
    if (*lacks > 0)
        tell(std::to_string(*lacks) + " messages that were stored are in no block, and no gap says why");
    return {};
}

Result<void> HistoryCheck::checkSums()
{
    return checkRollups(m_database, [this](std::string what) { tell(std::move(what)); });
}

Result<void> HistoryCheck::checkBrokerLooks()
{
    return checkLooks(m_database, [this](std::string what) { tell(std::move(what)); });
}

Result<void> HistoryCheck::checkTraces()
{
    return checkTraceGroups(m_database, [this](std::string what) { tell(std::move(what)); });
}

} // namespace weir
