// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/broker/ConnectionBook.h"

#include <algorithm>

namespace weir {
namespace {

bool before(const SeenConnection& one, const SeenConnection& other)
{
    return one.cid < other.cid;
}

/// Pages overlap where a connection left while they were read.
void order(std::vector<SeenConnection>& list)
{
    std::stable_sort(list.begin(), list.end(), before);
    const auto same = [](const SeenConnection& a, const SeenConnection& b) { return a.cid == b.cid; };
    list.erase(std::unique(list.begin(), list.end(), same), list.end());
}

void takeCounters(SeenConnection& into, const SeenConnection& from)
{
    into.inMessages = from.inMessages;
    into.inBytes = from.inBytes;
    into.outMessages = from.outMessages;
    into.outBytes = from.outBytes;
    into.pendingBytes = from.pendingBytes;
    if (from.rtt != kNoDuration)
        into.rtt = from.rtt;
    into.told = from.told;
}

} // namespace

std::vector<SeenConnection>::iterator ConnectionBook::find(std::uint64_t cid)
{
    const auto at =
        std::lower_bound(m_all.begin(), m_all.end(), cid,
                         [](const SeenConnection& each, std::uint64_t id) { return each.cid < id; });
    return at != m_all.end() && at->cid == cid ? at : m_all.end();
}

void ConnectionBook::replace(std::vector<SeenConnection> all, std::uint64_t total)
{
    order(all);
    if (m_read) {
        m_arrivals += static_cast<std::uint64_t>(
            std::count_if(all.begin(), all.end(),
                          [this](const SeenConnection& each) { return find(each.cid) == m_all.end(); }));
    }
    m_all = std::move(all);
    m_total = total;
    countVisitors();
}

bool ConnectionBook::refresh(std::vector<SeenConnection> all, std::uint64_t total)
{
    order(all);
    std::vector<SeenConnection> stay;
    stay.reserve(all.size());
    for (const SeenConnection& each : all) {
        const auto known = find(each.cid);
        if (known == m_all.end())
            continue;
        takeCounters(*known, each);
        stay.push_back(std::move(*known));
    }
    m_all = std::move(stay);
    m_total = total;
    return m_all.size() == all.size();
}

void ConnectionBook::put(SeenConnection one)
{
    const auto known = find(one.cid);
    if (known != m_all.end()) {
        *known = std::move(one);
        return;
    }
    ++m_total;
    ++m_arrivals;
    m_all.insert(std::lower_bound(m_all.begin(), m_all.end(), one, before), std::move(one));
}

bool ConnectionBook::remove(std::uint64_t cid)
{
    const auto known = find(cid);
    if (known == m_all.end())
        return false;
    m_all.erase(known);
    m_total -= std::min<std::uint64_t>(m_total, 1);
    return true;
}

void ConnectionBook::accepted(std::uint64_t ever)
{
    m_accepted = ever;
    if (m_read && !m_hasBase)
        m_base = ever;
    m_hasBase = m_hasBase || m_read;
}

void ConnectionBook::countVisitors()
{
    const bool whole = m_all.size() >= m_total;
    if (whole && m_hasBase && m_accepted > m_base + m_arrivals)
        m_visitors = std::max(m_visitors, m_visitorsBefore + m_accepted - m_base - m_arrivals);
    if (!whole && m_hasBase) { // who came cannot be told from who was not read: count from the next on
        m_hasBase = false;
        m_arrivals = 0;
        m_visitorsBefore = m_visitors;
    }
    m_read = true;
}

} // namespace weir
