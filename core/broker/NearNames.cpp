// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/broker/NearNames.h"

#include "core/base/Wording.h"

#include <algorithm>
#include <cctype>
#include <numeric>

namespace weir {
namespace {

constexpr std::size_t kMinBeginning = 4; ///< two letters of an option

bool same(char a, char b)
{
    return std::tolower(static_cast<unsigned char>(a)) == std::tolower(static_cast<unsigned char>(b));
}

std::size_t edits(const std::string& from, const std::string& to)
{
    std::vector<std::size_t> row(to.size() + 1);
    std::iota(row.begin(), row.end(), std::size_t{0});
    for (std::size_t i = 1; i <= from.size(); ++i) {
        std::size_t diagonal = row[0];
        row[0] = i;
        for (std::size_t j = 1; j <= to.size(); ++j) {
            const std::size_t replaced = diagonal + (same(from[i - 1], to[j - 1]) ? 0 : 1);
            diagonal = row[j];
            row[j] = std::min({replaced, row[j] + 1, row[j - 1] + 1});
        }
    }
    return row[to.size()];
}

/// A name that was not written to its end is as near as one with a letter wrong.
std::size_t distance(const std::string& wanted, const std::string& name)
{
    return wanted.size() >= kMinBeginning && name.starts_with(wanted) ? 1 : edits(wanted, name);
}

} // namespace

std::string nearName(const std::string& wanted, const std::vector<std::string>& names)
{
    const auto nearest =
        std::min_element(names.begin(), names.end(), [&wanted](const std::string& a, const std::string& b) {
            return distance(wanted, a) < distance(wanted, b);
        });
    const bool isNear = nearest != names.end() && distance(wanted, *nearest) <= wanted.size() / 4 + 1;
    return isNear ? *nearest : std::string();
}

std::string nearestNames(const std::string& wanted, std::vector<std::string> names, std::size_t limit)
{
    std::stable_sort(names.begin(), names.end(), [&wanted](const std::string& a, const std::string& b) {
        return edits(wanted, a) < edits(wanted, b);
    });
    return listed(names, limit);
}

} // namespace weir
