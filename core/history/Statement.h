// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Result.h"
#include "core/base/Time.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

struct sqlite3;
struct sqlite3_stmt;

namespace weir {

/// A prepared statement; bind, step, read, in SQLite's own order. Numbers of parameters count from 1, of
/// results from 0.
class Statement
{
public:
    Statement() = default;
    explicit Statement(sqlite3_stmt* statement);

    Statement& bind(int place, std::int64_t value);
    Statement& bind(int place, std::uint64_t value) { return bind(place, static_cast<std::int64_t>(value)); }
    Statement& bind(int place, std::optional<std::int64_t> value);
    Statement& bind(int place, Timestamp time); ///< kNoTime is NULL
    Statement& bindText(int place, std::string_view text);
    Statement& bindBlob(int place, std::string_view bytes); ///< must live until reset()
    /// The value of any kind that stands in `column` of `row`; it must live until reset().
    Statement& bindFrom(int place, const Statement& row, int column);

    /// True: a row is there. False: done.
    [[nodiscard]] Result<bool> step();
    /// Calls `read`, which gives a Result<void>, at every row; its first error ends the walk.
    template<typename Read>
    [[nodiscard]] Result<void> forEachRow(Read&& read)
    {
        for (;;) {
            const auto row = step();
            if (!row)
                return row.error();
            if (!*row)
                return {};
            if (Result<void> done = read(); !done)
                return done;
        }
    }
    /// step() of what gives no rows, then reset().
    [[nodiscard]] Result<void> run();
    void reset();

    [[nodiscard]] int columns() const;
    [[nodiscard]] bool isNull(int column) const;
    [[nodiscard]] std::int64_t integer(int column) const;
    [[nodiscard]] std::uint64_t count(int column) const
    {
        return static_cast<std::uint64_t>(integer(column));
    }
    [[nodiscard]] std::optional<std::int64_t> optionalInteger(int column) const;
    [[nodiscard]] Timestamp time(int column) const; ///< NULL is kNoTime
    /// Text or blob; valid until the next step or reset.
    [[nodiscard]] std::string_view bytes(int column) const;

private:
    std::unique_ptr<sqlite3_stmt, int (*)(sqlite3_stmt*)> m_statement{nullptr, nullptr};
};

/// What went wrong on `handle` just now, in words.
[[nodiscard]] Error databaseError(sqlite3* handle, const std::string& what);

} // namespace weir
