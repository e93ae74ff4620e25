// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Clock.h"
#include "tests/ui/VirtualHistory.h"
#include "ui/models/ViewState.h"

#include <QWidget>

namespace weir::test {

constexpr std::uint64_t kPastMessages = 20'000;

/// Gives the traffic kPastMessages, a thousand a second, the newest now.
inline void endNow(VirtualHistory& traffic)
{
    traffic.setRate(1000);
    traffic.setStart(SystemClock().now() - std::chrono::seconds(kPastMessages / 1000));
    traffic.setCount(kPastMessages);
}

/// Shows all of the traffic on a page, as a fixed range.
inline void showPast(VirtualHistory& traffic, ViewState& state, QWidget& page)
{
    endNow(traffic);
    page.resize(1200, 700);
    page.show();
    state.setRange({false, {}, traffic.timeOf(1), traffic.timeOf(kPastMessages) + Nanoseconds(1)});
    state.setHistory("h.db");
}

} // namespace weir::test
