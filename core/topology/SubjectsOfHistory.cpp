// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/topology/SubjectsOfHistory.h"

#include "core/topology/FlowTracker.h"

#include <algorithm>

namespace weir {

Result<SubjectsOfHistory> subjectsOfHistory(HistoryReader& reader, Timestamp from, Timestamp to,
                                            const Filter& filter, const std::stop_token& stop)
{
    const auto info = reader.info();
    if (!info)
        return info.error();
    SubjectsOfHistory subjects;
    subjects.tree = std::make_shared<SubjectTree>();
    subjects.from = std::max(from, info->recordedFrom);
    subjects.to = info->recordedTo == kNoTime ? to : std::min(to, info->recordedTo + Nanoseconds(1));
    if (info->lastSeq == 0 || subjects.from >= subjects.to) {
        subjects.from = subjects.to;
        subjects.lacks.emplace_back("nothing was recorded in this range");
        return subjects;
    }
    HistoryQuery query;
    query.from = subjects.from;
    query.to = subjects.to;
    query.filter = filter;
    query.columns = kEnvelopeOnly;
    const auto done = reader.scan(query, stop, [&](const std::shared_ptr<const Batch>& batch) {
        subjects.tree->consume(batch);
        return true;
    });
    if (!done)
        return done.error();
    subjects.tree->tick(subjects.to);
    const auto gaps = reader.gaps(subjects.from, subjects.to);
    if (!gaps)
        return gaps.error();
    if (done->damagedBlocks > 0)
        subjects.lacks.push_back(std::to_string(done->damagedBlocks) + " damaged blocks were left out");
    // Sums do not know single subjects: what has expired is lacking.
    for (std::string& line : missingIn(*gaps, subjects.from, subjects.to, true))
        subjects.lacks.push_back(std::move(line));
    return subjects;
}

} // namespace weir
