// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/core/history/HistoryTraffic.h"

#include <array>
#include <string_view>
#include <utility>

namespace weir::test {
namespace {

constexpr std::array<std::string_view, 12> kPops{"FRA", "LHR", "AMS", "CDG", "IAD", "SJC",
                                                 "GRU", "NRT", "SIN", "SYD", "JNB", "BOM"};
constexpr std::array<std::string_view, 3> kWorkers{"checkout", "auth", "telemetry"};

} // namespace

HistoryTraffic::HistoryTraffic(std::shared_ptr<Names> names, std::uint64_t firstSeq, std::uint32_t subjects)
    : m_names(std::move(names)), m_nextSeq(firstSeq), m_subjects(subjects)
{
}

std::string HistoryTraffic::hex(std::size_t digits)
{
    std::string text;
    while (text.size() < digits) {
        std::uint64_t bits = m_random();
        for (int i = 0; i < 16 && text.size() < digits; ++i, bits >>= 4U)
            text += "0123456789abcdef"[bits & 15U];
    }
    return text;
}

void HistoryTraffic::fill(Message& message, std::string& bytes, Timestamp time)
{
    const std::string_view pop = kPops[m_random() % kPops.size()];
    const std::string_view worker = kWorkers[m_random() % kWorkers.size()];
    message.seq = m_nextSeq++;
    message.time = time;
    message.sent = time - std::chrono::microseconds(5000 + m_random() % 90000);
    message.sent -= message.sent.time_since_epoch() % std::chrono::microseconds(1);
    message.subject =
        m_names->subjects.intern("orders.eu." + std::to_string(m_random() % m_subjects) + ".placed");
    message.pop = m_names->pops.intern(pop);
    message.worker = m_names->workers.intern(worker);
    message.subjectName = m_names->subjects.name(message.subject);
    message.popName = m_names->pops.name(message.pop);
    message.workerName = m_names->workers.name(message.worker);
    const std::string trace = hex(32);
    bytes = "NATS/1.0\r\nCf-Ray: " + hex(16) + "-" + std::string(pop) +
            "\r\nX-Edge-Sent-At: " + std::to_string(message.sent.time_since_epoch().count() / 1000) +
            "\r\ntraceparent: 00-" + trace + "-" + hex(16) + "-01\r\n\r\n";
    message.headerSize = static_cast<std::uint32_t>(bytes.size());
    bytes += R"({"order":")" + hex(16) + R"(","customer":)" + std::to_string(m_random() % 100000) +
             R"(,"total":)" + std::to_string(m_random() % 100000) + R"(.95,"currency":"EUR","items":[)";
    while (bytes.size() < message.headerSize + payloadSize - 2)
        bytes += std::to_string(m_random() % 1000) + ",";
    bytes.resize(message.headerSize + payloadSize - 2);
    bytes += "]}";
    message.payloadSize = payloadSize;
    message.headers = std::string_view(bytes).substr(0, message.headerSize);
    message.trace = message.headers.substr(message.headers.find(trace), trace.size());
    message.payload = std::string_view(bytes).substr(message.headerSize);
}

std::shared_ptr<const Batch> HistoryTraffic::next(std::size_t count, Timestamp time, Nanoseconds apart)
{
    auto bytes = std::make_shared<std::vector<std::string>>(count);
    auto batch = std::make_shared<Batch>();
    batch->messages.resize(count);
    batch->names = m_names;
    for (std::size_t i = 0; i < count; ++i) {
        fill(batch->messages[i], (*bytes)[i], time + apart * static_cast<std::int64_t>(i));
        batch->footprint += sizeof(Message) + (*bytes)[i].size();
    }
    batch->storage.push_back(bytes);
    return batch;
}

std::shared_ptr<const Batch> HistoryTraffic::own(std::vector<Message> messages, const std::string& subject)
{
    auto bytes = std::make_shared<std::vector<std::string>>();
    bytes->reserve(messages.size() * 4);
    auto batch = std::make_shared<Batch>();
    for (Message& message : messages) {
        message.seq = m_nextSeq++;
        message.subject = m_names->subjects.intern(subject);
        message.subjectName = m_names->subjects.name(message.subject);
        message.payloadSize = static_cast<std::uint32_t>(message.payload.size());
        for (std::string_view* view : {&message.trace, &message.reply, &message.headers, &message.payload}) {
            *view = bytes->emplace_back(*view);
            batch->footprint += view->size();
        }
    }
    batch->messages = std::move(messages);
    batch->footprint += batch->messages.size() * sizeof(Message);
    batch->names = m_names;
    batch->storage.push_back(bytes);
    return batch;
}

std::string difference(const Message& a, const Message& b)
{
    const std::string where = " of message " + std::to_string(a.seq);
    const std::array<std::pair<const char*, bool>, 17> checks{{
        {"seq", a.seq == b.seq},
        {"time", a.time == b.time},
        {"sent", a.sent == b.sent},
        {"stored", a.stored == b.stored},
        {"stream seq", a.streamSeq == b.streamSeq},
        {"subject", a.subject == b.subject},
        {"pop", a.pop == b.pop},
        {"worker", a.worker == b.worker},
        {"identity", a.identity == b.identity},
        {"evidence", a.evidence == b.evidence},
        {"names", a.subjectName == b.subjectName && a.popName == b.popName && a.workerName == b.workerName},
        {"reply", a.reply == b.reply},
        {"trace", a.trace == b.trace},
        {"headers", a.headers == b.headers},
        {"payload", a.payload == b.payload},
        {"header size", a.headerSize == b.headerSize},
        {"payload size", a.payloadSize == b.payloadSize},
    }};
    for (const auto& [name, same] : checks) {
        if (!same)
            return name + where;
    }
    return {};
}

} // namespace weir::test
