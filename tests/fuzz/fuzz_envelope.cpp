// SPDX-License-Identifier: GPL-3.0-or-later
// Any bytes as a header block: nothing is read outside of it, no JWT is left in what is kept, and what has no
// secret is kept byte for byte.
#include "core/envelope/EnvelopeReader.h"
#include "core/envelope/HeaderScan.h"

#include <cstdlib>
#include <vector>

using namespace weir;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    static const auto names = std::make_shared<Names>();
    static EnvelopeReader reader(EnvelopeRules::defaults(), names, {});
    // A copy of exactly that size, so that the sanitizer sees a step over its end.
    const std::vector<char> block(data, data + size);
    std::vector<std::vector<char>> arena;
    RawMessage raw;
    raw.time = fromUnixNanos(1);
    raw.subject = "fuzz";
    raw.headers = {block.data(), block.size()};
    Message message;
    reader.read(raw, message, [&arena](std::size_t bytes) { return arena.emplace_back(bytes).data(); });
    if (!findJwt(message.headers).empty())
        std::abort();
    if (arena.empty() && message.headers != raw.headers)
        std::abort();
    if (message.popName.size() > 32 || message.trace.size() > 128 || message.workerName.size() > 255)
        std::abort();
    return 0;
}
