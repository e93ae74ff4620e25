// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/history/Schema.h"

#include "core/history/WriterLock.h"

#include <cerrno>
#include <cstring>
#include <string_view>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <unistd.h>

namespace weir {
namespace {

constexpr const char* kTables = R"(
BEGIN IMMEDIATE;
CREATE TABLE meta(key TEXT PRIMARY KEY, value) WITHOUT ROWID;
CREATE TABLE recording(id INTEGER PRIMARY KEY, started INTEGER NOT NULL, ended INTEGER,
    last_commit INTEGER NOT NULL, flush_ns INTEGER NOT NULL, source TEXT, subjects TEXT, weir TEXT,
    first_seq INTEGER NOT NULL, received INTEGER NOT NULL DEFAULT 0, stored INTEGER NOT NULL DEFAULT 0,
    failed INTEGER NOT NULL DEFAULT 0, dropped_broker INTEGER NOT NULL DEFAULT 0,
    dropped_queue INTEGER NOT NULL DEFAULT 0, sampled_out INTEGER NOT NULL DEFAULT 0,
    sampled_estimated INTEGER NOT NULL DEFAULT 0, bytes_in INTEGER NOT NULL DEFAULT 0, stream TEXT);
CREATE TABLE subject(id INTEGER PRIMARY KEY, name TEXT NOT NULL);
CREATE TABLE pop(id INTEGER PRIMARY KEY, name TEXT NOT NULL);
CREATE TABLE worker(id INTEGER PRIMARY KEY, name TEXT NOT NULL);
CREATE TABLE identity(id INTEGER PRIMARY KEY, revision INTEGER NOT NULL, name TEXT NOT NULL, issuer TEXT NOT NULL,
    evidence INTEGER NOT NULL, proof TEXT NOT NULL, claims TEXT NOT NULL, token_sha256 TEXT NOT NULL,
    not_before INTEGER, expires INTEGER);
CREATE INDEX identity_revision ON identity(revision);
CREATE TABLE block(first_seq INTEGER PRIMARY KEY, last_seq INTEGER NOT NULL, recording INTEGER NOT NULL,
    count INTEGER NOT NULL, time_min INTEGER NOT NULL, time_max INTEGER NOT NULL, time_high INTEGER NOT NULL,
    raw_bytes INTEGER NOT NULL, wire_bytes INTEGER NOT NULL, latency_min INTEGER, latency_max INTEGER,
    size_min INTEGER NOT NULL, size_max INTEGER NOT NULL, flags INTEGER NOT NULL, checksum INTEGER NOT NULL);
CREATE INDEX block_time ON block(time_high);
CREATE TABLE block_index(first_seq INTEGER PRIMARY KEY, subjects BLOB NOT NULL, pops BLOB NOT NULL,
    workers BLOB NOT NULL, identities BLOB NOT NULL, traces BLOB);
CREATE TABLE block_body(first_seq INTEGER PRIMARY KEY, body BLOB NOT NULL);
CREATE TABLE large_payload(seq INTEGER PRIMARY KEY, size INTEGER NOT NULL, codec INTEGER NOT NULL,
    checksum INTEGER NOT NULL, body BLOB NOT NULL);
CREATE TABLE gap(id INTEGER PRIMARY KEY, recording INTEGER NOT NULL, key INTEGER, from_time INTEGER NOT NULL,
    to_time INTEGER, cause INTEGER NOT NULL, messages INTEGER, estimated INTEGER NOT NULL, detail TEXT NOT NULL,
    UNIQUE(recording, key));
INSERT INTO meta VALUES('setback_ns', 0);
INSERT INTO meta VALUES('generation', 0);
PRAGMA application_id = 1466263922;
PRAGMA user_version = 1;
COMMIT;
)";
static_assert(kHistoryApplicationId == 1466263922, "it stands in the text above");

/// Sums of what comes from now on.
constexpr const char* kSumTables = R"(
BEGIN IMMEDIATE;
CREATE TABLE subject_group(id INTEGER PRIMARY KEY, name TEXT NOT NULL);
CREATE TABLE rollup(id INTEGER PRIMARY KEY, width INTEGER NOT NULL, start INTEGER NOT NULL,
    first_seq INTEGER NOT NULL, last_seq INTEGER NOT NULL, codec INTEGER NOT NULL, raw_bytes INTEGER NOT NULL,
    checksum INTEGER NOT NULL, body BLOB NOT NULL);
CREATE INDEX rollup_start ON rollup(width, start);
CREATE INDEX rollup_seq ON rollup(width, last_seq);
INSERT INTO meta SELECT 'rollup_from', 1 + max(coalesce((SELECT max(last_seq) FROM block), 0),
    coalesce((SELECT value FROM meta WHERE key = 'expired_seq'), 0));
COMMIT;
)";

/// Traces of what comes from now on.
constexpr const char* kTraceTables = R"(
BEGIN IMMEDIATE;
CREATE TABLE trace_group(first_seq INTEGER PRIMARY KEY, last_seq INTEGER NOT NULL, first_part INTEGER NOT NULL,
    parts INTEGER NOT NULL, checksum INTEGER NOT NULL);
CREATE TABLE trace_part(id INTEGER PRIMARY KEY, filter BLOB NOT NULL);
COMMIT;
)";

/// Looks at the broker from now on.
constexpr const char* kLookTable = R"(
BEGIN IMMEDIATE;
CREATE TABLE broker_look(id INTEGER PRIMARY KEY, recording INTEGER NOT NULL, time INTEGER NOT NULL, base INTEGER,
    raw_bytes INTEGER NOT NULL, checksum INTEGER NOT NULL, body BLOB NOT NULL);
CREATE INDEX broker_look_time ON broker_look(time);
COMMIT;
)";

std::string opening(const std::filesystem::path& path)
{
    return "opening history " + path.string();
}

/// Whether there was none.
Result<bool> createFile(const std::filesystem::path& path)
{
    const int descriptor = ::open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (descriptor >= 0) {
        ::close(descriptor);
        return true;
    }
    if (errno == EEXIST)
        return false;
    const ErrorCode code = errno == ENOSPC || errno == EDQUOT ? ErrorCode::DiskFull
                           : errno == ENOENT                  ? ErrorCode::NotFound
                                                              : ErrorCode::Permission;
    return Error{code, opening(path), std::strerror(errno), "choose a place that you may write to"};
}

/// Empty: nothing was ever written (a new file, or a creation that did not get to its end).
Result<bool> isEmpty(Database& database)
{
    const auto pages = database.number("SELECT count(*) FROM sqlite_master");
    if (!pages)
        return pages.error();
    const auto id = database.number("PRAGMA application_id");
    if (!id)
        return id.error();
    return *pages == 0 && *id == 0;
}

/// Whether the file begins as a history of ours does (sqlite.org/fileformat2.html, 1.3): then what SQLite
/// finds wrong is damage.
bool beginsAsOurs(Database& database)
{
    const std::string head = database.beginning(72);
    std::uint32_t id = 0;
    for (std::size_t i = 68; i < head.size(); ++i)
        id = (id << 8U) | static_cast<unsigned char>(head[i]);
    return head.starts_with("SQLite format 3") && id == kHistoryApplicationId;
}

Error notOurs(Database& database, const std::filesystem::path& path, Error error)
{
    error.what = opening(path);
    if (error.code == ErrorCode::Format && beginsAsOurs(database)) {
        error.why = "it is a Weir history, but damaged or cut short (" + error.why + ")";
        error.hint = "keep it and take a whole copy; sqlite3's .recover may save what is left";
    } else if (error.code == ErrorCode::Format) {
        error.why = "it is not a Weir history (" + error.why + ")";
        error.hint = "name another file";
    }
    return error;
}

Result<void> checkVersion(Database& database, const std::filesystem::path& path)
{
    const auto id = database.number("PRAGMA application_id");
    if (!id)
        return notOurs(database, path, id.error());
    if (*id != kHistoryApplicationId)
        return Error{ErrorCode::Format, opening(path),
                     database.beginning(1).empty() ? "it is an empty file, not a history"
                                                   : "it is an SQLite database, but not a Weir history",
                     "name another file"};
    const auto version = database.number("PRAGMA user_version");
    if (!version)
        return notOurs(database, path, version.error());
    if (*version > kHistorySchema)
        return Error{ErrorCode::Unsupported, opening(path),
                     "its schema is " + std::to_string(*version) + ", and this Weir knows up to " +
                         std::to_string(kHistorySchema),
                     "use the newer Weir that wrote it"};
    return {};
}

/// Nobody writes it, and everything is in the one file.
bool isAtRest(const std::filesystem::path& path)
{
    std::filesystem::path log = path;
    log += "-wal";
    std::error_code code;
    const auto waiting = std::filesystem::file_size(log, code);
    return (code || waiting == 0) && !WriterLock::isHeld(path);
}

Result<void> create(Database& database)
{
    // Both must come before the first table; WAL is a property of the file from then on.
    for (const char* sql : {"PRAGMA page_size = 8192", "PRAGMA auto_vacuum = INCREMENTAL",
                            "PRAGMA journal_mode = WAL", "PRAGMA synchronous = FULL", kTables}) {
        if (auto done = database.run(sql); !done) {
            database.rollback();
            return done;
        }
    }
    return {};
}

/// What files of the same schema may lack that were made before it came.
Result<void> addMissing(Database& database)
{
    struct Column
    {
        const char* table;
        const char* name;
        const char* alter;
    };
    for (const Column& column :
         {Column{"block_index", "traces", "ALTER TABLE block_index ADD COLUMN traces BLOB"},
          Column{"recording", "stream", "ALTER TABLE recording ADD COLUMN stream TEXT"}}) {
        const auto there = hasColumn(database, column.table, column.name);
        if (!there)
            return there.error();
        if (*there)
            continue;
        if (auto done = database.run(column.alter); !done)
            return done;
    }
    for (const auto& [table, create] :
         {std::pair("rollup", kSumTables), std::pair("trace_group", kTraceTables),
          std::pair("broker_look", kLookTable)}) {
        const auto there = hasTable(database, table);
        auto done = there && !*there ? database.run(create) : Result<void>();
        if (!there || !done) {
            database.rollback();
            return there ? done : there.error();
        }
    }
    return {};
}

} // namespace

Result<bool> hasTable(Database& database, const char* name)
{
    auto row = database.prepare("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?");
    if (!row)
        return row.error();
    return row->bindText(1, name).step();
}

Result<bool> hasColumn(Database& database, const char* table, const char* name)
{
    auto row = database.prepare("SELECT 1 FROM pragma_table_info(?) WHERE name = ?");
    if (!row)
        return row.error();
    return row->bindText(1, table).bindText(2, name).step();
}

Result<void> checkPlace(const std::filesystem::path& path)
{
    if (path.empty())
        return Error{ErrorCode::Usage, "opening the history", "its name is empty", "name a file"};
    std::error_code code;
    const auto status = std::filesystem::status(path, code);
    if (std::filesystem::is_directory(status))
        return Error{ErrorCode::Usage, opening(path), "it is a directory", "name a file in it"};
    if (std::filesystem::exists(status) && !std::filesystem::is_regular_file(status))
        return Error{ErrorCode::Usage, opening(path), "it is not a regular file", "name another file"};
    return {};
}

Result<WritableHistory> openForWriting(const std::filesystem::path& path)
{
    if (auto fine = checkPlace(path); !fine)
        return fine.error();
    const auto made = createFile(path);
    if (!made)
        return made.error();
    auto database = Database::open(path, Database::Mode::Write);
    if (!database)
        return database.error();
    if (database->isReadOnly())
        return Error{ErrorCode::Permission, opening(path), "it is read-only", "check who may write there"};
    const auto empty = isEmpty(*database);
    if (!empty)
        return notOurs(*database, path, empty.error());
    if (*empty) {
        if (auto done = create(*database); !done)
            return notOurs(*database, path, done.error());
    }
    if (auto fine = checkVersion(*database, path); !fine)
        return fine.error();
    if (auto done = addMissing(*database); !done)
        return notOurs(*database, path, done.error());
    if (auto done = database->run("PRAGMA synchronous = FULL; PRAGMA trusted_schema = OFF"); !done)
        return notOurs(*database, path, done.error());
    return WritableHistory{std::move(*database), *made};
}

Result<Database> openForReading(const std::filesystem::path& path)
{
    if (auto fine = checkPlace(path); !fine)
        return fine.error();
    std::error_code code;
    if (!std::filesystem::exists(path, code))
        return Error{ErrorCode::NotFound, opening(path), "there is no such file", "check the path"};
    auto database = Database::open(path, Database::Mode::ReadOnly);
    if (!database)
        return database.error();
    auto fine = checkVersion(*database, path);
    const bool noRoomForSharedMemory =
        !fine && (fine.error().code == ErrorCode::Permission || fine.error().code == ErrorCode::NotFound);
    if (noRoomForSharedMemory && isAtRest(path)) {
        database = Database::open(path, Database::Mode::AtRest);
        if (!database)
            return database.error();
        fine = checkVersion(*database, path);
    }
    if (!fine)
        return fine.error();
    if (auto done = database->run("PRAGMA trusted_schema = OFF"); !done)
        return done.error();
    return database;
}

} // namespace weir
