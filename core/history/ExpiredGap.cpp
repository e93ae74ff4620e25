// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/history/ExpiredGap.h"

#include "core/base/Gap.h"

#include <algorithm>

namespace weir {

void ExpiredStretch::add(std::uint64_t last, std::uint64_t count, std::int64_t from, std::int64_t to)
{
    timeMin = messages == 0 ? from : std::min(timeMin, from);
    timeMax = messages == 0 ? to : std::max(timeMax, to);
    messages += count;
    lastSeq = std::max(lastSeq, last);
}

Result<void> writeExpired(Database& database, std::int64_t recording, const ExpiredStretch& removed,
                          const std::string& subject, const std::string& kept)
{
    const auto cause = static_cast<std::int64_t>(GapCause::Expired);
    const std::string begins =
        "removed on purpose: " + (subject.empty() ? std::string() : "of " + subject + " ") +
        "this history keeps ";
    auto there = database.prepare("SELECT id FROM gap WHERE cause = ?1 AND substr(detail, 1, length(?2)) = "
                                  "?2 ORDER BY id LIMIT 1");
    if (!there)
        return there.error();
    const auto found = there->bind(1, cause).bindText(2, begins).step();
    if (!found)
        return found.error();
    const std::int64_t id = *found ? there->integer(0) : 0;
    auto gap = database.prepare(
        *found ? "UPDATE gap SET from_time = min(from_time, ?2), to_time = max(to_time, ?3), "
                 "messages = messages + ?5, detail = ?6 WHERE id = ?1 AND cause = ?4"
               : "INSERT INTO gap(recording, key, from_time, to_time, cause, messages, estimated, "
                 "detail) VALUES(?1, NULL, ?2, ?3, ?4, ?5, 0, ?6)");
    if (!gap)
        return gap.error();
    gap->bind(1, *found ? id : recording).bind(2, removed.timeMin).bind(3, removed.timeMax + 1);
    gap->bind(4, cause).bind(5, removed.messages);
    if (auto done = gap->bindText(6, begins + kept).run(); !done)
        return done;
    auto seq = database.prepare("INSERT INTO meta VALUES('expired_seq', ?1) ON CONFLICT(key) DO UPDATE SET "
                                "value = max(value, ?1)");
    if (!seq)
        return seq.error();
    return seq->bind(1, removed.lastSeq).run();
}

} // namespace weir
