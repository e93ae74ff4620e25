// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sql/Moment.h"

#include <string>

namespace weir {
namespace {

constexpr std::size_t kLongest = 64; ///< no moment is written longer
constexpr std::size_t kToMinutes = std::string_view("2026-11-20 23:45").size();

} // namespace

std::optional<Timestamp> momentOf(std::string_view text)
{
    if (text.size() > kLongest || text.empty() || text.front() < '0' || text.front() > '9')
        return std::nullopt;
    if (const auto whole = parseRfc3339(text))
        return *whole;
    const auto completed = parseRfc3339(std::string(text) + (text.size() == kToMinutes ? ":00Z" : "Z"));
    return completed ? std::optional(*completed) : std::nullopt;
}

int compareMoments(std::string_view a, std::string_view b)
{
    const auto left = momentOf(a);
    const auto right = momentOf(b);
    if (left && right)
        return *left < *right ? -1 : *left > *right ? 1 : 0;
    if (left || right)
        return left ? -1 : 1;
    return a.compare(b);
}

} // namespace weir
