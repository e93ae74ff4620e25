// SPDX-License-Identifier: GPL-3.0-or-later
// FlowBroker: what on the graph asks for a look.
#include "core/base/Wording.h"
#include "core/broker/SubjectPattern.h"
#include "core/topology/FlowBroker.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

namespace weir {
namespace {

constexpr double kMoment = 2; ///< seconds
constexpr double kLong = 60;  ///< to catch up

std::string perSecond(double rate)
{
    const auto tenths = std::llround(rate * 10);
    return std::to_string(tenths / 10) + "." + std::to_string(tenths % 10) + "/s";
}

std::string longTime(double seconds)
{
    return seconds < 7200 ? std::to_string(std::llround(seconds / 60)) + " min"
                          : std::to_string(std::llround(seconds / 3600)) + " h";
}

} // namespace

void FlowBroker::findFallingBehind(const SeenStream& stream, const SeenConsumer& consumer,
                                   const SeenConsumer& before, const std::string& id)
{
    const double seconds = secondsBetween(stream);
    const double pace = static_cast<double>(consumer.delivered - before.delivered) / seconds;
    const auto waiting = static_cast<double>(consumer.pending);
    // What it would catch up with in a moment is only on its way.
    if (waiting < kMoment * pace || consumer.pending == 0)
        return;
    const double growth = (waiting - static_cast<double>(before.pending)) / seconds;
    const std::string who = "consumer " + consumer.name + " of stream " + stream.name;
    const std::string wait = std::to_string(consumer.pending) + " messages wait for it, ";
    if (growth > 0) {
        m_findings.push_back({"falling_behind", id, who + " falls behind",
                              wait + perSecond(growth) + " more; at this pace it never catches up",
                              "give it more readers, or let it acknowledge faster"});
    } else if (growth < 0 && waiting / -growth > kLong) {
        m_findings.push_back({"behind", id, who + " is behind",
                              wait + perSecond(-growth) + " fewer; at this pace it has caught up in " +
                                  longTime(waiting / -growth),
                              "wait, or give it more readers"});
    }
}

void FlowBroker::findIdleSubscriptions()
{
    PatternIndex<std::string_view> groups;
    for (const auto& [id, flow] : m_groups) {
        const std::string_view subject = std::string_view(id).substr(id.find(':') + 1);
        groups.add(subject, subject);
    }
    const auto isIdle = [&](const std::string& subject) {
        const auto covers = [&](const std::string& wide) { return patternCovers(wide, subject); };
        if (isSystemSubject(subject) ||
            std::none_of(m_options.observed.begin(), m_options.observed.end(), covers))
            return false;
        const auto near = groups.near(subject);
        return std::none_of(near.begin(), near.end(),
                            [&](std::string_view group) { return patternsMeet(subject, group); });
    };
    std::map<std::string, std::set<std::string>> idle; ///< subjects, by client
    for (const SeenConnection& connection : m_now.connections) {
        if (connection.account != m_options.account || connection.gone != kNoTime || isObserver(connection))
            continue;
        std::set<std::string> subjects;
        for (const SeenSubscription& subscription : connection.subscriptions) {
            if (isIdle(subscription.subject))
                subjects.insert(subscription.subject);
        }
        if (subjects.empty())
            continue;
        addClient(connection);
        idle[clientId(connection)].merge(subjects);
    }
    for (const auto& [client, subjects] : idle) {
        const bool one = subjects.size() == 1;
        m_findings.push_back({"no_traffic", client,
                              one ? "nothing came for the subscription to " + *subjects.begin()
                                  : "nothing came for " + counted(subjects.size(), "subscription"),
                              one ? "no message on it while it was observed"
                                  : "no message on " + listed(subjects) + " while they were observed",
                              "check the spelling, and whether its publisher runs"});
    }
}

void FlowBroker::findSlowConsumers()
{
    if (m_before == nullptr)
        return;
    for (const SeenServer& server : m_now.servers) {
        const SeenServer* last = serverOf(*m_before, server.id);
        if (last == nullptr || server.slowConsumers <= last->slowConsumers)
            continue;
        m_findings.push_back(
            {"slow_consumers",
             {},
             "server " + server.name + " closed slow consumers",
             std::to_string(server.slowConsumers - last->slowConsumers) + " between the two looks",
             "see the closed connections of /connz?state=closed for whose they were"});
    }
}

} // namespace weir
