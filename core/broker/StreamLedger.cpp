// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/broker/StreamLedger.h"

#include <algorithm>
#include <array>
#include <charconv>

namespace weir {
namespace {

constexpr std::size_t kOldTokens = 9;
constexpr std::size_t kNewTokens = 11;

std::uint64_t number(std::string_view token)
{
    std::uint64_t value = 0;
    (void)std::from_chars(token.data(), token.data() + token.size(), value);
    return value;
}

} // namespace

std::optional<AckSubject> parseAckSubject(std::string_view reply)
{
    if (!reply.starts_with("$JS.ACK."))
        return std::nullopt;
    std::array<std::string_view, 16> tokens;
    std::size_t count = 0;
    while (count < tokens.size()) {
        const std::size_t dot = reply.find('.');
        tokens[count++] = reply.substr(0, dot);
        if (dot == std::string_view::npos)
            break;
        reply.remove_prefix(dot + 1);
    }
    if (count < kOldTokens || count == kOldTokens + 1)
        return std::nullopt;
    const std::size_t at = count >= kNewTokens ? 6 : 4;
    AckSubject ack;
    ack.deliveries = number(tokens[at]);
    ack.streamSeq = number(tokens[at + 1]);
    ack.consumerSeq = number(tokens[at + 2]);
    ack.stored = fromUnixNanos(static_cast<std::int64_t>(number(tokens[at + 3])));
    if (ack.streamSeq == 0 || ack.deliveries == 0)
        return std::nullopt;
    return ack;
}

bool StreamLedger::isTaken(std::uint64_t streamSeq) const
{
    const auto after = m_taken.upper_bound(streamSeq);
    return after != m_taken.begin() && std::prev(after)->second >= streamSeq;
}

StreamLedger::Verdict StreamLedger::judge(const AckSubject& message) const
{
    {
        const std::unique_lock lock(m_mutex);
        const auto waits = [&message](const Waiting& one) { return one.streamSeq == message.streamSeq; };
        if (isTaken(message.streamSeq))
            return std::any_of(m_waiting.begin(), m_waiting.end(), waits) ? Verdict::Waiting
                                                                          : Verdict::Durable;
    }
    return m_isStored && m_isStored(message.streamSeq, message.stored) ? Verdict::Durable : Verdict::Take;
}

void StreamLedger::remember(std::uint64_t streamSeq)
{
    const auto after = m_taken.upper_bound(streamSeq);
    const auto before = after == m_taken.begin() ? m_taken.end() : std::prev(after);
    const bool joinsBefore = before != m_taken.end() && before->second + 1 >= streamSeq;
    const bool joinsAfter = after != m_taken.end() && after->first == streamSeq + 1;
    const auto run = joinsBefore ? before : m_taken.emplace(streamSeq, streamSeq).first;
    run->second = std::max(run->second, joinsAfter ? after->second : streamSeq);
    if (joinsAfter)
        m_taken.erase(after);
}

void StreamLedger::beginCounting(ConsumerPlace delivered, ConsumerPlace floor)
{
    const std::unique_lock lock(m_mutex);
    m_deliveries.begin(delivered.consumerSeq, delivered.streamSeq);
    raiseFloor(floor.streamSeq);
}

void StreamLedger::came(const AckSubject& message, Verdict verdict)
{
    const std::unique_lock lock(m_mutex);
    m_deliveries.came(message.consumerSeq, message.streamSeq, message.deliveries, verdict == Verdict::Take);
    if (verdict == Verdict::Durable)
        remember(message.streamSeq);
}

std::uint64_t StreamLedger::holes(std::uint64_t after, std::uint64_t last) const
{
    std::uint64_t ours = 0;
    for (const auto& [from, to] : m_taken) {
        const std::uint64_t first = std::max(from, after + 1);
        if (const std::uint64_t end = std::min(to, last); end >= first)
            ours += end - first + 1;
    }
    return last > after ? last - after - ours : 0;
}

std::uint64_t StreamLedger::takenElsewhere(bool filtered, bool atEnd) const
{
    const std::unique_lock lock(m_mutex);
    const std::uint64_t deliveries = atEnd ? m_deliveries.elsewhere() : m_deliveries.lost();
    if (filtered || deliveries == 0)
        return deliveries;
    // A delivery may have found nobody: only what never came here is gone.
    return std::min(deliveries, m_holes + (atEnd ? holes(m_floor, m_highest) : 0));
}

void StreamLedger::take(std::uint64_t streamSeq, std::string_view reply)
{
    const std::unique_lock lock(m_mutex);
    m_waiting.push_back({streamSeq, std::string(reply)});
    remember(streamSeq);
    m_highest = std::max(m_highest, streamSeq);
}

void StreamLedger::untake()
{
    const std::unique_lock lock(m_mutex);
    if (!m_waiting.empty())
        m_waiting.pop_back(); // it stays in m_taken: this run ends without asking again
}

std::vector<std::string> StreamLedger::committed(std::uint64_t count)
{
    const std::unique_lock lock(m_mutex);
    std::vector<std::string> replies;
    while (m_committed < count && !m_waiting.empty()) {
        if (!m_waiting.front().reply.empty())
            replies.push_back(std::move(m_waiting.front().reply));
        m_waiting.pop_front();
        ++m_committed;
    }
    return replies;
}

void StreamLedger::settle(ConsumerPlace place)
{
    const std::unique_lock lock(m_mutex);
    m_deliveries.settled(place.consumerSeq);
    m_holes += holes(m_floor, place.streamSeq);
    raiseFloor(place.streamSeq);
}

void StreamLedger::raiseFloor(std::uint64_t floor)
{
    if (floor <= m_floor)
        return;
    m_floor = floor;
    m_highest = std::max(m_highest, floor);
    std::uint64_t last = floor;
    while (!m_taken.empty() && m_taken.begin()->first <= floor + 1) {
        last = std::max(last, m_taken.begin()->second);
        m_taken.erase(m_taken.begin());
    }
    m_taken.emplace(1, last);
}

void StreamLedger::beginAnew()
{
    const std::unique_lock lock(m_mutex);
    for (Waiting& waiting : m_waiting)
        waiting = {0, {}};
    m_taken.clear();
    m_highest = m_floor = 0;
}

std::size_t StreamLedger::waiting() const
{
    const std::unique_lock lock(m_mutex);
    return m_waiting.size();
}

std::uint64_t StreamLedger::highest() const
{
    const std::unique_lock lock(m_mutex);
    return m_highest;
}

std::uint64_t StreamLedger::floor() const
{
    const std::unique_lock lock(m_mutex);
    return m_floor;
}

} // namespace weir
