// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/history/MergeSource.h"

#include "core/history/NamesStore.h"
#include "core/history/RollupBuilder.h"
#include "core/history/Schema.h"

#include <algorithm>

namespace weir {
namespace {

template<typename IdType>
void map(const Dictionary<IdType>& from, Dictionary<IdType>& into, std::vector<std::uint32_t>& ids)
{
    ids.assign(1, 0);
    for (std::uint32_t id = 1; id <= from.size(); ++id)
        ids.push_back(into.intern(from.name(IdType{id})).value);
}

} // namespace

Result<std::unique_ptr<MergeSource>> MergeSource::open(const std::filesystem::path& path)
{
    auto database = openForReading(path);
    if (!database)
        return database.error();
    std::unique_ptr<MergeSource> made(new MergeSource(std::move(*database)));
    if (auto begun = made->m_database.run("BEGIN"); !begun)
        return begun.error();
    if (auto begun = made->m_inspector.begin(); !begun)
        return begun.error();
    const auto blocks = made->m_database.number("SELECT count(*) FROM block");
    if (!blocks)
        return blocks.error();
    made->m_blocks = static_cast<std::uint64_t>(*blocks);
    return made;
}

Result<void> MergeSource::mapNames(Names& into)
{
    Names names;
    NamesMark mark;
    if (auto done = loadNames(m_database, names, mark); !done)
        return done;
    map(names.subjects, into.subjects, m_subjects);
    map(names.pops, into.pops, m_pops);
    map(names.workers, into.workers, m_workers);
    m_groups.assign(1, 0);
    for (std::uint32_t id = 1; id <= names.groups.size(); ++id)
        m_groups.push_back(RollupBuilder::takeGroup(into, names.groups.name({id})).value);
    m_identities.assign(1, 0);
    for (std::uint32_t id = 1; id <= names.identities.size(); ++id) {
        const Identity one = names.identities.at({id});
        const IdentityId there = into.identities.intern(one);
        // One of the two may have had the keys that verify it.
        if (into.identities.at(there).evidence < one.evidence)
            into.identities.giveVerdict(there, one.evidence, one.proof);
        m_identities.push_back(there.value);
    }
    m_names = &into;
    return {};
}

Result<bool> MergeSource::next()
{
    if (m_recording != nullptr && ++m_at < m_block.messages.size())
        return true;
    for (;;) {
        const auto more = nextBlock();
        if (!more || !*more)
            return more;
        const auto recording = m_recordings.find(m_block.found.row.recording);
        const bool sound = m_block.faults.empty() && recording != m_recordings.end();
        if (sound) {
            m_recording = &recording->second;
            m_at = 0;
            for (Message& message : m_block.messages)
                rename(message);
            return true;
        }
        if (m_block.faults.empty())
            m_block.faults.emplace_back("it is of no recording");
        m_block.messages.clear();
        m_block.storage.reset();
        m_block.body.clear();
        m_damaged.push_back(m_block);
    }
}

Result<bool> MergeSource::nextBlock()
{
    auto row = m_database.prepare("SELECT * FROM block WHERE first_seq > ? ORDER BY first_seq LIMIT 1");
    if (!row)
        return row.error();
    const auto found = row->bind(1, m_key).step();
    if (!found || !*found)
        return found;
    const FoundBlock block = blockOf(*row);
    m_key = static_cast<std::int64_t>(block.row.firstSeq);
    ++m_blocksRead;
    m_block = m_inspector.inspect(block);
    return true;
}

void MergeSource::rename(RollupSlot& slot) const
{
    const auto there = [](const std::vector<std::uint32_t>& ids, std::uint32_t& id) {
        id = id < ids.size() ? ids[id] : 0;
    };
    for (RollupCell& cell : slot.cells) {
        there(m_pops, cell.key.pop.value);
        there(m_workers, cell.key.worker.value);
        there(m_identities, cell.key.identity.value);
        there(m_groups, cell.key.group.value);
    }
}

void MergeSource::rename(Message& message) const
{
    message.subject = {m_subjects[message.subject.value]};
    message.subjectName = m_names->subjects.name(message.subject);
    message.pop = {m_pops[message.pop.value]};
    message.worker = {m_workers[message.worker.value]};
    message.identity = {m_identities[message.identity.value]};
}

} // namespace weir
