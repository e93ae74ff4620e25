// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/topology/LooksDraft.h"

namespace weir {
namespace {

/// Rates of shorter times jump.
constexpr Nanoseconds kApart = std::chrono::seconds(8);

} // namespace

LooksDraft::Known LooksDraft::of(const FlowAsked& asked)
{
    const std::lock_guard lock(m_mutex);
    auto known = read(asked);
    const auto before = earlier(asked);
    if (known) {
        if (!known->looks.before) // nothing of it was kept: two looks of the present serve as well
            known->looks.before = before;
        return std::move(*known);
    }
    Known none;
    none.recordedFrom = m_recordedFrom;
    none.problem = QString::fromStdString(known.error().line());
    none.looks.now = asked.broker.now; // it does not stand in the history
    none.looks.before = before;
    return none;
}

/// Locked.
Result<LooksDraft::Known> LooksDraft::read(const FlowAsked& asked)
{
    if (!m_reader) {
        auto opened = m_open(asked.history);
        if (!opened)
            return opened.error();
        const auto info = (*opened)->info();
        if (!info)
            return info.error();
        m_recordedFrom = info->recordedFrom;
        m_reader = std::move(*opened);
    }
    std::optional<ObservedLook> now;
    if (asked.broker.now)
        now = ObservedLook{asked.broker.now, asked.broker.account, asked.broker.observed};
    auto looks = m_looks.of(*m_reader, asked.from, asked.to, now);
    if (!looks)
        return looks.error();
    return Known{std::move(*looks), m_recordedFrom, {}};
}

/// Locked.
std::shared_ptr<const BrokerLook> LooksDraft::earlier(const FlowAsked& asked)
{
    const auto& now = asked.broker.now;
    if (!now)
        return nullptr;
    if (m_present.empty() || m_present.back()->time < now->time)
        m_present.push_back(now);
    while (m_present.size() > 2 && now->time - m_present[1]->time >= kApart)
        m_present.pop_front();
    return m_present.front()->time < now->time ? m_present.front() : asked.broker.before;
}

} // namespace weir
