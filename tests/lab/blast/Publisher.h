// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "Connection.h"
#include "MessageRing.h"
#include "Options.h"

namespace weir::blast {

/** One connection's part of the work, for one thread. */
class Publisher
{
public:
    /** index: which of options.connections this is; it sends the sequence numbers index + 1 + k *
     * connections. */
    Publisher(const Options& options, unsigned index);

    Connection::Failure open() { return m_connection.open(m_options); }

    /** Sends its share, flushes, and keeps the error if there was one. */
    void run();

    std::uint64_t sent() const { return m_sent; }
    std::uint64_t bytes() const { return m_bytes; }
    const Connection::Failure& failure() const { return m_failure; }

private:
    std::uint64_t due(double seconds) const;
    Connection::Failure sendSome(std::uint64_t wanted);

    const Options& m_options;
    unsigned m_index;
    std::uint64_t m_share;
    MessageRing m_ring;
    Connection m_connection;
    Connection::Failure m_failure;
    std::uint64_t m_sent = 0;
    std::uint64_t m_bytes = 0;
};

} // namespace weir::blast
