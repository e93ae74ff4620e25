// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/NothingToShow.h"

#include "core/base/Error.h"
#include "ui/models/TimeText.h"
#include "ui/models/ViewState.h"
#include "ui/views/EmptyState.h"
#include "ui/views/Page.h"

namespace weir {
namespace {

constexpr Nanoseconds kDay = std::chrono::hours(24);

void goLive(ViewState& state, Nanoseconds span)
{
    TimeRange live;
    live.span = span;
    state.setRange(live);
}

} // namespace

void showNoHistory(EmptyState& empty, Page& page)
{
    empty.showEmpty(Page::tr("Nothing is recorded or opened"),
                    Page::tr("Connect to a broker, or open a history file (Ctrl+O)."),
                    {Page::tr("Connect…"), [&page] { emit page.connectRequested(); }});
}

void showUnreadable(EmptyState& empty, Page& page, const Error& error)
{
    empty.showError(Page::tr("The history cannot be read"), QString::fromStdString(error.line()),
                    {Page::tr("Open another history…"), [&page] { emit page.openHistoryRequested(); }});
}

void showNoMessage(EmptyState& empty, ViewState& state, const QString& live)
{
    const TimeRange& range = state.range();
    if (!state.filter().isEmpty())
        empty.showEmpty(Page::tr("No message matches the filter"),
                        range.live ? Page::tr("New messages that match appear here.")
                                   : Page::tr("Widen the time range or the filter."),
                        {Page::tr("Clear the filter"), [&state] { state.setFilter({}); }});
    else if (!range.live)
        empty.showEmpty(Page::tr("No message in this time range"),
                        Page::tr("Choose another range, or go live."),
                        {Page::tr("Go live"), [&state] { goLive(state, TimeRange().span); }});
    else if (range.span < kDay)
        empty.showEmpty(Page::tr("No message in this time range"), live,
                        {Page::tr("Show the last 24 h"), [&state] { goLive(state, kDay); }});
    else
        empty.showEmpty(Page::tr("No message in this time range"), live);
}

void showExpired(EmptyState& empty, ViewState& state, Timestamp before)
{
    const QString title = Page::tr("The messages before %1 have expired").arg(clockText(before, true));
    const QString hint = Page::tr("Latency and the strip above still show what they added up to.");
    if (state.filter().isEmpty())
        empty.showEmpty(title, hint, {Page::tr("Go live"), [&state] { goLive(state, TimeRange().span); }});
    else
        empty.showEmpty(title, hint, {Page::tr("Clear the filter"), [&state] { state.setFilter({}); }});
}

} // namespace weir
