// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/envelope/Names.h"
#include "core/history/HistoryReader.h"

#include <deque>
#include <mutex>
#include <optional>
#include <string>

namespace weir::test {

/// A history in memory that grows, fails and is replaced as a test says. Any thread.
class FakeHistory
{
public:
    void append(Timestamp time, const std::string& subject, int count = 1);
    /// Drops the oldest, as retention does.
    void expire(std::size_t messages);
    void clear();
    /// What open() answers until told otherwise; none: it works.
    void failOpen(std::optional<Error> error);
    /// The scan in which this seq is reached fails there, once.
    void failScanAt(std::uint64_t seq);
    [[nodiscard]] int opened() const;

    [[nodiscard]] Result<std::unique_ptr<HistoryReader>> open();

private:
    friend class FakeReader;
    mutable std::mutex m_mutex;
    std::deque<Message> m_messages; // guarded by m_mutex
    std::uint64_t m_next = 1;       // guarded by m_mutex
    std::optional<Error> m_openError;
    std::uint64_t m_failAt = 0;
    int m_opened = 0;
    std::shared_ptr<Names> m_names = std::make_shared<Names>();
};

} // namespace weir::test
