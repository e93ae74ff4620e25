// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/broker/BrokerLook.h"
#include "core/topology/AccountWays.h"
#include "core/topology/AudienceCount.h"

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace weir {

struct SubjectNode;

/// The clients, queue groups and streams of one look, found by the subjects that they take: for counting them
/// for thousands of subjects. Follows imports as AccountWays does. Immutable, any thread; needs nothing of
/// the look once it is made.
class SubjectAudience
{
public:
    enum class Kind : std::uint8_t { Client, QueueGroup, Stream };
    struct Listener
    {
        Kind kind = Kind::Client;
        std::string account; ///< its name
        std::string name;
        auto operator<=>(const Listener&) const = default;
    };

    /// `account`: in whose subjects patterns are given, an id. Empty: nothing can be said, isKnown() is
    /// false.
    SubjectAudience(const BrokerLook& look, const std::string& account);

    [[nodiscard]] bool isKnown() const { return m_known; }
    /// Of all that these patterns match together.
    [[nodiscard]] AudienceCount count(const std::vector<std::string>& patterns) const;
    [[nodiscard]] std::vector<Listener> who(const std::vector<std::string>& patterns) const;

private:
    using Ids = std::vector<std::uint32_t>;
    /// A place in a tree of patterns.
    struct Node
    {
        std::map<std::string, std::uint32_t, std::less<>> children; ///< by token, `*` among them
        Ids ends;                                                   ///< whose patterns end here
        Ids rest;                                                   ///< those whose next token is `>`
    };
    using Tree = std::vector<Node>; ///< the first is its root

    static void add(Tree& tree, std::string_view pattern, std::uint32_t id);
    static void find(const Tree& tree, std::uint32_t at, std::string_view pattern, bool more, Ids& found);
    static void takeAll(const Tree& tree, std::uint32_t at, Ids& found);
    [[nodiscard]] std::uint32_t idOf(Listener listener);
    /// `followed`: no import led where it cannot be followed.
    [[nodiscard]] Ids idsOf(const std::vector<std::string>& patterns, bool& followed) const;
    void addConnections(const BrokerLook& look, const AccountWays& ways);

    bool m_known;
    bool m_whole;
    std::string m_account;
    std::vector<Listener> m_listeners;
    std::map<Listener, std::uint32_t> m_ids;
    std::map<std::string, Tree> m_trees; ///< by account
    std::vector<AccountWays::Way> m_ways;
    Tree m_wayTree; ///< of m_ways' `from`
};

/// Sets the node's audience; not of what the server itself takes (it begins with `$`) and does not tell.
void countListeners(SubjectNode& node, const SubjectAudience& audience);

} // namespace weir
