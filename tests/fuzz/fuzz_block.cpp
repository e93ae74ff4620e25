// SPDX-License-Identifier: GPL-3.0-or-later
// Any bytes as a block's body, its checksums made right so that what lies behind them is reached: the decoder
// answers or refuses, and everything that it hands out may be read.
#include "core/history/BlockDecoder.h"
#include "core/history/Crc32c.h"

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <numeric>

using namespace weir;

namespace {

constexpr std::size_t kHead = 24; // FORMAT.md, "A block's body"
constexpr std::size_t kEntry = 20;
constexpr std::uint32_t kLongest = 1U << 20U; // a longer column only costs time and memory

template<typename T>
T at(const std::string& bytes, std::size_t offset)
{
    T value{};
    std::memcpy(&value, bytes.data() + offset, sizeof value);
    return value;
}

template<typename T>
void put(std::string& bytes, std::size_t offset, T value)
{
    std::memcpy(bytes.data() + offset, &value, sizeof value);
}

/// Each column's checksum and the directory's, as they must be for these bytes.
void correctChecksums(std::string& body)
{
    const std::size_t columns = at<std::uint32_t>(body, 4) % 20;
    put(body, 0, kBlockMagic);
    put(body, 4, static_cast<std::uint32_t>(columns));
    const std::size_t start = kHead + columns * kEntry + sizeof(std::uint32_t);
    if (body.size() < start)
        return;
    for (std::size_t entry = kHead; entry + sizeof(std::uint32_t) < start; entry += kEntry) {
        const std::size_t offset = start + at<std::uint32_t>(body, entry + 4);
        const std::size_t length = at<std::uint32_t>(body, entry + 8);
        put(body, entry + 12, std::min(at<std::uint32_t>(body, entry + 12), kLongest));
        if (offset + length <= body.size())
            put(body, entry + 16, crc32c(std::string_view(body).substr(offset, length)));
    }
    put(body, start - 4, crc32c(std::string_view(body).substr(0, start - 4)));
}

std::size_t readAll(const std::vector<Message>& messages)
{
    std::size_t sum = 0;
    for (const Message& message : messages) {
        for (const std::string_view bytes : {message.trace, message.reply, message.headers, message.payload})
            sum = std::accumulate(bytes.begin(), bytes.end(), sum);
    }
    return sum;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    std::string body(reinterpret_cast<const char*>(data), size);
    BlockRow row;
    if (size >= kHead) {
        correctChecksums(body);
        row.firstSeq = at<std::uint64_t>(body, 8);
        row.count = at<std::uint64_t>(body, 16);
    }
    const auto read = [&body](std::size_t offset, std::size_t length, std::string& out) -> Result<void> {
        if (offset > body.size() || length > body.size() - offset)
            std::abort(); // it was told the size
        out.append(body, offset, length);
        return {};
    };
    const auto large = [](std::uint64_t, std::uint64_t bytes) -> Result<std::string> {
        return std::string(std::min<std::uint64_t>(bytes, kLongest), 'x');
    };
    BlockDecoder decoder;
    std::vector<Message> messages;
    if (!decoder.open(row, body.size(), read) || !decoder.begin(messages))
        return 0;
    if (messages.size() != row.count)
        std::abort();
    // One damaged column must not keep the others from being read.
    volatile std::size_t sum = 0;
    for (ColumnSet column = 1; column <= kAllColumns; column <<= 1U) {
        if (decoder.fill(column, messages, large))
            sum = sum + readAll(messages);
    }
    return 0;
}
