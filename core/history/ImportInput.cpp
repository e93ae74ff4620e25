// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/history/ImportInput.h"

#include "core/history/ImportFolder.h"
#include "core/history/ImportLines.h"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace weir {

Result<std::unique_ptr<ImportInput>> ImportInput::open(const std::filesystem::path& path)
{
    if (path == "-")
        return ImportLines::putAside(STDIN_FILENO);
    const auto failed = [&path](ErrorCode code, const std::string& why) {
        return Error{code, "opening " + path.string(), why,
                     "name a file of lines, a folder of nats sub --dump, or -"};
    };
    const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (descriptor < 0)
        return failed(errno == ENOENT ? ErrorCode::NotFound : ErrorCode::Io, std::strerror(errno));
    struct stat facts
    {
    };
    const bool known = ::fstat(descriptor, &facts) == 0;
    if (known && S_ISREG(facts.st_mode))
        return std::unique_ptr<ImportInput>(
            new ImportLines(descriptor, path.string(), static_cast<std::uint64_t>(facts.st_size)));
    ::close(descriptor);
    if (known && S_ISFIFO(facts.st_mode)) { // as `<(weir query …)` is
        const int pipe = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
        auto aside = pipe < 0 ? failed(ErrorCode::Io, std::strerror(errno)) : ImportLines::putAside(pipe);
        ::close(pipe);
        return aside;
    }
    if (known && S_ISDIR(facts.st_mode))
        return ImportFolder::open(path);
    return failed(ErrorCode::Usage, "it is neither a file nor a folder");
}

} // namespace weir
