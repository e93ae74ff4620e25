// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sql/SqlHistory.h"

#include "core/history/Schema.h"

#include <algorithm>

namespace weir {

SqlHistory::SqlHistory(std::filesystem::path path, TellDamage tellDamage)
    : m_path(std::move(path)), m_tellDamage(std::move(tellDamage))
{
}

Result<void> SqlHistory::open()
{
    if (m_database)
        return {};
    if (m_path.empty())
        return Error{ErrorCode::NotFound, "opening the history", "this connection has no file",
                     "begin with: sqlite3 HISTORY"};
    auto reader = HistoryReader::open(m_path);
    if (!reader)
        return reader.error();
    auto database = openForReading(m_path);
    if (!database)
        return database.error();
    const auto seqs = (*reader)->seqRange();
    if (!seqs)
        return seqs.error();
    m_seqs = *seqs;
    m_readers.push_back(std::move(*reader));
    m_database.emplace(std::move(*database));
    return {};
}

Result<void> SqlHistory::enter()
{
    if (m_inside == 0) {
        auto reader = takeReader();
        if (!reader)
            return reader.error();
        const auto seqs = (*reader)->seqRange();
        giveBack(std::move(*reader));
        if (!seqs)
            return seqs.error();
        m_seqs = *seqs;
    }
    ++m_inside;
    return {};
}

void SqlHistory::leave()
{
    --m_inside;
}

Result<bool> SqlHistory::timesRise()
{
    return m_database->number("SELECT value FROM meta WHERE key = 'setback_ns'").transform([](auto setback) {
        return setback == 0;
    });
}

std::uint64_t SqlHistory::messages() const
{
    return m_seqs.second == 0 ? 0 : m_seqs.second - m_seqs.first + 1;
}

Result<std::unique_ptr<HistoryReader>> SqlHistory::takeReader()
{
    if (m_readers.empty())
        return HistoryReader::open(m_path);
    auto reader = std::move(m_readers.back());
    m_readers.pop_back();
    return reader;
}

void SqlHistory::noteDamage(const Error& damage)
{
    const bool known = std::any_of(m_damage.begin(), m_damage.end(),
                                   [&](const Error& one) { return one.what == damage.what; });
    if (known)
        return;
    m_damage.push_back(damage);
    if (m_tellDamage)
        m_tellDamage(damage);
}

void SqlHistory::noteRead(Timestamp from, Timestamp to)
{
    if (from >= to)
        return;
    if (m_read)
        m_read = {std::min(m_read->first, from), std::max(m_read->second, to)};
    else
        m_read = {from, to};
}

} // namespace weir
