// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/topology/PopPlaces.h"

#include "core/topology/WorldData.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <numbers>

namespace weir {
namespace {

constexpr double kEarthRadius = 6371.0; ///< km

double radians(double degrees)
{
    return degrees * std::numbers::pi / 180;
}

/// Up to the next `separator`, which is taken off, too.
std::string_view cut(std::string_view& text, char separator)
{
    const std::size_t end = std::min(text.find(separator), text.size());
    const std::string_view part = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    return part;
}

bool takeNumber(std::string_view& text, double& number)
{
    const std::string_view part = cut(text, ' ');
    const auto [end, error] = std::from_chars(part.data(), part.data() + part.size(), number);
    return error == std::errc() && end == part.data() + part.size();
}

std::string inCase(std::string_view text, int (*convert)(int))
{
    std::string out(text);
    std::transform(out.begin(), out.end(), out.begin(),
                   [convert](char c) { return static_cast<char>(convert(static_cast<unsigned char>(c))); });
    return out;
}

} // namespace

double kilometresBetween(const GeoPoint& a, const GeoPoint& b)
{
    // The haversine formula.
    const double north = std::sin(radians(b.latitude - a.latitude) / 2);
    const double east = std::sin(radians(b.longitude - a.longitude) / 2);
    const double h =
        north * north + std::cos(radians(a.latitude)) * std::cos(radians(b.latitude)) * east * east;
    return 2 * kEarthRadius * std::asin(std::sqrt(std::min(1.0, h)));
}

const PopPlaces& PopPlaces::builtIn()
{
    static const PopPlaces places(kPlacesText, kRegionsText);
    return places;
}

PopPlaces::PopPlaces(std::string_view places, std::string_view regions)
{
    std::unordered_map<std::string_view, std::string_view> countries;
    while (!places.empty()) {
        std::string_view line = cut(places, '\n');
        const std::string_view code = cut(line, ' ');
        const std::string_view country = cut(line, ' ');
        if (code == "=") {
            countries[country] = line;
            continue;
        }
        GeoPlace place{std::string(code), {}, {}, {}};
        if (code == "#" || !takeNumber(line, place.at.latitude) || !takeNumber(line, place.at.longitude))
            continue;
        place.city = line;
        if (const auto found = countries.find(country); found != countries.end())
            place.country = found->second;
        m_places.emplace(place.code, place);
    }
    while (!regions.empty()) {
        std::string_view line = cut(regions, '\n');
        const std::string_view region = cut(line, ' ');
        if (region != "#")
            m_regions.emplace(region, line);
    }
}

const GeoPlace* PopPlaces::find(std::string_view code) const
{
    const auto found = m_places.find(inCase(code, &std::toupper));
    return found == m_places.end() ? nullptr : &found->second;
}

const GeoPlace* PopPlaces::ofRegion(std::string_view region) const
{
    std::string name = inCase(region, &std::tolower);
    auto found = m_regions.find(name);
    if (found == m_regions.end() && name.size() > 2 &&
        std::isalpha(static_cast<unsigned char>(name.back()))) {
        name.pop_back(); // a zone
        if (name.back() == '-')
            name.pop_back();
        found = m_regions.find(name);
    }
    return found == m_regions.end() ? nullptr : find(found->second);
}

} // namespace weir
