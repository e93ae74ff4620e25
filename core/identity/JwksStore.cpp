// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/identity/JwksStore.h"

#include "core/identity/JwksFetch.h"

#include <algorithm>

namespace weir {
namespace {

using namespace std::chrono_literals;

constexpr Nanoseconds kFileFresh = 10s;
constexpr Nanoseconds kUrlFresh = 10min;
constexpr Nanoseconds kMinUrlFresh = 1min;
constexpr Nanoseconds kMaxUrlFresh = 24h;
constexpr Nanoseconds kRetry = 10s;
/// How soon a place is loaded again for a key id that nobody knows.
constexpr Nanoseconds kFileAgain = 1s;
constexpr Nanoseconds kUrlAgain = 10s;
/// How many keys are tried for a token that names none.
constexpr std::size_t kMaxCandidates = 16;

} // namespace

JwksStore::JwksStore(std::vector<std::string> places, Clock& clock) : m_clock(clock)
{
    for (std::string& name : places) {
        Place& place = m_places.emplace_back();
        place.name = std::move(name);
    }
}

std::vector<JwksStore::Candidate> JwksStore::find(const Jwt& jwt, std::stop_token stop)
{
    loadDue(false, stop);
    const bool unknown = jwt.keyId.empty() ? candidates(jwt).empty() : !knows(jwt.keyId);
    if (unknown)
        loadDue(true, stop);
    return candidates(jwt);
}

bool JwksStore::knows(const std::string& keyId) const
{
    return std::any_of(m_places.begin(), m_places.end(), [&keyId](const Place& place) {
        return std::any_of(place.set.keys.begin(), place.set.keys.end(),
                           [&keyId](const JsonWebKey& key) { return key.id() == keyId; });
    });
}

std::vector<JwksStore::Candidate> JwksStore::candidates(const Jwt& jwt) const
{
    std::vector<Candidate> found;
    for (const Place& place : m_places) {
        for (const JsonWebKey& key : place.set.keys) {
            const bool named = jwt.keyId.empty() || key.id() == jwt.keyId;
            if (named && key.fits(jwt.algorithm) && found.size() < kMaxCandidates)
                found.push_back({&key, &place.name});
        }
    }
    return found;
}

void JwksStore::loadDue(bool evenFresh, std::stop_token stop)
{
    for (Place& place : m_places) {
        const Nanoseconds now = m_clock.steady();
        const Nanoseconds again = isUrl(place.name) ? kUrlAgain : kFileAgain;
        const bool never = place.loaded == kNoDuration;
        if (never || now >= place.due || (evenFresh && now - place.loaded >= again))
            load(place, stop);
    }
}

void JwksStore::load(Place& place, std::stop_token stop)
{
    const bool url = isUrl(place.name);
    const auto fetched = url ? fetchJwks(place.name, stop) : readJwksFile(place.name);
    place.loaded = m_clock.steady();
    place.due = place.loaded + kRetry;
    if (!fetched) {
        place.problem = fetched.error().line();
        return;
    }
    if (place.body != fetched->body || !place.problem.empty()) {
        auto set = JsonWebKeySet::parse(fetched->body);
        if (!set) {
            place.problem = place.name + ": " + set.error().why;
            return;
        }
        place.set = std::move(*set);
        place.body = fetched->body;
        ++m_changes;
    }
    place.problem.clear();
    const Nanoseconds fresh = fetched->maxAge == kNoDuration ? kUrlFresh : fetched->maxAge;
    place.due = place.loaded + (url ? std::clamp(fresh, kMinUrlFresh, kMaxUrlFresh) : kFileFresh);
}

bool JwksStore::isEmpty() const
{
    return std::all_of(m_places.begin(), m_places.end(),
                       [](const Place& place) { return place.set.keys.empty(); });
}

std::string JwksStore::problems() const
{
    std::string text;
    for (const Place& place : m_places) {
        if (!place.problem.empty())
            text += (text.empty() ? "" : "; ") + place.problem;
    }
    return text;
}

} // namespace weir
