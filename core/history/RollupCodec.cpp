// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/history/RollupCodec.h"

#include "core/history/BlockFormat.h"
#include "core/history/Bytes.h"
#include "core/history/Crc32c.h"
#include "core/history/NumberColumn.h"
#include "core/latency/Histogram.h"

#include <array>
#include <limits>
#include <utility>

namespace weir {
namespace {

using IdOf = std::uint32_t& (*)(RollupKey&);
constexpr std::array<IdOf, 4> kIds{[](RollupKey& key) -> std::uint32_t& { return key.pop.value; },
                                   [](RollupKey& key) -> std::uint32_t& { return key.worker.value; },
                                   [](RollupKey& key) -> std::uint32_t& { return key.identity.value; },
                                   [](RollupKey& key) -> std::uint32_t& { return key.group.value; }};
constexpr std::array kCounts{&RollupCell::count, &RollupCell::bytes, &RollupCell::errors,
                             &RollupCell::unknown, &RollupCell::skewed};

void appendBuckets(const RollupSlot& slot, std::string& raw)
{
    for (const RollupCell& cell : slot.cells) {
        appendVarint(raw, cell.end - cell.begin);
        std::uint16_t before = 0;
        for (std::uint32_t i = cell.begin; i < cell.end; ++i) {
            appendVarint(raw, slot.buckets[i].index - before);
            appendVarint(raw, slot.buckets[i].count);
            before = slot.buckets[i].index;
        }
    }
}

bool readBuckets(ByteReader& in, RollupSlot& slot)
{
    for (RollupCell& cell : slot.cells) {
        const std::uint64_t count = in.varint();
        if (count > HistogramScale::kBuckets)
            return false;
        cell.begin = static_cast<std::uint32_t>(slot.buckets.size());
        std::uint64_t index = 0;
        for (std::uint64_t i = 0; i < count && in.ok(); ++i) {
            const std::uint64_t step = in.varint();
            const std::uint64_t messages = in.varint();
            index += step;
            if (step > HistogramScale::kBuckets || index >= HistogramScale::kBuckets ||
                (i > 0 && step == 0) || messages > std::numeric_limits<std::uint32_t>::max())
                return false;
            slot.buckets.push_back({static_cast<std::uint16_t>(index), static_cast<std::uint32_t>(messages)});
        }
        cell.end = static_cast<std::uint32_t>(slot.buckets.size());
    }
    return in.done();
}

bool readCells(ByteReader& in, RollupSlot& slot)
{
    const std::uint64_t count = in.varint();
    if (count > kMaxRows)
        return false;
    slot.cells.resize(count);
    std::vector<std::uint32_t> ids(count);
    for (const IdOf id : kIds) {
        if (!readPlanes(in, ids))
            return false;
        for (std::size_t i = 0; i < count; ++i)
            id(slot.cells[i].key) = ids[i];
    }
    std::vector<std::uint64_t> numbers(count);
    for (const auto member : kCounts) {
        if (!readNumbers(in, numbers))
            return false;
        for (std::size_t i = 0; i < count; ++i)
            slot.cells[i].*member = numbers[i];
    }
    if (!readNumbers(in, numbers))
        return false;
    for (std::size_t i = 0; i < count; ++i) {
        if (numbers[i] > 0)
            slot.cells[i].longest = Nanoseconds(static_cast<std::int64_t>(numbers[i] - 1));
    }
    return readBuckets(in, slot);
}

} // namespace

std::uint32_t RollupRow::checksum() const
{
    std::string bytes;
    for (const std::uint64_t number : {static_cast<std::uint64_t>(width), static_cast<std::uint64_t>(start),
                                       firstSeq, lastSeq, static_cast<std::uint64_t>(codec), rawBytes})
        appendFixed(bytes, number);
    return crc32c(bytes + body);
}

RollupRow encodeRollup(const RollupSlot& slot, Compressor& compressor)
{
    std::string raw;
    appendVarint(raw, slot.cells.size());
    std::vector<std::uint32_t> ids(slot.cells.size());
    for (const IdOf id : kIds) {
        for (std::size_t i = 0; i < ids.size(); ++i) {
            RollupKey key = slot.cells[i].key;
            ids[i] = id(key);
        }
        appendPlanes(ids, raw);
    }
    std::vector<std::uint64_t> numbers(slot.cells.size());
    for (const auto member : kCounts) {
        for (std::size_t i = 0; i < numbers.size(); ++i)
            numbers[i] = slot.cells[i].*member;
        appendNumbers(numbers, raw);
    }
    for (std::size_t i = 0; i < numbers.size(); ++i) {
        const Nanoseconds longest = slot.cells[i].longest;
        numbers[i] = longest == kNoDuration ? 0 : static_cast<std::uint64_t>(longest.count()) + 1;
    }
    appendNumbers(numbers, raw);
    appendBuckets(slot, raw);
    RollupRow row{slot.width, slot.start, slot.firstSeq, slot.lastSeq, Codec::Stored, raw.size(), {}};
    row.codec = compressor.append(raw, row.body);
    return row;
}

Result<RollupSlot> decodeRollup(const RollupRow& row, Decompressor& decompressor)
{
    RollupSlot slot{row.start, row.width, row.firstSeq, row.lastSeq, {}, {}};
    std::string raw;
    if (row.rawBytes <= kMaxColumn && decompressor.unpack(row.codec, row.body, row.rawBytes, raw)) {
        ByteReader in(raw);
        if (readCells(in, slot))
            return slot;
    }
    return Error{ErrorCode::Format,
                 "reading the sums of the second " + std::to_string(row.start),
                 "they do not make sense",
                 {}};
}

} // namespace weir
