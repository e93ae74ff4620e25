// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/FailingVfs.h"

#include <algorithm>
#include <cerrno>

#include <sqlite3.h>
#include <unistd.h>

namespace weir::test {
namespace {

// SQLite's C interface has no room for an object behind every call: the one FailingVfs is global.
sqlite3_vfs* g_real = nullptr;
sqlite3_vfs g_shim;
std::atomic<std::int64_t> g_room{0};
std::atomic<FailingVfs::Fault> g_fault{FailingVfs::Fault::None};
std::atomic<int> g_failures{0};

/// Our file; the real one lies behind it in the same allocation.
struct ShimFile
{
    sqlite3_file base;
};

sqlite3_file* real(sqlite3_file* file)
{
    return reinterpret_cast<sqlite3_file*>(reinterpret_cast<ShimFile*>(file) + 1);
}

int failed(int code)
{
    ++g_failures;
    return code;
}

int shimClose(sqlite3_file* file)
{
    return real(file)->pMethods->xClose(real(file));
}

int shimRead(sqlite3_file* file, void* data, int size, sqlite3_int64 offset)
{
    return real(file)->pMethods->xRead(real(file), data, size, offset);
}

int shimWrite(sqlite3_file* file, const void* data, int size, sqlite3_int64 offset)
{
    const auto fault = g_fault.load();
    const bool limited = fault != FailingVfs::Fault::None && fault != FailingVfs::Fault::ReadOnly;
    if (!limited || g_room.fetch_sub(size) >= size)
        return real(file)->pMethods->xWrite(real(file), data, size, offset);
    const std::int64_t fits = g_room.load() + size;
    const bool cut = fault == FailingVfs::Fault::ShortWrite || fault == FailingVfs::Fault::Crash;
    if (cut && fits > 0)
        (void)real(file)->pMethods->xWrite(real(file), data, static_cast<int>(fits), offset);
    if (fault == FailingVfs::Fault::Crash)
        _exit(FailingVfs::kCrashed);
    return failed(fault == FailingVfs::Fault::DiskFull ? SQLITE_FULL : SQLITE_IOERR_WRITE);
}

int shimTruncate(sqlite3_file* file, sqlite3_int64 size)
{
    return real(file)->pMethods->xTruncate(real(file), size);
}

int shimSync(sqlite3_file* file, int flags)
{
    if (g_fault == FailingVfs::Fault::Broken && g_room < 0)
        return failed(SQLITE_IOERR_FSYNC);
    return real(file)->pMethods->xSync(real(file), flags);
}

int shimFileSize(sqlite3_file* file, sqlite3_int64* size)
{
    return real(file)->pMethods->xFileSize(real(file), size);
}

int shimLock(sqlite3_file* file, int level)
{
    return real(file)->pMethods->xLock(real(file), level);
}

int shimUnlock(sqlite3_file* file, int level)
{
    return real(file)->pMethods->xUnlock(real(file), level);
}

int shimCheckReservedLock(sqlite3_file* file, int* result)
{
    return real(file)->pMethods->xCheckReservedLock(real(file), result);
}

int shimFileControl(sqlite3_file* file, int operation, void* argument)
{
    return real(file)->pMethods->xFileControl(real(file), operation, argument);
}

int shimSectorSize(sqlite3_file* file)
{
    return real(file)->pMethods->xSectorSize(real(file));
}

int shimDeviceCharacteristics(sqlite3_file* file)
{
    return real(file)->pMethods->xDeviceCharacteristics(real(file));
}

int shimShmMap(sqlite3_file* file, int page, int size, int extend, void volatile** memory)
{
    if (g_fault == FailingVfs::Fault::ReadOnly)
        return SQLITE_CANTOPEN;
    return real(file)->pMethods->xShmMap(real(file), page, size, extend, memory);
}

int shimShmLock(sqlite3_file* file, int offset, int count, int flags)
{
    return real(file)->pMethods->xShmLock(real(file), offset, count, flags);
}

void shimShmBarrier(sqlite3_file* file)
{
    real(file)->pMethods->xShmBarrier(real(file));
}

int shimShmUnmap(sqlite3_file* file, int remove)
{
    return real(file)->pMethods->xShmUnmap(real(file), remove);
}

const sqlite3_io_methods kMethods{2,
                                  shimClose,
                                  shimRead,
                                  shimWrite,
                                  shimTruncate,
                                  shimSync,
                                  shimFileSize,
                                  shimLock,
                                  shimUnlock,
                                  shimCheckReservedLock,
                                  shimFileControl,
                                  shimSectorSize,
                                  shimDeviceCharacteristics,
                                  shimShmMap,
                                  shimShmLock,
                                  shimShmBarrier,
                                  shimShmUnmap,
                                  nullptr,
                                  nullptr};

int shimOpen(sqlite3_vfs* /*shim*/, const char* name, sqlite3_file* file, int flags, int* outFlags)
{
    file->pMethods = nullptr;
    if (g_fault == FailingVfs::Fault::ReadOnly && (flags & SQLITE_OPEN_MAIN_DB) != 0)
        flags = (flags & ~(SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE)) | SQLITE_OPEN_READONLY;
    const int code = g_real->xOpen(g_real, name, real(file), flags, outFlags);
    if (code == SQLITE_OK)
        file->pMethods = &kMethods;
    return code;
}

} // namespace

FailingVfs::FailingVfs()
{
    g_real = sqlite3_vfs_find(nullptr);
    g_shim = *g_real;
    g_shim.zName = "weir-failing";
    g_shim.szOsFile = static_cast<int>(sizeof(ShimFile)) + g_real->szOsFile;
    g_shim.pNext = nullptr;
    g_shim.xOpen = shimOpen;
    g_failures = 0;
    heal();
    sqlite3_vfs_register(&g_shim, 1);
}

FailingVfs::~FailingVfs()
{
    sqlite3_vfs_unregister(&g_shim);
    sqlite3_vfs_register(g_real, 1);
}

void FailingVfs::failAfter(std::int64_t room, Fault fault)
{
    g_room = room;
    g_fault = fault;
}

int FailingVfs::failures() const
{
    return g_failures;
}

} // namespace weir::test
