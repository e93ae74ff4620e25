// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/broker/BrokerLook.h"

#include <string>
#include <vector>

namespace weir {

/// Subjects as the clients of one account name them.
struct SubjectPlace
{
    std::string account; ///< id
    std::string subject; ///< a pattern
    std::string because; ///< which import leads there; empty at home
    bool whole = true;   ///< all of the subjects that were asked for come there, not a part
};

/// Where the messages of an account's subjects can be heard: at home, and through the imports of streams and
/// services, one account far. Any thread.
class AccountWays
{
public:
    /// `look` must outlive this. `account`: home, an id.
    AccountWays(const BrokerLook& look, std::string account);

    /// Says in `notes` which imports could not be followed.
    [[nodiscard]] std::vector<SubjectPlace> placesOf(const std::string& subjects,
                                                     std::vector<std::string>& notes) const;
    /// The account's name, or its id where it has none.
    [[nodiscard]] std::string nameOf(const std::string& account) const;

    /// One import of another account's, as the subjects of the home account go through it.
    struct Way
    {
        std::string account; ///< where it leads
        std::string from;    ///< the subjects at home
        std::string to;      ///< and there
        std::string because;
    };
    [[nodiscard]] const std::vector<Way>& ways() const { return m_ways; }
    /// What of `subjects` goes this way; none where nothing does. Notes what cannot be followed.
    static void follow(const Way& way, const std::string& subjects, std::vector<SubjectPlace>& places,
                       std::vector<std::string>& notes);

private:
    const BrokerLook& m_look;
    const std::string m_account;
    std::vector<Way> m_ways;
};

/// Weir's own connections: observing is no part of anybody's flow.
[[nodiscard]] bool isObserver(const SeenConnection& connection);

/// Which client a connection is of, told apart within its account: those of one name are one, its instances.
[[nodiscard]] std::string clientOf(const SeenConnection& connection);

/// Every connection was read, so that what is not there is not there.
[[nodiscard]] bool isWholeLook(const BrokerLook& look);

} // namespace weir
