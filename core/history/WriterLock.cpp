// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/history/WriterLock.h"

#include <array>
#include <cerrno>
#include <cstring>
#include <string>
#include <utility>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace weir {
namespace {

std::filesystem::path lockPath(const std::filesystem::path& history)
{
    std::filesystem::path path = history;
    path += ".lock";
    return path;
}

struct flock wholeFile(short type)
{
    struct flock lock = {};
    lock.l_type = type;
    lock.l_whence = SEEK_SET;
    return lock;
}

std::string holder(int descriptor)
{
    std::array<char, 128> text{};
    const ssize_t got = ::pread(descriptor, text.data(), text.size() - 1, 0);
    std::string who(text.data(), got > 0 ? static_cast<std::size_t>(got) : 0);
    while (!who.empty() && who.back() == '\n')
        who.pop_back();
    return who.empty() ? "another Weir" : "another Weir (" + who + ")";
}

Error cannotLock(const std::filesystem::path& history, int code)
{
    const std::string what = "opening history " + history.string();
    const std::string why = "its lock " + lockPath(history).string() + ": " + std::strerror(code);
    if (code == ENOSPC || code == EDQUOT)
        return {ErrorCode::DiskFull, what, why, "make room on the disk"};
    if (code == ENOENT || code == ENOTDIR)
        return {ErrorCode::NotFound, what, "its folder is not there (" + why + ")",
                "create the folder first"};
    if (code == EACCES || code == EPERM || code == EROFS)
        return {ErrorCode::Permission, what, why, "choose a place that you may write to"};
    return {ErrorCode::Io, what, why, {}};
}

/// A clean end removes the lock file; who waited on the removed one must take the new one.
bool isStillThere(int descriptor, const std::filesystem::path& path)
{
    struct stat open = {};
    struct stat named = {};
    return ::fstat(descriptor, &open) == 0 && ::stat(path.c_str(), &named) == 0 &&
           open.st_ino == named.st_ino && open.st_dev == named.st_dev;
}

} // namespace

Result<WriterLock> WriterLock::take(const std::filesystem::path& history, Timestamp now)
{
    WriterLock mine;
    mine.m_path = lockPath(history);
    for (;;) {
        mine.m_descriptor = ::open(mine.m_path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
        if (mine.m_descriptor < 0)
            return cannotLock(history, errno);
        struct flock wanted = wholeFile(F_WRLCK);
        if (::fcntl(mine.m_descriptor, F_OFD_SETLK, &wanted) != 0) {
            const int code = errno;
            const std::string who = holder(mine.m_descriptor);
            ::close(std::exchange(mine.m_descriptor, -1));
            if (code != EAGAIN && code != EACCES)
                return cannotLock(history, code);
            return Error{ErrorCode::Busy, "opening history " + history.string(),
                         "it is being written by " + who,
                         "stop that recording, or record into another file; reading it meanwhile is fine"};
        }
        if (isStillThere(mine.m_descriptor, mine.m_path))
            break;
        ::close(std::exchange(mine.m_descriptor, -1));
    }
    const std::string who = "process " + std::to_string(::getpid()) + ", since " + formatSecond(now) + "\n";
    if (::ftruncate(mine.m_descriptor, 0) != 0 ||
        ::pwrite(mine.m_descriptor, who.data(), who.size(), 0) != static_cast<ssize_t>(who.size())) {
        // Only the name of the holder is lost; the lock itself holds. A full disk shows at the history
        // itself.
    }
    return mine;
}

bool WriterLock::isHeld(const std::filesystem::path& history)
{
    const int descriptor = ::open(lockPath(history).c_str(), O_RDONLY | O_CLOEXEC);
    if (descriptor < 0)
        return false;
    struct flock asked = wholeFile(F_RDLCK);
    const bool held = ::fcntl(descriptor, F_OFD_GETLK, &asked) == 0 && asked.l_type != F_UNLCK;
    ::close(descriptor);
    return held;
}

WriterLock::WriterLock(WriterLock&& other) noexcept
    : m_path(std::move(other.m_path)), m_descriptor(std::exchange(other.m_descriptor, -1))
{
}

WriterLock& WriterLock::operator=(WriterLock&& other) noexcept
{
    if (this != &other) {
        release();
        m_path = std::move(other.m_path);
        m_descriptor = std::exchange(other.m_descriptor, -1);
    }
    return *this;
}

void WriterLock::release()
{
    if (m_descriptor < 0)
        return;
    ::unlink(m_path.c_str()); // while still held, so that nobody else's new one is removed
    ::close(std::exchange(m_descriptor, -1));
}

} // namespace weir
