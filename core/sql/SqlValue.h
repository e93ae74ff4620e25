// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace weir {

/// A value as SQLite has it.
struct SqlValue
{
    enum class Kind : std::uint8_t { Null, Integer, Real, Text, Blob };

    SqlValue() = default;
    SqlValue(std::int64_t number) : kind(Kind::Integer), integer(number) {}
    SqlValue(double number) : kind(Kind::Real), real(number) {}
    SqlValue(std::string text) : kind(Kind::Text), bytes(std::move(text)) {}

    Kind kind = Kind::Null;
    std::int64_t integer = 0;
    double real = 0;
    std::string bytes; ///< of Text and Blob
};

using SqlValues = std::vector<SqlValue>;

} // namespace weir
