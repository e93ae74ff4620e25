// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/capture/Batch.h"
#include "core/envelope/Names.h"

#include <cstdint>
#include <memory>
#include <random>
#include <string>
#include <vector>

namespace weir::test {

/// Makes batches of messages as a capture would: three headers and a payload of half-random JSON, ids out of
/// `names`, seqs without gaps. The same seed makes the same messages.
class HistoryTraffic
{
public:
    HistoryTraffic(std::shared_ptr<Names> names, std::uint64_t firstSeq, std::uint32_t subjects = 50);

    /// Messages received from `time` on, `apart` from each other.
    [[nodiscard]] std::shared_ptr<const Batch> next(std::size_t count, Timestamp time,
                                                    Nanoseconds apart = Nanoseconds(1000));
    /// One batch of messages as they stand in `messages`; their views are copied, subjects and seq are given.
    [[nodiscard]] std::shared_ptr<const Batch> own(std::vector<Message> messages, const std::string& subject);

    std::uint32_t payloadSize = 128;

private:
    [[nodiscard]] std::string hex(std::size_t digits);
    void fill(Message& message, std::string& bytes, Timestamp time);

    std::shared_ptr<Names> m_names;
    std::uint64_t m_nextSeq;
    std::uint32_t m_subjects;
    std::mt19937_64 m_random{42};
};

/// Where `a` and `b` differ first, in words; empty when they are the same in everything that a history keeps.
[[nodiscard]] std::string difference(const Message& a, const Message& b);

} // namespace weir::test
