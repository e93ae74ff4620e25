// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/history/Candidates.h"

#include <algorithm>

namespace weir {
namespace {

constexpr std::size_t kMostAtOnce = 256; ///< some milliseconds' work at the most

} // namespace

void noteDamage(ScanSummary& summary, const FoundBlock& found, const Error& error)
{
    ++summary.damagedBlocks;
    summary.damage.push_back(nameBlock(found, error));
}

Result<std::optional<FoundBlock>> Candidates::next(ScanSummary& summary)
{
    while (!m_stop.stop_requested()) {
        if (m_next == m_read.size()) {
            if (auto done = readMore(); !done)
                return done.error();
            if (m_read.empty())
                return std::optional<FoundBlock>();
        }
        const Candidate& one = m_read[m_next++];
        if (!one.found.isSound())
            noteDamage(summary, one.found, {ErrorCode::Format, {}, "the checksum of its row differs", {}});
        else if (one.mayMatch)
            return std::optional(one.found);
        else
            summary.scanned += one.found.wanted();
    }
    return std::optional<FoundBlock>();
}

Result<void> Candidates::readMore()
{
    m_read.clear();
    m_next = 0;
    if (auto begun = m_database.run("BEGIN"); !begun)
        return begun;
    auto done = readRows();
    m_database.rollback(); // it was only read
    m_most = std::min(2 * m_most, kMostAtOnce);
    return done;
}

Result<void> Candidates::readRows()
{
    const auto rows = m_rows.next(m_most);
    if (!rows)
        return rows.error();
    for (const FoundBlock& found : *rows)
        m_read.push_back({found, !found.isSound() || m_pruner.mayMatch(found.row)});
    return {};
}

} // namespace weir
