// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/ViewState.h"

namespace weir {

void ViewState::setHistory(std::filesystem::path history)
{
    if (m_history == history)
        return;
    m_history = std::move(history);
    emit historyChanged();
}

void ViewState::setRange(const TimeRange& range)
{
    if (m_range == range) {
        if (range.live)
            emit liveAgain();
        return;
    }
    m_range = range;
    emit rangeChanged();
}

void ViewState::setFilter(const Filter& filter)
{
    if (m_filter.text() == filter.text())
        return;
    m_filter = filter;
    emit filterChanged();
}

} // namespace weir
