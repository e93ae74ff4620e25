// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/history/BlockFormat.h"
#include "core/history/Database.h"

namespace weir {

/// A block's rows in the tables that hold its parts; each call is part of the caller's transaction.
class BlockTable
{
public:
    [[nodiscard]] static Result<BlockTable> prepare(Database& database);

    [[nodiscard]] Result<void> insert(const EncodedBlock& block);
    /// Without its large payloads, which are found by their messages' seqs.
    [[nodiscard]] Result<void> remove(std::uint64_t firstSeq);
    [[nodiscard]] Result<void> removeLarge(std::uint64_t firstSeq, std::uint64_t lastSeq);

private:
    Statement m_row;
    Statement m_index;
    Statement m_body;
    Statement m_large;
    Statement m_noRow;
    Statement m_noIndex;
    Statement m_noBody;
    Statement m_noLarge;
};

/// Tells caches that blocks were removed or merged (FORMAT.md, `generation`).
[[nodiscard]] Result<void> raiseGeneration(Database& database);

} // namespace weir
