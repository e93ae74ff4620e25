// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sql/NumberRange.h"

#include <algorithm>
#include <cmath>

namespace weir {
namespace {

constexpr std::int64_t kLeast = NumberRange().low;
constexpr std::int64_t kMost = NumberRange().high;

constexpr std::int64_t kFar = 9'200'000'000'000'000'000; ///< a double below it fits

/// A whole number that is not greater.
std::int64_t wholeBelow(double number)
{
    if (number < -static_cast<double>(kFar))
        return kLeast;
    return number > static_cast<double>(kFar) ? kFar : static_cast<std::int64_t>(std::floor(number));
}

/// A whole number that is not less.
std::int64_t wholeAbove(double number)
{
    if (number > static_cast<double>(kFar))
        return kMost;
    return number < -static_cast<double>(kFar) ? -kFar : static_cast<std::int64_t>(std::ceil(number));
}

/// The numbers that `op value` lets through, or more. A text would first become a number: all.
NumberRange rangeOf(SqlOp op, const SqlValue& value)
{
    if (value.kind != SqlValue::Kind::Integer && value.kind != SqlValue::Kind::Real)
        return {};
    const bool whole = value.kind == SqlValue::Kind::Integer;
    const std::int64_t low = whole ? value.integer : wholeBelow(value.real);
    const std::int64_t high = whole ? value.integer : wholeAbove(value.real);
    switch (op) {
    case SqlOp::Less:
        return {kLeast, whole && high > kLeast ? high - 1 : high};
    case SqlOp::LessOrEqual:
        return {kLeast, high};
    case SqlOp::Greater:
        return {whole && low < kMost ? low + 1 : low, kMost};
    case SqlOp::GreaterOrEqual:
        return {low, kMost};
    default:
        return {low, high};
    }
}

/// Multiplies without leaving the numbers.
std::int64_t scaled(std::int64_t number, std::int64_t by)
{
    std::int64_t product = 0;
    return __builtin_mul_overflow(number, by, &product) ? (number < 0 ? kLeast : kMost) : product;
}

} // namespace

NumberRange NumberRange::widened() const
{
    return {low > kLeast ? low - 1 : low, high < kMost ? high + 1 : high};
}

NumberRange NumberRange::times(std::int64_t factor) const
{
    return {scaled(low, factor), scaled(high, factor)};
}

NumberRange hullOf(SqlOp op, const SqlValues& values)
{
    NumberRange hull{kMost, kLeast};
    for (const SqlValue& value : values) {
        const NumberRange one = rangeOf(op, value);
        hull = {std::min(hull.low, one.low), std::max(hull.high, one.high)};
    }
    return hull;
}

} // namespace weir
