// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/history/BlockInspector.h"

#include "core/history/BlockEncoder.h"
#include "core/history/Bytes.h"
#include "core/history/Crc32c.h"
#include "core/history/NamePack.h"
#include "core/history/NumberColumn.h"
#include "core/history/TraceFilter.h"

#include <algorithm>

namespace weir {
namespace {

constexpr std::array kSetNames{"subjects", "PoPs", "Workers", "identities", "traces"};

std::uint32_t idOf(const Message& message, std::size_t set)
{
    switch (set) {
    case 0:
        return message.subject.value;
    case 1:
        return message.pop.value;
    case 2:
        return message.worker.value;
    default:
        return message.identity.value;
    }
}

/// A row of which nothing but its key is believed; the rest of what a decoder needs stands in the body.
BlockRow rowFromBody(const FoundBlock& found, std::string_view body)
{
    BlockRow row = found.row;
    ByteReader in(body);
    (void)in.take(2 * sizeof(std::uint32_t));
    row.firstSeq = in.fixed<std::uint64_t>();
    row.count = in.fixed<std::uint64_t>();
    return row;
}

std::vector<const Message*> rowsOf(const std::vector<Message>& messages)
{
    std::vector<const Message*> rows;
    for (const Message& message : messages)
        rows.push_back(&message);
    return rows;
}

} // namespace

Result<void> BlockInspector::begin()
{
    std::size_t at = 0;
    for (const char* table : {"subject", "pop", "worker", "identity"}) {
        const auto length = lastName(m_database, table);
        if (!length)
            return length.error();
        m_names[at++] = *length;
    }
    return {};
}

InspectedBlock BlockInspector::inspect(const FoundBlock& found, Large large)
{
    InspectedBlock block;
    block.found = found;
    block.rowIsSound = found.isSound();
    if (!block.rowIsSound)
        block.faults.emplace_back("the checksum of its row differs");
    readIndex(block);
    if (!readBody(block) || !decode(block, large)) {
        block.messages.clear();
        return block;
    }
    if (block.rowIsSound)
        compareRow(block);
    compareIndex(block);
    checkIds(block);
    return block;
}

bool BlockInspector::readBody(InspectedBlock& block)
{
    auto row = m_database.prepare("SELECT body FROM block_body WHERE first_seq = ?");
    const auto found = row ? row->bind(1, block.found.row.firstSeq).step() : Result<bool>(row.error());
    if (!found || !*found) {
        block.faults.push_back(found ? "its body is missing" : "its body: " + found.error().why);
        return false;
    }
    block.body = row->bytes(0);
    return true;
}

bool BlockInspector::decode(InspectedBlock& block, Large check)
{
    const BlockRow row = block.rowIsSound ? block.found.row : rowFromBody(block.found, block.body);
    const auto read = [&block](std::size_t offset, std::size_t length, std::string& out) -> Result<void> {
        if (offset > block.body.size() || length > block.body.size() - offset)
            return Error{ErrorCode::Format, {}, "it is cut short", {}};
        out.append(block.body, offset, length);
        return {};
    };
    auto done = m_decoder.open(row, block.body.size(), read);
    if (done && row.firstSeq != block.found.row.firstSeq)
        done = Error{ErrorCode::Format, {}, "its body is another block's", {}};
    if (done)
        done = m_decoder.begin(block.messages);
    if (!done) {
        block.faults.push_back(done.error().why);
        return false;
    }
    const auto large = [&](std::uint64_t seq, std::uint64_t size) -> Result<std::string> {
        if (check == Large::Unread)
            return std::string();
        if (auto why = wrongPayload(seq, size)) {
            block.faults.push_back("payload of message " + std::to_string(seq) + ": " + *why);
            block.damagedPayloads.push_back(seq);
        }
        return std::string();
    };
    bool whole = true;
    for (ColumnSet one = 1; one <= kAllColumns; one <<= 1U) {
        done = m_decoder.fill(one, block.messages, large);
        if (done)
            continue;
        whole = false;
        // A column that another one needs is named once.
        if (std::find(block.faults.begin(), block.faults.end(), done.error().why) == block.faults.end())
            block.faults.push_back(done.error().why);
    }
    block.storage = m_decoder.storage();
    return whole;
}

std::optional<std::string> BlockInspector::wrongPayload(std::uint64_t seq, std::uint64_t size)
{
    auto row = m_database.prepare("SELECT size, codec, checksum, body FROM large_payload WHERE seq = ?");
    const auto found = row ? row->bind(1, seq).step() : Result<bool>(row.error());
    if (!found)
        return found.error().why;
    if (!*found)
        return "it is missing";
    if (row->count(0) != size || row->count(2) != crc32c(row->bytes(3)))
        return "its checksum differs";
    std::string payload;
    if (size > kMaxColumn ||
        !m_decompressor.unpack(static_cast<Codec>(row->integer(1)), row->bytes(3), size, payload))
        return "it does not unpack";
    return std::nullopt;
}

void BlockInspector::readIndex(InspectedBlock& block)
{
    auto row = m_database.prepare("SELECT * FROM block_index WHERE first_seq = ?");
    const auto found = row ? row->bind(1, block.found.row.firstSeq).step() : Result<bool>(row.error());
    if (!found || !*found) {
        block.indexIsSound = false;
        block.faults.push_back(found ? "its index is missing" : "its index: " + found.error().why);
        return;
    }
    for (std::size_t set = 0; set < block.sets.size(); ++set) {
        const int column = static_cast<int>(set) + 1;
        // Files made before traces had a filter have none.
        if (column >= row->columns() || row->isNull(column))
            continue;
        if (const auto bytes = withoutCrc32c(row->bytes(column))) {
            block.sets.at(set) = std::string(*bytes);
            continue;
        }
        block.indexIsSound = false;
        block.faults.push_back(std::string("the checksum of its set of ") + kSetNames.at(set) + " differs");
    }
}

void BlockInspector::compareRow(InspectedBlock& block) const
{
    const auto rows = rowsOf(block.messages);
    const BlockRow measured = BlockEncoder::measure(rows);
    const BlockRow& row = block.found.row;
    const auto must = [&block](bool holds, const char* what) {
        if (!holds)
            block.faults.push_back(std::string("its row and its messages differ in ") + what);
    };
    must(std::adjacent_find(rows.begin(), rows.end(),
                            [](const Message* a, const Message* b) { return a->seq >= b->seq; }) ==
             rows.end(),
         "the order of their numbers");
    must(measured.firstSeq == row.firstSeq && measured.lastSeq == row.lastSeq, "their numbers");
    must(measured.timeMin == row.timeMin && measured.timeMax == row.timeMax, "their times");
    must(measured.latencyMin == row.latencyMin && measured.latencyMax == row.latencyMax, "their latencies");
    must(measured.sizeMin == row.sizeMin && measured.sizeMax == row.sizeMax, "their sizes");
}

void BlockInspector::compareIndex(InspectedBlock& block) const
{
    const auto fault = [&block](std::size_t set, const char* what) {
        block.indexIsSound = false;
        block.faults.push_back(std::string("its set of ") + kSetNames.at(set) + " " + what);
    };
    for (std::size_t set = 0; set < 4; ++set) {
        if (!block.sets.at(set))
            continue;
        std::vector<std::uint32_t> ids;
        if (!readIdSet(*block.sets.at(set), ids)) {
            fault(set, "does not make sense");
            continue;
        }
        const bool all = std::all_of(block.messages.begin(), block.messages.end(), [&](const Message& m) {
            return std::binary_search(ids.begin(), ids.end(), idOf(m, set));
        });
        if (!all)
            fault(set, "lacks one that is in it");
    }
    if (!block.sets[4])
        return;
    const bool all = std::all_of(block.messages.begin(), block.messages.end(), [&](const Message& m) {
        return m.trace.empty() || mayHoldTrace(*block.sets[4], traceHash(m.trace));
    });
    if (!all)
        fault(4, "denies one that is in it");
}

void BlockInspector::checkIds(InspectedBlock& block) const
{
    for (std::size_t set = 0; set < m_names.size(); ++set) {
        const auto beyond =
            std::find_if(block.messages.begin(), block.messages.end(),
                         [&](const Message& message) { return idOf(message, set) > m_names.at(set); });
        if (beyond != block.messages.end())
            block.faults.push_back("message " + std::to_string(beyond->seq) + " names entry " +
                                   std::to_string(idOf(*beyond, set)) + " of the dictionary of " +
                                   kSetNames.at(set) + ", which is not there");
    }
}

} // namespace weir
