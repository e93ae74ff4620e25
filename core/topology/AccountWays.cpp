// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/topology/AccountWays.h"

#include "core/broker/NatsOptions.h"
#include "core/broker/SubjectPattern.h"

#include <algorithm>
#include <optional>

namespace weir {
namespace {

constexpr std::size_t kToldApart = 12; ///< characters of an account's id

/// `subject` under a mapping of `from` to `to` that changes nothing or the tokens before it.
std::optional<std::string> mapped(const std::string& subject, const std::string& from, const std::string& to)
{
    if (from == to)
        return subject;
    if (to.size() > from.size() && to.ends_with(from) && to[to.size() - from.size() - 1] == '.')
        return to.substr(0, to.size() - from.size()) + subject;
    if (subject == from)
        return to;
    return std::nullopt;
}

} // namespace

std::string AccountWays::nameOf(const std::string& account) const
{
    const auto found = std::find_if(m_look.accounts.begin(), m_look.accounts.end(),
                                    [&](const SeenAccount& each) { return each.id == account; });
    if (found == m_look.accounts.end() || found->name.empty())
        return account;
    const auto isNamesake = [&](const SeenAccount& each) { return each.name == found->name; };
    if (std::count_if(m_look.accounts.begin(), m_look.accounts.end(), isNamesake) > 1)
        return found->name + " (" + account.substr(0, kToldApart) + ")"; // names need not be unique
    return found->name;
}

AccountWays::AccountWays(const BrokerLook& look, std::string account)
    : m_look(look), m_account(std::move(account))
{
    for (const SeenAccount& each : m_look.accounts) {
        for (const SeenImport& import : each.imports) {
            if (!import.service && import.from == m_account && each.id != m_account)
                m_ways.push_back({each.id, import.remote, import.local,
                                  "account " + nameOf(each.id) + " imports " + import.remote});
            if (import.service && each.id == m_account && import.from != m_account)
                m_ways.push_back({import.from, import.local, import.remote,
                                  "account " + nameOf(each.id) + " calls " + import.local + " of account " +
                                      nameOf(import.from)});
        }
    }
}

void AccountWays::follow(const Way& way, const std::string& subjects, std::vector<SubjectPlace>& places,
                         std::vector<std::string>& notes)
{
    const auto part = patternsMeeting(way.from, subjects);
    if (!part)
        return;
    if (const auto there = mapped(*part, way.from, way.to))
        places.push_back({way.account, *there, way.because, *part == subjects});
    else
        notes.push_back(way.because + " maps " + way.from + " to " + way.to + ": not followed");
}

std::vector<SubjectPlace> AccountWays::placesOf(const std::string& subjects,
                                                std::vector<std::string>& notes) const
{
    std::vector<SubjectPlace> places{{m_account, subjects, {}, true}};
    for (const Way& way : m_ways)
        follow(way, subjects, places, notes);
    return places;
}

bool isObserver(const SeenConnection& connection)
{
    return connection.name == kNatsClientName;
}

std::string clientOf(const SeenConnection& connection)
{
    return connection.name.empty() ? connection.server + "/" + std::to_string(connection.cid)
                                   : connection.name;
}

bool isWholeLook(const BrokerLook& look)
{
    return look.problems.empty() && look.connections.size() >= look.connectionsTotal;
}

} // namespace weir
