// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Result.h"
#include "core/base/Time.h"

#include <filesystem>

namespace weir {

/// The right to write a history: a lock on `FILE.lock` beside it, which the kernel gives back when the
/// process ends, however it ends. (Never on the history itself: closing any descriptor of a file drops
/// SQLite's own locks on it, see sqlite.org/howtocorrupt.html, 2.2.) Holds between processes and within one.
class WriterLock
{
public:
    /// Fails with ErrorCode::Busy when someone else has it, naming who and since when.
    [[nodiscard]] static Result<WriterLock> take(const std::filesystem::path& history, Timestamp now);
    /// Whether somebody writes `history` at this moment; takes nothing.
    [[nodiscard]] static bool isHeld(const std::filesystem::path& history);

    WriterLock() = default;
    WriterLock(WriterLock&& other) noexcept;
    WriterLock& operator=(WriterLock&& other) noexcept;
    ~WriterLock() { release(); }

    void release();
    [[nodiscard]] bool isTaken() const { return m_descriptor >= 0; }

private:
    std::filesystem::path m_path;
    int m_descriptor = -1;
};

} // namespace weir
