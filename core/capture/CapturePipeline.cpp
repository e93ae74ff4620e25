// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/capture/CapturePipeline.h"

#include "core/broker/MessageQueue.h"
#include "core/capture/CoverageLedger.h"

#include <algorithm>
#include <pthread.h>

namespace weir {
namespace {

constexpr auto kTick = std::chrono::milliseconds(50);
constexpr std::size_t kAhead = 8; ///< messages between expecting a subject and reading it
constexpr std::size_t kArenaBlock = std::size_t{64} << 10;

/// Room for bytes that a batch owns beside its chunk (headers with a redacted token).
class Arena
{
public:
    char* take(std::size_t size)
    {
        if (m_left < size) {
            const std::size_t block = std::max(size, kArenaBlock);
            m_blocks.push_back(std::make_unique<char[]>(block));
            m_next = m_blocks.back().get();
            m_left = block;
            m_total += block;
        }
        char* place = m_next;
        m_next += size;
        m_left -= size;
        return place;
    }
    [[nodiscard]] std::size_t footprint() const { return m_total; }

private:
    std::vector<std::unique_ptr<char[]>> m_blocks;
    char* m_next = nullptr;
    std::size_t m_left = 0;
    std::size_t m_total = 0;
};

} // namespace

CapturePipeline::CapturePipeline(MessageQueue& queue, CoverageLedger& ledger, EnvelopeReader envelope,
                                 std::shared_ptr<const Names> names, Clock& clock,
                                 std::vector<BatchSink*> sinks, Options options)
    : m_queue(queue),
      m_ledger(ledger),
      m_envelope(std::move(envelope)),
      m_names(std::move(names)),
      m_clock(clock),
      m_sinks(std::move(sinks)),
      m_options(std::move(options))
{
}

CapturePipeline::~CapturePipeline()
{
    finish();
}

void CapturePipeline::start()
{
    m_thread = std::thread([this] {
        pthread_setname_np(pthread_self(), "pipeline");
        run();
    });
}

void CapturePipeline::finish()
{
    m_queue.close();
    m_finishing = true;
    if (m_thread.joinable())
        m_thread.join();
}

void CapturePipeline::run()
{
    Nanoseconds lastTick = m_clock.steady();
    while (true) {
        const std::shared_ptr<const Chunk> chunk = m_queue.take(kTick);
        if (chunk)
            deliver(chunk);
        else if (m_finishing)
            return;
        const Nanoseconds now = m_clock.steady();
        if (!chunk || now - lastTick >= kTick) {
            lastTick = now;
            for (BatchSink* sink : m_sinks)
                sink->tick(m_clock.now());
        }
    }
}

void CapturePipeline::deliver(const std::shared_ptr<const Chunk>& chunk)
{
    const std::uint64_t room = m_options.limit - m_taken;
    const std::size_t count =
        static_cast<std::size_t>(std::min<std::uint64_t>(room, chunk->messages().size()));
    if (count == 0)
        return;
    auto batch = std::make_shared<Batch>();
    auto arena = std::make_shared<Arena>();
    const std::function<char*(std::size_t)> take = [&arena](std::size_t size) { return arena->take(size); };
    batch->messages.resize(count);
    std::uint64_t bytes = 0;
    for (std::size_t i = 0; i < count; ++i) {
        const RawMessage& raw = chunk->messages()[i];
        Message& message = batch->messages[i];
        if (i + kAhead < count)
            m_envelope.expect(chunk->messages()[i + kAhead].subject);
        m_envelope.read(raw, message, take);
        message.seq = m_options.firstSeq + m_taken + i;
        bytes += raw.subject.size() + raw.reply.size() + raw.headers.size() + raw.payload.size();
    }
    batch->names = m_names;
    batch->footprint = chunk->footprint() + arena->footprint() + count * sizeof(Message);
    batch->storage.push_back(chunk);
    if (arena->footprint() > 0)
        batch->storage.push_back(std::move(arena));

    if (m_taken == 0)
        m_firstReceived = toUnixNanos(batch->messages.front().time);
    m_taken += count;
    m_ledger.received(count, bytes);
    for (BatchSink* sink : m_sinks)
        sink->consume(batch);
    if (m_taken == m_options.limit && m_options.limitReached)
        m_options.limitReached();
}

} // namespace weir
