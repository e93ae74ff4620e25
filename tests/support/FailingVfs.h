// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <atomic>
#include <cstdint>

namespace weir::test {

/// SQLite's default file layer with a disk that a test can fill or break: every file that SQLite opens while
/// this object lives goes through it. One at a time; make it before the first connection and keep it until
/// the last one is closed.
class FailingVfs
{
public:
    enum class Fault {
        None,
        DiskFull,   ///< writes beyond the room fail with ENOSPC
        Broken,     ///< writes beyond the room fail with EIO, as do syncs
        ShortWrite, ///< the write that crosses the end of the room writes the part that fits, then fails
        Crash,      ///< as ShortWrite, but the process ends there: for a child of the test
        ReadOnly,   ///< the file is read-only, and so is its folder
    };

    static constexpr int kCrashed = 86; ///< the exit status of Crash

    FailingVfs();
    ~FailingVfs();
    FailingVfs(const FailingVfs&) = delete;
    FailingVfs& operator=(const FailingVfs&) = delete;

    /// From now on `room` more bytes can be written; then `fault`.
    void failAfter(std::int64_t room, Fault fault);
    void heal() { failAfter(0, Fault::None); }
    /// Writes and syncs that failed so far.
    [[nodiscard]] int failures() const;
};

} // namespace weir::test
