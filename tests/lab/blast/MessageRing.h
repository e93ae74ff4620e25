// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "Options.h"

namespace weir::blast {

/**
 * A ring of pre-encoded HPUB (or PUB) messages in one buffer, so that a run of them is sent with one write.
 * Each use patches what differs, in place: nothing is formatted or copied per message. Wire form:
 * NATS client protocol, HPUB.
 */
class MessageRing
{
public:
    /** Encodes enough messages for every subject at least once. */
    explicit MessageRing(const Options& options);

    /**
     * Stamps the next messages, at most `wanted` and at most one write's worth, with sequence numbers from
     * `sequence` in steps of `step` and with the time, and returns their bytes. `taken` gets their number.
     */
    std::span<const char> next(std::size_t wanted, std::uint64_t sequence, std::uint64_t step,
                               std::size_t& taken);

private:
    struct Slot
    {
        std::size_t begin;
        std::vector<std::size_t> sequences; ///< offsets of 16 hexadecimal digits
        std::size_t sentAt;                 ///< offset of 13 decimal digits, 0: none
        std::size_t noiseAt;                ///< offset of what is new in each message, 0: none
    };

    void append(std::size_t index, const Options& options);

    std::string m_bytes;
    std::string m_noise;
    std::size_t m_noiseSize = 0; ///< bytes of it a message
    std::size_t m_noiseNext = 0;
    std::vector<Slot> m_slots;
    std::size_t m_position = 0;
};

} // namespace weir::blast
