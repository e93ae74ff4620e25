// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Time.h"

#include <atomic>

namespace weir {

/// Where time comes from; tests hand in one that they move. Any thread.
class Clock
{
public:
    virtual ~Clock() = default;
    /// UTC, never earlier than an answer this clock gave before (the wall clock may be set back: then it
    /// stands).
    [[nodiscard]] virtual Timestamp now() = 0;
    /// For durations and deadlines: runs evenly, has no date.
    [[nodiscard]] virtual Nanoseconds steady() = 0;
};

/// The machine's clocks. `now()` is the wall clock, held at the latest answer while it is set back.
class SystemClock final : public Clock
{
public:
    [[nodiscard]] Timestamp now() override;
    [[nodiscard]] Nanoseconds steady() override;

private:
    std::atomic<std::int64_t> m_last{0};
};

} // namespace weir
