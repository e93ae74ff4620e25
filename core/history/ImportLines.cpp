// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/history/ImportLines.h"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>
#include <unistd.h>
#include <vector>

namespace weir {
namespace {

constexpr std::size_t kWindow = std::size_t{1} << 20;

} // namespace

ImportLines::ImportLines(int descriptor, std::string name, std::uint64_t bytes)
    : m_descriptor(descriptor), m_name(std::move(name)), m_bytes(bytes)
{
}

ImportLines::~ImportLines()
{
    ::close(m_descriptor);
}

Result<std::unique_ptr<ImportInput>> ImportLines::putAside(int descriptor)
{
    const auto failed = [](const char* what) {
        return Error{errno == ENOSPC ? ErrorCode::DiskFull : ErrorCode::Io, what, std::strerror(errno),
                     "name a file instead"};
    };
    // Nobody but this process ever sees it, and it goes with the descriptor.
    const std::unique_ptr<std::FILE, int (*)(std::FILE*)> aside(std::tmpfile(), &std::fclose);
    if (!aside)
        return failed("making a temporary file");
    std::vector<char> chunk(kWindow);
    std::uint64_t bytes = 0;
    for (;;) {
        const ssize_t count = ::read(descriptor, chunk.data(), chunk.size());
        if (count < 0 && errno == EINTR)
            continue;
        if (count < 0)
            return failed("reading stdin");
        if (count == 0)
            break;
        if (std::fwrite(chunk.data(), 1, static_cast<std::size_t>(count), aside.get()) !=
            static_cast<std::size_t>(count))
            return failed("writing a temporary file");
        bytes += static_cast<std::uint64_t>(count);
    }
    if (std::fflush(aside.get()) != 0)
        return failed("writing a temporary file");
    const int own = ::dup(fileno(aside.get()));
    if (own < 0)
        return failed("keeping a temporary file");
    return std::unique_ptr<ImportInput>(new ImportLines(own, "stdin", bytes));
}

Error ImportLines::failure(const std::string& why) const
{
    return {ErrorCode::Io, "reading " + m_name, why, {}};
}

/// Has [from, from + length) of the file in the window, or as much of it as there is; how much that is.
Result<std::size_t> ImportLines::fill(std::uint64_t from, std::size_t length)
{
    if (from < m_windowAt || from + length > m_windowAt + m_window.size()) {
        const bool grows = from == m_windowAt && !m_window.empty();
        std::size_t have = grows ? m_window.size() : 0;
        m_window.resize(std::max(length, kWindow));
        m_windowAt = from;
        while (have < m_window.size()) {
            const ssize_t count = ::pread(m_descriptor, m_window.data() + have, m_window.size() - have,
                                          static_cast<off_t>(from + have));
            if (count < 0 && errno == EINTR)
                continue;
            if (count < 0)
                return failure(std::strerror(errno));
            if (count == 0)
                break;
            have += static_cast<std::size_t>(count);
        }
        m_window.resize(have);
    }
    return std::min<std::size_t>(length, m_windowAt + m_window.size() - from);
}

Result<bool> ImportLines::next(ImportPlace& place, std::string_view& text)
{
    for (;;) {
        std::size_t wanted = kWindow / 2;
        std::size_t searched = 0;
        const char* begin = nullptr;
        const char* end = nullptr;
        while (end == nullptr) {
            const auto have = fill(m_next, wanted);
            if (!have)
                return have.error();
            begin = m_window.data() + (m_next - m_windowAt);
            end = static_cast<const char*>(std::memchr(begin + searched, '\n', *have - searched));
            if (end == nullptr && *have > kLongestLine)
                return failure("line " + std::to_string(m_line + 1) + " is longer than " +
                               std::to_string(kLongestLine >> 20U) + " MiB: this is no file of messages");
            if (end == nullptr && *have < wanted) // the file ends without a line end
                end = begin + *have;
            searched = *have;
            wanted = std::min(wanted * 2, kLongestLine + 1);
        }
        if (end == begin && m_next >= m_bytes)
            return false;
        text = {begin, static_cast<std::size_t>(end - begin)};
        place = {kNoTime, m_next, static_cast<std::uint32_t>(text.size()), ++m_line};
        m_next += text.size() + 1;
        if (text.find_first_not_of(" \t\r") != std::string_view::npos)
            return true;
    }
}

void ImportLines::rewind()
{
    m_next = 0;
    m_line = 0;
}

Result<std::string_view> ImportLines::at(const ImportPlace& place)
{
    const auto have = fill(place.at, place.length);
    if (!have)
        return have.error();
    if (*have < place.length)
        return failure("it became shorter meanwhile");
    return std::string_view(m_window).substr(place.at - m_windowAt, place.length);
}

std::string ImportLines::nameOf(const ImportPlace& place) const
{
    return "line " + std::to_string(place.number);
}

} // namespace weir
