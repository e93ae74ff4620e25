// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/history/BlockDecoder.h"
#include "core/history/BlockScan.h"
#include "core/history/Database.h"

#include <array>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace weir {

/// A block as it lies in the file, with its messages as they were stored: without names, without large
/// payloads, and with the evidence of the moment in which they came.
struct InspectedBlock
{
    FoundBlock found;
    std::string body;
    std::array<std::optional<std::string>, 5> sets; ///< of its index: subjects to traces
    std::vector<Message> messages;                  ///< empty where the body cannot be read whole
    std::shared_ptr<const ByteRoom> storage;
    std::vector<std::string> faults;            ///< all that is wrong, in words
    std::vector<std::uint64_t> damagedPayloads; ///< seqs whose large payload cannot be read
    bool rowIsSound = true;
    bool indexIsSound = true;
};

/// Reads whole blocks and compares every part of them with every other, in the caller's transaction.
class BlockInspector
{
public:
    /// Whether large payloads are looked at.
    enum class Large { Checked, Unread };

    explicit BlockInspector(Database& database) : m_database(database) {}
    /// Reads how long the dictionaries are; before the first block.
    [[nodiscard]] Result<void> begin();

    /// What cannot be read is a fault of the block, never a failure.
    [[nodiscard]] InspectedBlock inspect(const FoundBlock& found, Large large = Large::Checked);

private:
    [[nodiscard]] bool readBody(InspectedBlock& block);
    [[nodiscard]] bool decode(InspectedBlock& block, Large check);
    void readIndex(InspectedBlock& block);
    void compareRow(InspectedBlock& block) const;
    void compareIndex(InspectedBlock& block) const;
    void checkIds(InspectedBlock& block) const;
    [[nodiscard]] std::optional<std::string> wrongPayload(std::uint64_t seq, std::uint64_t size);

    Database& m_database;
    BlockDecoder m_decoder;
    Decompressor m_decompressor;
    std::array<std::uint64_t, 4> m_names{}; ///< lengths of the dictionaries
};

} // namespace weir
