// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/broker/SubjectProposals.h"

#include "core/broker/BrokerFacts.h"
#include "core/broker/NatsLink.h"
#include "core/broker/SubjectPattern.h"

#include <algorithm>
#include <condition_variable>
#include <cstdio>
#include <map>
#include <mutex>

namespace weir {
namespace {

std::string oneDecimal(double value)
{
    char text[32];
    std::snprintf(text, sizeof text, "%.1f", value);
    return text;
}

/// What a subscription reveals: its first token and everything below, which is what people observe; a
/// subscription of one token stands for itself.
std::string familyOf(const std::string& subject)
{
    const std::size_t dot = subject.find('.');
    if (dot == std::string::npos)
        return subject == "*" ? "" : subject;
    const std::string first = subject.substr(0, dot);
    return first == "*" || first == ">" ? "" : first + ".>";
}

/// Inboxes and what servers and JetStream say among themselves are no business traffic.
bool isInternal(const std::string& subject)
{
    return subject.empty() || subject == ">" || subject.starts_with('$') || subject.starts_with("_");
}

std::optional<double> perSecond(std::uint64_t before, std::uint64_t after, double seconds)
{
    if (after < before || seconds <= 0)
        return std::nullopt; // purged or restarted between the two looks
    return static_cast<double>(after - before) / seconds;
}

void addStream(SubjectProposals& out, const StreamFacts& before, const StreamFacts& after, double seconds)
{
    // Sequences only grow; messages held do not, where limits discard.
    const std::optional<double> rate = perSecond(before.lastSequence, after.lastSequence, seconds);
    const double size =
        after.messages > 0 ? static_cast<double>(after.bytes) / static_cast<double>(after.messages) : 0;
    for (const std::string& subject : after.subjects) {
        if (isInternal(subject))
            continue;
        SubjectProposal& proposal = out.subjects.emplace_back();
        proposal.subject = subject;
        proposal.origin = "stream " + after.name;
        proposal.isStream = true;
        proposal.messagesPerSecond = rate;
        if (rate && after.messages > 0)
            proposal.bytesPerSecond = *rate * size;
        proposal.basis = !rate ? "unknown: the stream was purged or made anew while it was watched"
                               : "stream " + after.name + " grew by " +
                                     std::to_string(after.lastSequence - before.lastSequence) +
                                     " messages in " + oneDecimal(seconds) + " s" +
                                     (after.subjects.size() > 1 ? ", all its subjects together" : "");
    }
}

void addSubscriptions(SubjectProposals& out, const BrokerFacts& before, const BrokerFacts& after,
                      double seconds)
{
    struct Family
    {
        std::size_t subscriptions = 0;
        std::uint64_t delivered = 0; // the busiest subscription's growth: a lower bound of the subject's rate
        bool known = false;
    };
    std::map<std::string, Family> families;
    for (const auto& [key, facts] : after.subscriptions) {
        const std::string family = familyOf(facts.subject);
        if (isInternal(family))
            continue;
        Family& one = families[family];
        ++one.subscriptions;
        const auto earlier = before.subscriptions.find(key);
        if (earlier == before.subscriptions.end() || facts.messages < earlier->second.messages)
            continue;
        one.delivered = std::max(one.delivered, facts.messages - earlier->second.messages);
        one.known = true;
    }
    for (const auto& [subject, family] : families) {
        const auto covered = [&name = subject](const SubjectProposal& other) {
            return patternCovers(other.subject, name);
        };
        if (std::any_of(out.subjects.begin(), out.subjects.end(), covered))
            continue;
        SubjectProposal& proposal = out.subjects.emplace_back();
        proposal.subject = subject;
        proposal.origin = std::to_string(family.subscriptions) +
                          (family.subscriptions == 1 ? " subscription" : " subscriptions");
        proposal.basis = "unknown: these subscriptions are too new";
        if (family.known && seconds > 0) {
            proposal.messagesPerSecond = static_cast<double>(family.delivered) / seconds;
            proposal.basis = "at least: the busiest of these subscriptions was given " +
                             std::to_string(family.delivered) + " messages in " + oneDecimal(seconds) + " s";
        }
    }
}

/// An upper bound for every subject: what the account's connections publish, or else the whole server's.
void addTotal(SubjectProposals& out, const BrokerFacts& before, const BrokerFacts& after, double seconds)
{
    std::uint64_t messages = 0;
    std::uint64_t bytes = 0;
    for (const auto& [key, now] : after.publishers) {
        const auto earlier = before.publishers.find(key);
        const PublisherFacts then = earlier == before.publishers.end() ? PublisherFacts{} : earlier->second;
        messages += now.messages - std::min(then.messages, now.messages);
        bytes += now.bytes - std::min(then.bytes, now.bytes);
    }
    if (!after.publishers.empty() && seconds > 0) {
        out.serverMessagesPerSecond = static_cast<double>(messages) / seconds;
        out.serverBytesPerSecond = static_cast<double>(bytes) / seconds;
        out.serverBasis = "what the connections of this account published in " + oneDecimal(seconds) + " s";
    } else if (before.inMessages && after.inMessages) {
        out.serverMessagesPerSecond = perSecond(*before.inMessages, *after.inMessages, seconds);
        out.serverBytesPerSecond = perSecond(*before.inBytes, *after.inBytes, seconds);
        out.serverBasis = "what all clients of this server published in " + oneDecimal(seconds) + " s";
    } else {
        out.serverBasis =
            "unknown: neither the account's connections nor the monitoring endpoint can be read";
    }
}

/// Waits, unless a stop is requested.
void waitFor(std::chrono::milliseconds time, const std::stop_token& stop)
{
    std::mutex mutex;
    std::condition_variable_any never;
    std::unique_lock lock(mutex);
    (void)never.wait_for(lock, stop, time, [] { return false; });
}

void compare(SubjectProposals& out, const BrokerFacts& before, const BrokerFacts& after)
{
    const double seconds = std::chrono::duration<double>(after.time - before.time).count();
    for (const auto& [name, stream] : after.streams) {
        const auto earlier = before.streams.find(name);
        addStream(out, earlier == before.streams.end() ? stream : earlier->second, stream, seconds);
    }
    addSubscriptions(out, before, after, seconds);
    addTotal(out, before, after, seconds);
    std::stable_sort(out.subjects.begin(), out.subjects.end(),
                     [](const SubjectProposal& a, const SubjectProposal& b) {
                         return a.messagesPerSecond.value_or(-1) > b.messagesPerSecond.value_or(-1);
                     });
    out.notes = after.notes;
}

} // namespace

Result<SubjectProposals> proposeSubjects(const ConnectionProfile& profile, std::stop_token stop,
                                         std::chrono::milliseconds window)
{
    Result<std::unique_ptr<NatsLink>> link = NatsLink::connect(profile, {}, [] {});
    if (!link)
        return link.error();
    const BrokerFacts before = readBrokerFacts(**link, profile, stop);
    waitFor(window, stop);
    if (stop.stop_requested())
        return Error{ErrorCode::Cancelled, "looking for subjects", "cancelled", ""};
    const BrokerFacts after = readBrokerFacts(**link, profile, stop);
    SubjectProposals proposals;
    compare(proposals, before, after);
    return proposals;
}

} // namespace weir
