// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/history/BlockFormat.h"
#include "core/history/Database.h"
#include "core/history/TraceGroup.h"

#include <cstdint>
#include <span>
#include <vector>

namespace weir {

/// Puts a filter over the traces of each quarter of a million messages beside the blocks, so that a search
/// for one trace need not ask each block. A group is written with a transaction after that of its messages;
/// what a crash keeps from being written is in no group, and its blocks are asked one by one. One thread.
class TraceGroupStore
{
public:
    [[nodiscard]] static Result<TraceGroupStore> begin(Database& database);

    /// Inside a transaction: writes the groups that are full.
    [[nodiscard]] Result<void> write();
    /// That transaction is committed, and `blocks` with it.
    void committed(std::span<const EncodedBlock> blocks);
    /// No message comes any more.
    void end();

private:
    struct Group
    {
        TraceGroupRow row;
        std::vector<std::string> parts;
    };
    void close();

    Statement m_group;
    Statement m_part;
    std::uint64_t m_nextPart = 1;
    TraceGroupRow m_open;
    std::uint64_t m_messages = 0;
    std::vector<std::uint64_t> m_hashes;
    std::vector<Group> m_full; ///< not yet in the file
    bool m_written = false;    ///< by the transaction that is open
};

/// Inside a transaction that removed the oldest blocks: removes the groups that lie before all that are left.
[[nodiscard]] Result<void> forgetTraces(Database& database);

} // namespace weir
