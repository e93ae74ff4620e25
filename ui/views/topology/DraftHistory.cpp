// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/topology/DraftHistory.h"

namespace weir {

Result<HistoryReader*> DraftHistory::reader(const std::filesystem::path& history)
{
    if (m_reader)
        return m_reader.get();
    auto opened = m_open(history);
    if (!opened)
        return opened.error();
    const auto info = (*opened)->info();
    if (!info)
        return info.error();
    m_recordedFrom = info->recordedFrom;
    m_reader = std::move(*opened);
    return m_reader.get();
}

DraftHistory::Known DraftHistory::of(const LooksAsked& asked, const std::stop_token& stop)
{
    Known known;
    const BrokerWatch::Known& broker = asked.broker;
    if (auto read = looks(asked, stop)) {
        known.looks = std::move(*read);
    } else {
        known.problem = QString::fromStdString(read.error().line());
        known.looks = {broker.now, nullptr, broker.account, broker.observed, {}};
    }
    known.recordedFrom = m_recordedFrom;
    if (!known.looks.before) // the history kept none of it
        known.looks.before = broker.before;
    return known;
}

Result<RangeLooks> DraftHistory::looks(const LooksAsked& asked, const std::stop_token& stop)
{
    const auto opened = reader(asked.history);
    if (!opened)
        return opened.error();
    std::optional<ObservedLook> now;
    if (asked.broker.now)
        now = ObservedLook{asked.broker.now, asked.broker.account, asked.broker.observed};
    return m_looks.of(**opened, asked.from, asked.to, now, stop);
}

} // namespace weir
