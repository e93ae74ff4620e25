// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/history/NameViews.h"

#include "core/history/Schema.h"

#include <algorithm>

namespace weir {
namespace {

template<typename IdType>
void followNames(const Dictionary<IdType>& names, std::vector<std::string_view>& views)
{
    while (views.size() <= names.size())
        views.push_back(names.name(IdType{static_cast<std::uint32_t>(views.size())}));
}

std::string_view nameAt(const std::vector<std::string_view>& views, std::uint32_t id)
{
    return id < views.size() ? views[id] : std::string_view();
}

} // namespace

Result<void> NameViews::follow(Names& names, Database& database)
{
    followNames(names.subjects, m_subjects);
    followNames(names.pops, m_pops);
    followNames(names.workers, m_workers);
    for (const IdentityId id : names.identities.changedSince(m_identityRevision)) {
        const Identity whole = names.identities.at(id);
        m_identities.resize(std::max<std::size_t>(m_identities.size(), std::size_t{id.value} + 1));
        Identity& kept = m_identities[id.value];
        kept.evidence = whole.evidence;
        kept.notBefore = whole.notBefore;
        kept.expires = whole.expires;
    }
    return followStreams(names, database);
}

Result<void> NameViews::followStreams(Names& names, Database& database)
{
    const auto known = hasColumn(database, "recording", "stream");
    if (!known || !*known)
        return known ? Result<void>() : known.error();
    auto rows = database.prepare("SELECT id, stream FROM recording WHERE id > ?");
    if (!rows)
        return rows.error();
    rows->bind(1, m_streams.empty() ? 0 : m_streams.rbegin()->first);
    return rows->forEachRow([&]() -> Result<void> {
        m_streams.emplace(rows->integer(0), names.streams.intern(rows->bytes(1)));
        return {};
    });
}

void NameViews::name(ColumnSet columns, std::vector<Message>& messages) const
{
    const auto fill = [&](Column column, const auto& views, auto id, std::string_view Message::*name) {
        if ((columns & bit(column)) == 0)
            return;
        for (Message& message : messages)
            message.*name = nameAt(views, (message.*id).value);
    };
    fill(Column::Subject, m_subjects, &Message::subject, &Message::subjectName);
    fill(Column::Pop, m_pops, &Message::pop, &Message::popName);
    fill(Column::Worker, m_workers, &Message::worker, &Message::workerName);
    if ((columns & bit(Column::Identity)) == 0)
        return;
    for (Message& message : messages) {
        // A token may have been verified after its messages were stored.
        if (!message.identity.isNone() && message.identity.value < m_identities.size())
            message.evidence =
                std::max(message.evidence, evidenceAt(m_identities[message.identity.value], message.time));
    }
}

StreamId NameViews::stream(std::int64_t recording) const
{
    const auto found = m_streams.find(recording);
    return found != m_streams.end() ? found->second : StreamId{};
}

} // namespace weir
