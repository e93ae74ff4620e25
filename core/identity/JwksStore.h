// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Clock.h"
#include "core/identity/JsonWebKey.h"
#include "core/identity/Jwt.h"

#include <stop_token>
#include <string>
#include <vector>

namespace weir {

/// The keys of some JWKS places, kept fresh: a file is looked at every 10 s, a URL as often as its
/// Cache-Control says (1 minute to 24 hours, else every 10 minutes). A key id that nobody knows has its
/// places loaded again, a URL at most every 10 s. A place that fails keeps the keys it had. One thread.
class JwksStore
{
public:
    struct Candidate
    {
        const JsonWebKey* key; ///< valid until the next call
        const std::string* place;
    };

    JwksStore(std::vector<std::string> places, Clock& clock);

    /// The keys that may have signed `jwt`: of its key id (every key, where it names none) and fit for its
    /// algorithm. May wait for the network.
    [[nodiscard]] std::vector<Candidate> find(const Jwt& jwt, std::stop_token stop);
    /// Whether any place has a key of that id, whatever its kind.
    [[nodiscard]] bool knows(const std::string& keyId) const;
    /// Loads what is due; `eager` also what was last looked at 10 s ago (a file: 1 s). May wait for the
    /// network.
    void refresh(bool eager, std::stop_token stop) { loadDue(eager, stop); }
    /// How often the keys have changed.
    [[nodiscard]] std::uint64_t changes() const { return m_changes; }
    /// No place has given a key yet.
    [[nodiscard]] bool isEmpty() const;
    /// What is wrong with the places, in words; empty when all is well.
    [[nodiscard]] std::string problems() const;

private:
    struct Place
    {
        std::string name;
        std::string body;
        JsonWebKeySet set;
        std::string problem;
        Nanoseconds loaded = kNoDuration; ///< last try, by Clock::steady
        Nanoseconds due = Nanoseconds::zero();
    };
    void loadDue(bool evenFresh, std::stop_token stop);
    void load(Place& place, std::stop_token stop);
    [[nodiscard]] std::vector<Candidate> candidates(const Jwt& jwt) const;

    std::vector<Place> m_places;
    Clock& m_clock;
    std::uint64_t m_changes = 0;
};

} // namespace weir
