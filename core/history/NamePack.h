// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Result.h"
#include "core/history/Database.h"
#include "core/history/ValueList.h"
#include "core/history/Zstd.h"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace weir {

/// Subjects that came so fast that a row each would have cost more than they: one row of `subject_pack`
/// (FORMAT.md, "Packs of subjects").
struct NamePack
{
    std::uint64_t firstId = 0;
    std::uint64_t lastId = 0;
    Codec codec = Codec::Stored;
    std::uint64_t rawBytes = 0;
    std::string body;

    [[nodiscard]] std::uint32_t checksum() const;
};

inline constexpr std::uint32_t kFewestPacked = 256; ///< new ones in a transaction; fewer get a row each
inline constexpr std::uint32_t kMostPacked = 4096;  ///< in one pack

/// Writes packs inside the caller's transaction.
class NamePacker
{
public:
    /// Makes the table where a file has none yet; from then on only a Weir that knows packs opens it.
    [[nodiscard]] static Result<NamePacker> begin(Database& database);
    [[nodiscard]] Result<void> write(std::uint64_t firstId, std::span<const std::string_view> names);

private:
    Statement m_insert;
    Compressor m_compressor;
    std::string m_raw;
};

/// Names whose ids follow each other from firstId.
struct NameRun
{
    std::uint64_t firstId = 0;
    std::span<const std::string_view> names;
    std::string fault; ///< a damaged pack stands here: what is wrong with it, and no names
};

/// Walks a dictionary's names as their ids rise, whether they stand in rows or in packs.
class NameReader
{
public:
    /// Begins behind id `after`, between two packs or rows.
    [[nodiscard]] static Result<NameReader> begin(Database& database, const char* table, std::uint64_t after);
    /// False: there are no more. The run holds until the next call.
    [[nodiscard]] Result<bool> next(NameRun& run);

private:
    [[nodiscard]] Result<void> step(Statement& rows, bool& there);
    void readPack(NameRun& run);

    Statement m_rows;
    Statement m_packs;
    bool m_row = false;  ///< m_rows stands at one
    bool m_pack = false; ///< m_packs stands at one
    bool m_takenRow = false;
    bool m_takenPack = false;
    std::string_view m_name;
    std::string m_raw;
    std::vector<std::string_view> m_names;
    ByteRoom m_room;
    Decompressor m_decompressor;
};

/// The greatest id that the dictionary `table` has; 0 where it is empty.
[[nodiscard]] Result<std::uint64_t> lastName(Database& database, const char* table);

} // namespace weir
