// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QRectF>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <unordered_map>
#include <vector>

namespace weir {

/// What lies in the squares of a grid, for finding what is near without asking all.
template<typename T>
class NearGrid
{
public:
    void add(const QRectF& box, T what)
    {
        each(box, [&](std::int64_t cell) { m_cells[cell].push_back(what); });
    }
    /// Whether `wanted` is true of any near `box`.
    template<typename Wanted>
    [[nodiscard]] bool any(const QRectF& box, Wanted&& wanted) const
    {
        bool found = false;
        each(box, [&](std::int64_t cell) {
            const auto here = m_cells.find(cell);
            if (!found && here != m_cells.end())
                found = std::any_of(here->second.begin(), here->second.end(), wanted);
        });
        return found;
    }

private:
    static constexpr double kCell = 48; // px

    template<typename Visit>
    static void each(const QRectF& box, Visit&& visit)
    {
        const auto cell = [](double at) { return static_cast<std::int64_t>(std::floor(at / kCell)); };
        for (std::int64_t x = cell(box.left()); x <= cell(box.right()); ++x) {
            for (std::int64_t y = cell(box.top()); y <= cell(box.bottom()); ++y)
                visit(x * 1'000'003 + y);
        }
    }
    std::unordered_map<std::int64_t, std::vector<T>> m_cells;
};

} // namespace weir
