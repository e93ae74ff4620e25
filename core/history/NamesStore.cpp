// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/history/NamesStore.h"

#include "core/history/NamePack.h"
#include "core/history/Schema.h"

#include <string>
#include <string_view>
#include <vector>

namespace weir {
namespace {

Error outOfOrder(const char* table, std::uint64_t id)
{
    return {ErrorCode::Format,
            "reading the history's dictionaries",
            std::string("entry ") + std::to_string(id) + " of " + table + " is missing or twice",
            {}};
}

template<typename IdType>
Result<void> loadDictionary(Database& database, const char* table, Dictionary<IdType>& into,
                            std::uint32_t& mark)
{
    auto reader = NameReader::begin(database, table, mark);
    if (!reader)
        return reader.error();
    for (NameRun run;;) {
        const auto more = reader->next(run);
        if (!more || !*more)
            return more ? Result<void>() : more.error();
        if (!run.fault.empty())
            return Error{ErrorCode::Format, "reading the history's dictionaries", run.fault, {}};
        std::uint64_t id = run.firstId;
        for (const std::string_view name : run.names) {
            if (id != std::uint64_t{mark} + 1 || into.intern(name).value != id)
                return outOfOrder(table, id);
            ++mark;
            ++id;
        }
    }
}

template<typename IdType>
Result<void> saveDictionary(Database& database, const char* table, const Dictionary<IdType>& from,
                            std::uint32_t& mark)
{
    const std::uint32_t size = from.size();
    if (size == mark)
        return {};
    auto insert = database.prepare(std::string("INSERT INTO ") + table + "(id, name) VALUES(?, ?)");
    if (!insert)
        return insert.error();
    while (mark < size) {
        insert->bind(1, std::uint64_t{mark} + 1).bindText(2, from.name(IdType{mark + 1}));
        if (auto done = insert->run(); !done)
            return done;
        ++mark;
    }
    return {};
}

/// As saveDictionary(), in packs as long as there are many.
Result<void> savePacks(Database& database, const Dictionary<SubjectId>& from, std::uint32_t& mark)
{
    if (from.size() - mark < kFewestPacked)
        return {};
    auto packer = NamePacker::begin(database);
    if (!packer)
        return packer.error();
    std::vector<std::string_view> names;
    for (const std::uint32_t size = from.size(); size - mark >= kFewestPacked;) {
        names.clear();
        for (std::uint32_t id = mark + 1; id <= size && names.size() < kMostPacked; ++id)
            names.push_back(from.name({id}));
        if (auto done = packer->write(std::uint64_t{mark} + 1, names); !done)
            return done;
        mark += static_cast<std::uint32_t>(names.size());
    }
    return {};
}

Identity identityOf(const Statement& row)
{
    Identity identity;
    identity.name = row.bytes(2);
    identity.issuer = row.bytes(3);
    identity.evidence = static_cast<Evidence>(row.integer(4));
    identity.proof = row.bytes(5);
    identity.claims = row.bytes(6);
    identity.tokenSha256 = row.bytes(7);
    identity.notBefore = row.time(8);
    identity.expires = row.time(9);
    return identity;
}

Result<void> loadIdentities(Database& database, IdentityTable& into, std::uint64_t& mark)
{
    auto rows = database.prepare(
        "SELECT id, revision, name, issuer, evidence, proof, claims, token_sha256, not_before, "
        "expires FROM identity WHERE revision > ? ORDER BY id");
    if (!rows)
        return rows.error();
    rows->bind(1, mark);
    return rows->forEachRow([&]() -> Result<void> {
        const std::uint64_t id = rows->count(0);
        const Identity identity = identityOf(*rows);
        if (id <= into.size())
            into.giveVerdict({static_cast<std::uint32_t>(id)}, identity.evidence, identity.proof);
        else if (into.append(identity).value != id)
            return outOfOrder("identity", id);
        mark = std::max(mark, rows->count(1));
        return {};
    });
}

Result<void> saveIdentities(Database& database, const IdentityTable& from, std::uint64_t& mark)
{
    const auto changed = from.changedSince(mark);
    if (changed.empty())
        return {};
    const auto revision = database.number("SELECT max(revision) FROM identity");
    if (!revision)
        return revision.error();
    auto insert = database.prepare(
        "INSERT OR REPLACE INTO identity(id, revision, name, issuer, evidence, proof, claims, "
        "token_sha256, not_before, expires) VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
    if (!insert)
        return insert.error();
    for (const IdentityId id : changed) {
        const Identity one = from.at(id);
        insert->bind(1, std::uint64_t{id.value})
            .bind(2, *revision + 1)
            .bindText(3, one.name)
            .bindText(4, one.issuer);
        insert->bind(5, static_cast<std::int64_t>(one.evidence))
            .bindText(6, one.proof)
            .bindText(7, one.claims);
        insert->bindText(8, one.tokenSha256).bind(9, one.notBefore).bind(10, one.expires);
        if (auto done = insert->run(); !done)
            return done;
    }
    return {};
}

} // namespace

Result<void> loadNames(Database& database, Names& names, NamesMark& mark)
{
    if (auto done = loadDictionary(database, "subject", names.subjects, mark.subjects); !done)
        return done;
    if (auto done = loadDictionary(database, "pop", names.pops, mark.pops); !done)
        return done;
    if (auto done = loadDictionary(database, "worker", names.workers, mark.workers); !done)
        return done;
    const auto summedUp = hasTable(database, "subject_group");
    if (!summedUp)
        return summedUp.error();
    if (*summedUp) {
        if (auto done = loadDictionary(database, "subject_group", names.groups, mark.groups); !done)
            return done;
    }
    return loadIdentities(database, names.identities, mark.identities);
}

Result<void> saveNames(Database& database, const Names& names, NamesMark& mark)
{
    if (auto done = savePacks(database, names.subjects, mark.subjects); !done)
        return done;
    if (auto done = saveDictionary(database, "subject", names.subjects, mark.subjects); !done)
        return done;
    if (auto done = saveDictionary(database, "pop", names.pops, mark.pops); !done)
        return done;
    if (auto done = saveDictionary(database, "worker", names.workers, mark.workers); !done)
        return done;
    if (auto done = saveDictionary(database, "subject_group", names.groups, mark.groups); !done)
        return done;
    return saveIdentities(database, names.identities, mark.identities);
}

} // namespace weir
