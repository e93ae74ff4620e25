// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

namespace weir {

struct GeoPoint
{
    double latitude = 0; ///< degrees, north positive
    double longitude = 0;
    bool operator==(const GeoPoint&) const = default;
};

/// Along the surface of a sphere of the Earth's mean radius; at most 0.6 % off.
[[nodiscard]] double kilometresBetween(const GeoPoint& a, const GeoPoint& b);

/// Where an edge's PoP or a server stands.
struct GeoPlace
{
    std::string code; ///< IATA, of an airport or a metropolitan area, upper case
    std::string city;
    std::string country; ///< its name, empty where it is not known
    GeoPoint at;
};

/// The gazetteer: some 4,000 codes of the IATA, among them those under which Cloudflare, Akamai and Fastly
/// name their PoPs, and the regions of cloud providers (resources/world). Any thread.
class PopPlaces
{
public:
    [[nodiscard]] static const PopPlaces& builtIn();
    /// `places` and `regions`: the text of such files. Lines in another form are passed over.
    PopPlaces(std::string_view places, std::string_view regions);

    /// The place of a code, in any case; null where it is not known.
    [[nodiscard]] const GeoPlace* find(std::string_view code) const;
    /// Of a cloud provider's region (`eu-central-1`), or of an availability zone in it (`eu-central-1a`).
    [[nodiscard]] const GeoPlace* ofRegion(std::string_view region) const;
    [[nodiscard]] std::size_t size() const { return m_places.size(); }

private:
    std::unordered_map<std::string, GeoPlace> m_places;     ///< by code
    std::unordered_map<std::string, std::string> m_regions; ///< code, by region
};

} // namespace weir
