// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/history/ReadBack.h"

#include "core/history/BlockDecoder.h"

#include <algorithm>
#include <string>
#include <vector>

namespace weir {
namespace {

bool sameAsStored(const Message& a, const Message& b)
{
    return a.seq == b.seq && a.time == b.time && a.sent == b.sent && a.stored == b.stored &&
           a.streamSeq == b.streamSeq && a.subject.value == b.subject.value && a.pop.value == b.pop.value &&
           a.worker.value == b.worker.value && a.identity.value == b.identity.value &&
           a.evidence == b.evidence && a.reply == b.reply && a.trace == b.trace && a.headers == b.headers &&
           a.payload == b.payload && a.headerSize == b.headerSize && a.payloadSize == b.payloadSize;
}

} // namespace

Result<void> readBack(const EncodedBlock& block, std::span<const Message* const> wanted)
{
    BlockDecoder decoder;
    std::vector<Message> messages;
    const auto read = [&block](std::size_t offset, std::size_t length, std::string& out) -> Result<void> {
        out.append(block.body, offset, length);
        return {};
    };
    auto done = decoder.open(block.row, block.body.size(), read);
    if (done)
        done = decoder.begin(messages);
    if (done)
        done = decoder.fill(kAllColumns, messages,
                            [](std::uint64_t, std::uint64_t) { return Result<std::string>(std::string()); });
    if (!done)
        return done;
    const bool same = std::equal(messages.begin(), messages.end(), wanted.begin(), wanted.end(),
                                 [](const Message& a, const Message* b) { return sameAsStored(a, *b); });
    if (!same)
        return Error{ErrorCode::Internal, "writing a block anew", "it does not read back as it was",
                     "nothing was changed"};
    return {};
}

} // namespace weir
