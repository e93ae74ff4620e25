// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/broker/MessageQueue.h"

#include <algorithm>
#include <cstring>

namespace weir {
namespace {

constexpr std::size_t kChunkBytes = std::size_t{256} << 10;

std::size_t bytesOf(const RawMessage& message)
{
    return message.subject.size() + message.reply.size() + message.headers.size() + message.payload.size();
}

} // namespace

Chunk::Chunk(std::size_t capacity) : m_bytes(new char[capacity]), m_capacity(capacity)
{
    m_messages.reserve(capacity >= kChunkBytes ? 1024 : 1);
}

std::size_t Chunk::footprint() const
{
    return m_capacity + m_messages.capacity() * sizeof(RawMessage);
}

bool Chunk::append(const RawMessage& message)
{
    if (m_capacity - m_used < bytesOf(message) || m_messages.size() == m_messages.capacity())
        return false;
    const auto keep = [this](std::string_view text) -> std::string_view {
        if (text.empty())
            return {};
        char* place = m_bytes.get() + m_used;
        std::memcpy(place, text.data(), text.size());
        m_used += text.size();
        return {place, text.size()};
    };
    RawMessage& kept = m_messages.emplace_back(message);
    kept.subject = keep(message.subject);
    kept.reply = keep(message.reply);
    kept.headers = keep(message.headers);
    kept.payload = keep(message.payload);
    return true;
}

MessageQueue::MessageQueue(std::size_t budget) : m_budget(budget) {}

Chunk* MessageQueue::chunkWithRoom(std::size_t bytes)
{
    auto chunk = std::make_shared<Chunk>(std::max(bytes, kChunkBytes));
    // One chunk is always allowed, so that a message larger than the whole budget still passes when idle.
    if (m_waiting > 0 && m_waiting + chunk->footprint() > m_budget)
        return nullptr;
    m_waiting += chunk->footprint();
    return m_chunks.emplace_back(std::move(chunk)).get();
}

bool MessageQueue::push(const RawMessage& message)
{
    const std::unique_lock lock(m_mutex);
    if (m_closed)
        return false;
    if (m_chunks.empty() || !m_chunks.back()->append(message)) {
        Chunk* fresh = chunkWithRoom(bytesOf(message));
        if (fresh == nullptr)
            return false;
        (void)fresh->append(message);
    }
    if (m_takerWaits)
        m_ready.notify_one();
    return true;
}

std::shared_ptr<const Chunk> MessageQueue::take(Nanoseconds patience)
{
    std::unique_lock lock(m_mutex);
    if (m_chunks.empty() && !m_closed) {
        m_takerWaits = true;
        m_ready.wait_for(lock, patience, [this] { return !m_chunks.empty() || m_closed; });
        m_takerWaits = false;
    }
    if (m_chunks.empty())
        return nullptr;
    std::shared_ptr<const Chunk> chunk = std::move(m_chunks.front());
    m_chunks.pop_front();
    m_waiting -= chunk->footprint();
    return chunk;
}

void MessageQueue::close()
{
    const std::unique_lock lock(m_mutex);
    m_closed = true;
    m_ready.notify_one();
}

std::size_t MessageQueue::waitingBytes() const
{
    const std::unique_lock lock(m_mutex);
    return m_waiting;
}

} // namespace weir
