// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/envelope/Names.h"
#include "core/history/Database.h"

#include <cstdint>

namespace weir {

/// How far a history's dictionaries and one in memory agree.
struct NamesMark
{
    std::uint32_t subjects = 0;
    std::uint32_t pops = 0;
    std::uint32_t workers = 0;
    std::uint32_t groups = 0;
    std::uint64_t identities = 0; ///< load: last revision in the file; save: IdentityTable's revision
};

/// Adds what the file has beyond `mark` to `names`, under the same ids; moves the mark.
[[nodiscard]] Result<void> loadNames(Database& database, Names& names, NamesMark& mark);

/// Writes what `names` has beyond `mark`, inside the caller's transaction; moves the mark (the caller keeps
/// the old one until it has committed).
[[nodiscard]] Result<void> saveNames(Database& database, const Names& names, NamesMark& mark);

} // namespace weir
