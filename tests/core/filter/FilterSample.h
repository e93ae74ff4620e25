// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/capture/Batch.h"
#include "core/envelope/Names.h"
#include "core/filter/Filter.h"

#include <deque>
#include <memory>
#include <string>
#include <utility>

namespace weir::test {

/// What a test says of one message.
struct SampleMessage
{
    std::string subject = "orders.48213.created";
    std::string pop = "FRA";
    std::string worker = "checkout";
    std::string identity = "checkout@edge";
    Evidence evidence = Evidence::Verified;
    std::string claims = R"({"acc":"EDGE"})";
    std::string trace = "4bf92f3577b34da6a3ce929d0e0e4736";
    std::string reply;
    std::string headers = "NATS/1.0\r\nX-Canary: 1\r\nx-canary: 2\r\nNote: the Note\r\n\r\n";
    std::string payload =
        R"({"id":48213,"amount":12.5,"tags":["vip","eu"],"name":"Zoë","ok":true,"none":null})";
    Nanoseconds latency = std::chrono::milliseconds(150);
};

/// Messages with names and storage of their own; messages keep their address.
class Sample
{
public:
    explicit Sample(std::shared_ptr<Names> names = std::make_shared<Names>()) : m_names(std::move(names)) {}

    const Message& add(const SampleMessage& sample)
    {
        const SampleMessage& kept = m_kept.emplace_back(sample);
        Message message;
        message.seq = m_kept.size();
        message.time = fromUnixNanos(1'800'000'000'000'000'000) + std::chrono::seconds(m_kept.size());
        message.sent = kept.latency == kNoDuration ? kNoTime : message.time - kept.latency;
        message.subject = m_names->subjects.intern(kept.subject);
        message.pop = m_names->pops.intern(kept.pop);
        message.worker = m_names->workers.intern(kept.worker);
        if (!kept.identity.empty())
            message.identity = m_names->identities.intern(
                {kept.identity, "issuer", kept.evidence, "", kept.claims, "", kNoTime, kNoTime});
        message.evidence = kept.evidence;
        message.subjectName = kept.subject;
        message.popName = kept.pop;
        message.workerName = kept.worker;
        message.reply = kept.reply;
        message.trace = kept.trace;
        message.headers = kept.headers;
        message.payload = kept.payload;
        message.headerSize = static_cast<std::uint32_t>(kept.headers.size());
        message.payloadSize = static_cast<std::uint32_t>(kept.payload.size());
        return m_messages.emplace_back(message);
    }

    [[nodiscard]] const Names& names() const { return *m_names; }
    [[nodiscard]] Batch batch() const { return batch(0, m_messages.size()); }
    /// The messages from `first` up to `last`, which is not among them.
    [[nodiscard]] Batch batch(std::size_t first, std::size_t last) const
    {
        const auto begin = m_messages.begin();
        Batch batch;
        batch.messages.assign(begin + static_cast<std::ptrdiff_t>(first),
                              begin + static_cast<std::ptrdiff_t>(last));
        batch.names = m_names;
        return batch;
    }

private:
    std::shared_ptr<Names> m_names;
    std::deque<SampleMessage> m_kept;
    std::deque<Message> m_messages;
};

/// For Filter::select() on messages that are whole: notes in `needed` what it asks for.
[[nodiscard]] inline Filter::Need noting(ColumnSet& needed)
{
    return [&needed](ColumnSet columns) {
        needed |= columns;
        return Result<void>();
    };
}

} // namespace weir::test
