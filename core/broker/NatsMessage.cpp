// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/broker/NatsMessage.h"

#include <cstdlib>
#include <cstring>
#include <memory>

namespace weir {
namespace {

constexpr std::uint32_t kFirstKnown = 0x030400; // 3.4.0, as nats_GetVersionNumber writes it
constexpr std::uint32_t kLastKnown = 0x030DFF;  // 3.13.x

using Texts = std::unique_ptr<const char*, decltype(&std::free)>;

Texts owned(const char** texts)
{
    return {texts, &std::free};
}

/// True when nats.c holds a header block, sound or not, that it has not parsed yet. A block without the
/// NATS/1.0 prefix is refused before a byte of it is changed (src/msg.c, _liftHeaders).
bool hasUnparsedHeaders(natsMsg* message)
{
    const char** keys = nullptr;
    int count = 0;
    const natsStatus status = natsMsgHeader_Keys(message, &keys, &count);
    const Texts owner = owned(keys);
    return status != NATS_OK && status != NATS_NOT_FOUND;
}

} // namespace

bool knowsMessageLayout()
{
    static const bool known = nats_GetVersionNumber() >= kFirstKnown && nats_GetVersionNumber() <= kLastKnown;
    return known;
}

std::string rebuildHeaders(natsMsg* message)
{
    const char** keys = nullptr;
    int count = 0;
    if (natsMsgHeader_Keys(message, &keys, &count) != NATS_OK)
        return {};
    const Texts keyOwner = owned(keys);
    std::string block = "NATS/1.0\r\n";
    for (int i = 0; i < count; ++i) {
        const char** values = nullptr;
        int valueCount = 0;
        if (natsMsgHeader_Values(message, keys[i], &values, &valueCount) != NATS_OK)
            continue;
        const Texts valueOwner = owned(values);
        for (int j = 0; j < valueCount; ++j)
            block.append(keys[i]).append(": ").append(values[j] != nullptr ? values[j] : "").append("\r\n");
    }
    return block + "\r\n";
}

RawMessage readNatsMessage(natsMsg* message, std::string& rebuilt)
{
    RawMessage raw;
    raw.subject = natsMsg_GetSubject(message);
    const char* data = natsMsg_GetData(message);
    raw.payload = {data, static_cast<std::size_t>(natsMsg_GetDataLength(message))};
    const char* reply = natsMsg_GetReply(message);
    if (reply != nullptr)
        raw.reply = reply;
    if (!knowsMessageLayout()) {
        rebuilt = rebuildHeaders(message);
        raw.headers = rebuilt;
        return raw;
    }
    // A subject that holds a NUL (the server allows it) ends where the reply begins, or is told below.
    if (reply != nullptr)
        raw.subject = {raw.subject.data(), static_cast<std::size_t>(reply - raw.subject.data()) - 1};
    const std::string_view last = reply != nullptr ? raw.reply : raw.subject;
    const char* begin = last.data() + last.size() + 1;
    if (begin >= data)
        return raw;
    raw.headers = {begin, static_cast<std::size_t>(data - begin) - 1};
    if (!raw.headers.starts_with("NATS/1.0") && !hasUnparsedHeaders(message)) {
        // No headers at all: the bytes after a NUL are the rest of the subject or of the reply.
        std::string_view& cut = reply != nullptr ? raw.reply : raw.subject;
        cut = {cut.data(), static_cast<std::size_t>(data - cut.data()) - 1};
        raw.headers = {};
    }
    return raw;
}

} // namespace weir
