// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/envelope/EnvelopeReader.h"

#include <memory>
#include <string>
#include <vector>

namespace weir::test {

/// An EnvelopeReader with all it needs, for one message at a time. What it reads lives as long as it.
class Envelope
{
public:
    explicit Envelope(EnvelopeRules rules = EnvelopeRules::defaults(), TokenChecker checker = {})
        : names(std::make_shared<Names>()), m_reader(std::move(rules), names, std::move(checker))
    {
    }

    /// Reads a message with this raw block; time is 2026-01-02T03:04:05Z unless given.
    Message read(std::string block, std::string_view subject = "orders.eu.created", RawMessage raw = {})
    {
        raw.subject = subject;
        raw.headers = *m_blocks.emplace_back(std::make_unique<std::string>(std::move(block)));
        if (raw.time == kNoTime)
            raw.time = fromUnixNanos(1'767'323'045'000'000'000);
        Message message;
        m_reader.read(raw, message, [this](std::size_t size) {
            arenaBytes += size;
            return m_arena.emplace_back(std::make_unique<char[]>(size)).get();
        });
        return message;
    }

    /// Reads a message with these header lines in a well-formed block.
    Message readLines(const std::vector<std::string>& lines, std::string_view subject = "orders.eu.created")
    {
        std::string block = "NATS/1.0\r\n";
        for (const std::string& line : lines)
            block += line + "\r\n";
        return read(block + "\r\n", subject);
    }

    std::shared_ptr<Names> names;
    std::size_t arenaBytes = 0;

private:
    EnvelopeReader m_reader;
    std::vector<std::unique_ptr<std::string>> m_blocks;
    std::vector<std::unique_ptr<char[]>> m_arena;
};

} // namespace weir::test
