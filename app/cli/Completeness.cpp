// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/Completeness.h"

#include "app/cli/Cli.h"
#include "app/cli/Output.h"
#include "core/base/Clock.h"

namespace weir::cli {
namespace {

/// Whether the stretch that was looked at lacks anything; if so, says it.
bool tellGaps(HistoryReader& reader, Timestamp from, Timestamp to)
{
    const auto gaps = reader.gaps(from, to);
    if (!gaps)
        return complain(gaps.error()) != Exit::Done;
    if (!gaps->empty())
        remark(counted(gaps->size(), "gap") +
               " in this range: messages may be missing (weir info lists them)");
    return !gaps->empty();
}

/// Whether the stretch reaches beyond what was ever recorded; if so, says it.
bool tellUnrecorded(HistoryReader& reader, Timestamp from, Timestamp to)
{
    const auto info = reader.info();
    if (!info)
        return complain(info.error()) != Exit::Done;
    const bool before = to <= info->recordedFrom || (from != Timestamp::min() && from < info->recordedFrom);
    const bool after =
        !info->beingWritten && (from > info->recordedTo || (to != Timestamp::max() && to > info->recordedTo));
    const Timestamp now = SystemClock().now();
    const bool notYet = info->beingWritten && from > now;
    if (before)
        remark("nothing was recorded before " + formatRfc3339(info->recordedFrom));
    if (after)
        remark("nothing was recorded after " + formatRfc3339(info->recordedTo));
    if (notYet)
        remark("nothing is recorded yet after " + formatRfc3339(now));
    return before || after || notYet;
}

} // namespace

bool tellMissing(HistoryReader& reader, Timestamp from, Timestamp to)
{
    const bool gaps = tellGaps(reader, from, to);
    const bool unrecorded = tellUnrecorded(reader, from, to);
    return gaps || unrecorded;
}

} // namespace weir::cli
