// SPDX-License-Identifier: GPL-3.0-or-later
#include "MessageRing.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstring>
#include <random>
#include <string_view>

namespace weir::blast {
namespace {

constexpr std::size_t kSlots = 512; // aimed at; large messages get fewer
constexpr std::size_t kRingBytes = 8 * 1024 * 1024;
constexpr std::size_t kWriteBytes = 128 * 1024;
constexpr std::size_t kSequenceDigits = 16;
constexpr std::size_t kTimeDigits = 13;         // Unix milliseconds until the year 2286
constexpr std::size_t kNoise = 4 * 1024 * 1024; // does not come round again within any block of a store
constexpr std::array<std::string_view, 14> kPops = {"FRA", "LHR", "AMS", "CDG", "IAD", "SJC", "ORD",
                                                    "GRU", "JNB", "SIN", "NRT", "SYD", "BOM", "DXB"};

using Digits = std::array<char, kSequenceDigits>;

Digits hexadecimal(std::uint64_t value)
{
    Digits digits;
    for (std::size_t i = kSequenceDigits; i-- > 0; value >>= 4)
        digits[i] = "0123456789abcdef"[value & 0xf];
    return digits;
}

/** Adds one step to the digits: far cheaper than formatting them again, as most steps carry once at most. */
void advance(Digits& digits, std::uint64_t& value, std::uint64_t step)
{
    const std::uint64_t before = value;
    value += step;
    std::size_t i = kSequenceDigits;
    std::uint64_t rest = value;
    for (std::uint64_t changed = before ^ value; changed != 0; changed >>= 4, rest >>= 4)
        digits[--i] = "0123456789abcdef"[rest & 0xf];
}

std::string nowMilliseconds()
{
    using namespace std::chrono;
    return std::to_string(duration_cast<milliseconds>(system_clock::now().time_since_epoch()).count());
}

/** Letters and digits that do not compress to less than 6 bits each. */
std::string makeNoise()
{
    constexpr std::string_view kLetters = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-_";
    std::mt19937_64 random(20261121);
    std::string noise(kNoise, ' ');
    for (char& letter : noise)
        letter = kLetters[random() % kLetters.size()];
    return noise;
}

/** Three letters. */
std::string wordOf(std::size_t number)
{
    std::string word(3, 'a');
    for (std::size_t i = word.size(); i-- > 0; number /= 26)
        word[i] = static_cast<char>('a' + number % 26);
    return word;
}

/** A JSON object of exactly `size` bytes, or only the digits where there is no room for one. */
std::string payloadOf(std::size_t size)
{
    const std::string head = "{\"seq\":\"" + std::string(kSequenceDigits, '0') + "\",\"pad\":\"";
    const std::string_view tail = "\"}";
    if (size < head.size() + tail.size())
        return std::string(kSequenceDigits, '0') + std::string(size - kSequenceDigits, '.');
    std::string payload = head;
    for (std::size_t i = 0; payload.size() + tail.size() < size; ++i)
        payload += static_cast<char>('a' + i % 26);
    return payload.append(tail);
}

} // namespace

MessageRing::MessageRing(const Options& options) : m_noise(makeNoise())
{
    // a whole number of rounds through the subjects, so that all get the same share
    const std::size_t slots = std::clamp(kRingBytes / options.size, std::size_t{1}, kSlots);
    const std::size_t rounds = (slots + options.subjects - 1) / options.subjects;
    for (std::size_t i = 0; i < rounds * options.subjects; ++i)
        append(i, options);
}

void MessageRing::append(std::size_t index, const Options& options)
{
    Slot slot{m_bytes.size(), {}, 0, 0};
    const std::size_t number = index % options.subjects;
    const std::string word = options.groups > 0 ? wordOf(number % options.groups) : std::string();
    const std::string subject = options.prefix + word + '.' + std::to_string(number);
    const std::string zeros(kSequenceDigits, '0');
    std::string header;
    std::vector<std::size_t> inHeader;
    std::size_t timeInHeader = 0;
    if (options.headers > 0) {
        header = "NATS/1.0\r\nCf-Ray: ";
        inHeader.push_back(header.size());
        header += zeros + '-' + std::string(kPops[index % kPops.size()]) + "\r\nX-Edge-Sent-At: ";
        timeInHeader = header.size();
        header += std::string(kTimeDigits, '0') + "\r\ntraceparent: 00-b1a57000b1a57000";
        inHeader.push_back(header.size());
        header += zeros + '-';
        inHeader.push_back(header.size());
        header += zeros + "-01\r\n";
        if (options.headers == 4)
            header += "X-Edge-Worker: blast\r\n";
        header += "\r\n";
    }
    const std::string total = std::to_string(header.size() + options.size);
    m_bytes += header.empty()
                   ? "PUB " + subject + ' ' + total + "\r\n"
                   : "HPUB " + subject + ' ' + std::to_string(header.size()) + ' ' + total + "\r\n";
    for (const std::size_t offset : inHeader)
        slot.sequences.push_back(m_bytes.size() + offset);
    if (timeInHeader > 0)
        slot.sentAt = m_bytes.size() + timeInHeader;
    m_bytes += header;
    const std::string payload = payloadOf(options.size);
    slot.sequences.push_back(m_bytes.size() + payload.find('0'));
    // Half of a payload is new in each message, as in real ones: what repeats would compress to nothing.
    if (const std::size_t pad = payload.find("pad"); pad != std::string::npos) {
        slot.noiseAt = m_bytes.size() + pad + std::string_view("pad\":\"").size();
        m_noiseSize =
            std::min(options.size / 2, payload.size() - pad - std::string_view("pad\":\"\"}").size());
    }
    m_bytes += payload + "\r\n";
    m_slots.push_back(std::move(slot));
}

std::span<const char> MessageRing::next(std::size_t wanted, std::uint64_t sequence, std::uint64_t step,
                                        std::size_t& taken)
{
    const std::string time = nowMilliseconds();
    Digits digits = hexadecimal(sequence);
    const std::size_t first = m_position;
    const std::size_t begin = m_slots[first].begin;
    std::size_t end = begin;
    for (taken = 0; taken < wanted && m_position < m_slots.size() && end - begin < kWriteBytes; ++taken) {
        const Slot& slot = m_slots[m_position++];
        for (const std::size_t offset : slot.sequences)
            std::memcpy(m_bytes.data() + offset, digits.data(), kSequenceDigits);
        if (slot.sentAt > 0)
            std::memcpy(m_bytes.data() + slot.sentAt, time.data(), kTimeDigits);
        if (slot.noiseAt > 0) {
            std::memcpy(m_bytes.data() + slot.noiseAt, m_noise.data() + m_noiseNext, m_noiseSize);
            m_noiseNext = (m_noiseNext + m_noiseSize) % (kNoise - m_noiseSize);
        }
        end = m_position < m_slots.size() ? m_slots[m_position].begin : m_bytes.size();
        advance(digits, sequence, step);
    }
    if (m_position == m_slots.size())
        m_position = 0;
    return {m_bytes.data() + begin, end - begin};
}

} // namespace weir::blast
