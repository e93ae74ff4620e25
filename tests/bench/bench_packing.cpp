// SPDX-License-Identifier: GPL-3.0-or-later
// What a zstd dictionary would save: for blocks of so many messages, the bytes of the columns and the CPU to
// pack them, as they are packed now and with a dictionary a column trained from the first blocks (64 KiB at
// the most), zstd level 1 both times. The figures stand in core/history/FORMAT.md, "Not taken".
#include "core/history/BlockEncoder.h"
#include "core/history/Bytes.h"
#include "core/history/Zstd.h"
#include "tests/core/history/HistoryTraffic.h"

#include <chrono>
#include <cstdio>
#include <map>
#include <zdict.h>
#include <zstd.h>

using namespace weir;

namespace {

using Columns = std::map<int, std::vector<std::string>>; // by id; of each block that has it

/// Unpacks the columns of a body (FORMAT.md, "A block's body").
void takeColumns(const EncodedBlock& block, Columns& columns)
{
    ByteReader in(block.body);
    (void)in.take(4);
    const auto count = in.fixed<std::uint32_t>();
    (void)in.take(16);
    const std::size_t begin = 24 + std::size_t{count} * 20 + 4;
    Decompressor decompressor;
    for (std::uint32_t i = 0; i < count; ++i) {
        const auto id = in.fixed<std::uint8_t>();
        const auto codec = static_cast<Codec>(in.fixed<std::uint8_t>());
        (void)in.take(2);
        const auto offset = in.fixed<std::uint32_t>();
        const auto length = in.fixed<std::uint32_t>();
        const auto rawLength = in.fixed<std::uint32_t>();
        (void)in.take(4);
        std::string raw;
        if (decompressor.unpack(codec, std::string_view(block.body).substr(begin + offset, length), rawLength,
                                raw))
            columns[id].push_back(std::move(raw));
    }
}

struct Packed
{
    std::size_t bytes = 0;
    double seconds = 0;
};

double now()
{
    return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

Packed pack(const std::vector<std::string>& columns, std::size_t from, const ZSTD_CDict* dictionary)
{
    ZSTD_CCtx* const context = ZSTD_createCCtx();
    std::string room;
    Packed packed;
    const double began = now();
    for (std::size_t i = from; i < columns.size(); ++i) {
        const std::string& raw = columns[i];
        room.resize(ZSTD_compressBound(raw.size()));
        const std::size_t size =
            dictionary != nullptr
                ? ZSTD_compress_usingCDict(context, room.data(), room.size(), raw.data(), raw.size(),
                                           dictionary)
                : ZSTD_compressCCtx(context, room.data(), room.size(), raw.data(), raw.size(), 1);
        packed.bytes += std::min(size, raw.size()); // else it is kept as it is
    }
    packed.seconds = now() - began;
    ZSTD_freeCCtx(context);
    return packed;
}

void compare(std::size_t messages, std::size_t blocks)
{
    auto names = std::make_shared<Names>();
    test::HistoryTraffic traffic(names, 1);
    BlockEncoder encoder;
    Columns columns;
    std::size_t body = 0;
    for (std::size_t i = 0; i < blocks; ++i) {
        const auto batch = traffic.next(messages, Timestamp{std::chrono::seconds(1'700'000'000 + i)});
        std::vector<const Message*> rows;
        for (const Message& message : batch->messages)
            rows.push_back(&message);
        const EncodedBlock block = encoder.encode(rows);
        body += i >= blocks / 4 ? block.body.size() : 0;
        takeColumns(block, columns);
    }
    Packed plain;
    Packed learnt;
    for (const auto& [id, raws] : columns) {
        const std::size_t from = raws.size() / 4; // these train
        std::string samples;
        std::vector<std::size_t> sizes;
        for (std::size_t i = 0; i < from && samples.size() < (8U << 20U); ++i) {
            samples += raws[i];
            sizes.push_back(raws[i].size());
        }
        std::string room(64U << 10U, '\0');
        const std::size_t size = ZDICT_trainFromBuffer(room.data(), room.size(), samples.data(), sizes.data(),
                                                       static_cast<unsigned>(sizes.size()));
        ZSTD_CDict* const dictionary =
            ZDICT_isError(size) != 0 ? nullptr : ZSTD_createCDict(room.data(), size, 1);
        const Packed a = pack(raws, from, nullptr);
        const Packed b = pack(raws, from, dictionary);
        ZSTD_freeCDict(dictionary);
        plain.bytes += a.bytes;
        plain.seconds += a.seconds;
        learnt.bytes += std::min(a.bytes, b.bytes);
        learnt.seconds += b.seconds;
    }
    const std::size_t measured = blocks - blocks / 4;
    const double all = static_cast<double>(messages * measured);
    std::printf("%5zu messages a block: body %6.1f B/msg, columns %6.1f, with dictionaries %6.1f (%.2f); "
                "packing %.3f and %.3f us/msg (%.2f)\n",
                messages, static_cast<double>(body) / all, static_cast<double>(plain.bytes) / all,
                static_cast<double>(learnt.bytes) / all,
                static_cast<double>(learnt.bytes) / static_cast<double>(plain.bytes),
                1e6 * plain.seconds / all, 1e6 * learnt.seconds / all, learnt.seconds / plain.seconds);
}

} // namespace

int main()
{
    compare(1, 8000);
    compare(5, 4000);
    compare(25, 1600);
    compare(250, 400);
    compare(4096, 80);
    return 0;
}
