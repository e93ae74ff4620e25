// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Clock.h"

namespace weir::test {

/// A clock that stands until a test moves it. Starts at 2026-01-02T03:04:05Z. Any thread.
class ManualClock final : public Clock
{
public:
    [[nodiscard]] Timestamp now() override;
    [[nodiscard]] Nanoseconds steady() override;
    void advance(Nanoseconds by);

private:
    std::atomic<std::int64_t> m_elapsed{0};
};

} // namespace weir::test
