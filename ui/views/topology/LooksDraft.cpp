// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/topology/LooksDraft.h"

namespace weir {

LooksDraft::Known LooksDraft::of(const FlowAsked& asked)
{
    const std::lock_guard lock(m_mutex);
    auto known = read(asked);
    if (known)
        return std::move(*known);
    Known none;
    none.recordedFrom = m_recordedFrom;
    none.problem = QString::fromStdString(known.error().line());
    none.looks.now = asked.broker.now; // it does not stand in the history
    none.looks.before = asked.broker.before;
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
    Known known{std::move(*looks), m_recordedFrom, {}};
    if (!known.looks.before) // nothing of it was kept: two looks of the present serve as well
        known.looks.before = asked.broker.before;
    return known;
}

} // namespace weir
