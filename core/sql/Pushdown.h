// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/history/HistoryReader.h"
#include "core/sql/MessageColumns.h"
#include "core/sql/SqlValue.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace weir {

/// AnyOf is SQL's IN.
enum class SqlOp : std::uint8_t { Equals, AnyOf, Less, LessOrEqual, Greater, GreaterOrEqual, Like, Glob };

/// How a constraint compares texts.
enum class SqlCollation : std::uint8_t { Binary, NoCase, Moment, Other };

/// How SQLite is going to read the messages, decided before values are known.
struct SqlPlan
{
    struct Term
    {
        MessageColumn column;
        SqlOp op;
    };
    std::uint32_t used = 0; ///< columns that SQLite looks at, bit by bit
    Order order = Order::OldestFirst;
    bool byTime = false; ///< in order of time, where that differs from the order of seq
    std::vector<Term> terms;

    /// All but `used`, in words that EXPLAIN QUERY PLAN shows.
    [[nodiscard]] std::string text() const;
    [[nodiscard]] static SqlPlan parse(std::uint32_t used, std::string_view text);
};

/// Whether a constraint narrows what is read. What it lets through SQLite looks at again (but for `filter`),
/// so that it may let through too much, and must never hold back anything.
[[nodiscard]] bool canPush(MessageColumn column, SqlOp op, SqlCollation collation);

/// What is asked of the history.
struct SqlQuery
{
    HistoryQuery query;
    bool nothing = false; ///< no message can match
    bool byTime = false;
    bool countOnly = false; ///< SQLite looks at no column
    std::optional<std::string> filter;
};

/// The query of `plan` with the values of its terms: one each, any number for AnyOf. Fails with kind Usage
/// when a filter is wrong or a time is compared with what is none.
[[nodiscard]] Result<SqlQuery> pushDown(const SqlPlan& plan, const std::vector<SqlValues>& values);

} // namespace weir
