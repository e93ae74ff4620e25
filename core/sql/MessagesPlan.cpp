// SPDX-License-Identifier: GPL-3.0-or-later
// How SQLite may read table messages, and what that costs.
#include "core/sql/Moment.h"
#include "core/sql/Pushdown.h"
#include "core/sql/TableModules.h"

#include <algorithm>
#include <span>
#include <string_view>

namespace weir {
namespace {

constexpr double kPerBlock = 4096;

std::optional<SqlOp> opOf(unsigned char op)
{
    switch (op) {
    case SQLITE_INDEX_CONSTRAINT_EQ:
        return SqlOp::Equals;
    case SQLITE_INDEX_CONSTRAINT_LT:
        return SqlOp::Less;
    case SQLITE_INDEX_CONSTRAINT_LE:
        return SqlOp::LessOrEqual;
    case SQLITE_INDEX_CONSTRAINT_GT:
        return SqlOp::Greater;
    case SQLITE_INDEX_CONSTRAINT_GE:
        return SqlOp::GreaterOrEqual;
    case SQLITE_INDEX_CONSTRAINT_LIKE:
        return SqlOp::Like;
    case SQLITE_INDEX_CONSTRAINT_GLOB:
        return SqlOp::Glob;
    default:
        return std::nullopt;
    }
}

SqlCollation collationOf(sqlite3_index_info& info, int constraint)
{
    const char* const name = sqlite3_vtab_collation(&info, constraint);
    if (name == nullptr || sqlite3_stricmp(name, "BINARY") == 0)
        return SqlCollation::Binary;
    if (sqlite3_stricmp(name, "NOCASE") == 0)
        return SqlCollation::NoCase;
    return sqlite3_stricmp(name, kMomentCollation) == 0 ? SqlCollation::Moment : SqlCollation::Other;
}

MessageColumn columnOf(int number)
{
    return number < 0 ? MessageColumn::Seq : static_cast<MessageColumn>(number); // -1: the rowid
}

/// What part of the messages a term lets through, as a guess.
double share(const SqlPlan::Term& term)
{
    const bool equal = term.op == SqlOp::Equals;
    switch (term.column) {
    case MessageColumn::Seq:
    case MessageColumn::TimeNs:
    case MessageColumn::Time:
        return equal ? 0.0 : 0.25;
    case MessageColumn::Trace:
        return equal ? 0.0 : 0.01;
    case MessageColumn::Subject:
        return equal ? 0.02 : 0.1;
    case MessageColumn::Size:
    case MessageColumn::LatencyUs:
        return 0.5;
    default:
        return equal ? 0.1 : 0.3;
    }
}

/// The terms that narrow; false where `filter` is asked for before its text is known.
bool chooseTerms(sqlite3_index_info& info, SqlPlan& plan)
{
    for (int i = 0; i < info.nConstraint; ++i) {
        const auto& constraint = info.aConstraint[i];
        const MessageColumn column = columnOf(constraint.iColumn);
        auto op = opOf(constraint.op);
        if (!op || !canPush(column, *op, collationOf(info, i)))
            continue;
        if (constraint.usable == 0) {
            if (column == MessageColumn::Filter)
                return false;
            continue;
        }
        const bool filter = column == MessageColumn::Filter;
        if (*op == SqlOp::Equals && !filter && sqlite3_vtab_in(&info, i, -1) != 0) {
            sqlite3_vtab_in(&info, i, 1);
            op = SqlOp::AnyOf;
        }
        plan.terms.push_back({column, *op});
        info.aConstraintUsage[i].argvIndex = static_cast<int>(plan.terms.size());
        info.aConstraintUsage[i].omit = filter ? 1 : 0;
    }
    return true;
}

Result<void> chooseOrder(sqlite3_index_info& info, SqlHistory& history, SqlPlan& plan)
{
    const std::span<const sqlite3_index_info::sqlite3_index_orderby> terms(
        info.aOrderBy, static_cast<std::size_t>(info.nOrderBy));
    if (terms.empty())
        return {};
    const MessageColumn first = columnOf(terms[0].iColumn);
    plan.order = terms[0].desc != 0 ? Order::NewestFirst : Order::OldestFirst;
    if (first == MessageColumn::Seq) {
        info.orderByConsumed = 1; // no two are equal
        return {};
    }
    const bool seqFollows = terms.size() == 2 && columnOf(terms[1].iColumn) == MessageColumn::Seq &&
                            terms[1].desc == terms[0].desc;
    if ((first != MessageColumn::Time && first != MessageColumn::TimeNs) ||
        (terms.size() > 1 && !seqFollows)) {
        plan.order = Order::OldestFirst;
        return {};
    }
    const auto rise = history.timesRise();
    if (!rise)
        return rise.error();
    plan.byTime = *rise;
    info.orderByConsumed = *rise ? 1 : 0;
    return {};
}

} // namespace

int planMessages(sqlite3_vtab* table, sqlite3_index_info* info)
{
    bool possible = true;
    const int code = guarded(table, [&]() -> Result<void> {
        SqlHistory& history = *static_cast<SqlTable*>(table)->history;
        SqlPlan plan;
        plan.used = static_cast<std::uint32_t>(info->colUsed);
        possible = chooseTerms(*info, plan);
        if (!possible)
            return {};
        if (auto done = chooseOrder(*info, history, plan); !done)
            return done;
        const auto all = static_cast<double>(history.messages());
        double rows = all;
        for (const SqlPlan::Term& term : plan.terms)
            rows *= share(term);
        info->estimatedRows = std::max<sqlite3_int64>(1, static_cast<sqlite3_int64>(rows));
        info->estimatedCost = kPerBlock + all / kPerBlock + rows;
        const bool one = std::any_of(plan.terms.begin(), plan.terms.end(), [](const SqlPlan::Term& term) {
            return term.column == MessageColumn::Seq && term.op == SqlOp::Equals;
        });
        info->idxFlags = one ? SQLITE_INDEX_SCAN_UNIQUE : 0;
        info->idxNum = static_cast<int>(plan.used);
        info->idxStr = sqlite3_mprintf("%s", plan.text().c_str());
        info->needToFreeIdxStr = 1;
        return {};
    });
    return possible ? code : SQLITE_CONSTRAINT; // SQLite then tries another order of the tables
}

} // namespace weir
