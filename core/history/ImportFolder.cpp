// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/history/ImportFolder.h"

#include "core/history/ImportLines.h"

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <fstream>
#include <sys/stat.h>
#include <tuple>

namespace weir {
namespace {

/// The number and kind that a dumped file's name tells; false for every other file.
bool readName(std::string_view name, ImportPlace& place)
{
    constexpr std::string_view kReply = "_reply";
    constexpr std::string_view kJson = ".json";
    if (!name.ends_with(kJson))
        return false;
    name.remove_suffix(kJson.size());
    place.number = name.ends_with(kReply) ? 1 : 0;
    if (place.number == 1)
        name.remove_suffix(kReply.size());
    const auto [end, code] = std::from_chars(name.data(), name.data() + name.size(), place.at);
    return !name.empty() && code == std::errc() && end == name.data() + name.size();
}

} // namespace

Result<std::unique_ptr<ImportInput>> ImportFolder::open(const std::filesystem::path& path)
{
    std::unique_ptr<ImportFolder> made(new ImportFolder(path));
    if (auto done = made->list(); !done)
        return done.error();
    return std::unique_ptr<ImportInput>(std::move(made));
}

Result<void> ImportFolder::list()
{
    const auto failed = [this](const std::string& why, const std::string& hint) {
        return Error{ErrorCode::Io, "reading folder " + m_path.string(), why, hint};
    };
    std::error_code code;
    for (std::filesystem::directory_iterator each(m_path, code), end; each != end; each.increment(code)) {
        ImportPlace place;
        if (!readName(each->path().filename().string(), place))
            continue;
        struct stat facts
        {
        };
        if (::stat(each->path().c_str(), &facts) != 0)
            return failed(each->path().filename().string() + ": " + std::strerror(errno), {});
        if (static_cast<std::uint64_t>(facts.st_size) > ImportLines::kLongestLine)
            return failed(each->path().filename().string() + " is too long to be a message", {});
        place.length = static_cast<std::uint32_t>(facts.st_size);
        place.time =
            Timestamp(std::chrono::seconds(facts.st_mtim.tv_sec) + Nanoseconds(facts.st_mtim.tv_nsec));
        m_bytes += place.length;
        m_files.push_back(place);
    }
    if (code)
        return failed(code.message(), {});
    if (m_files.empty())
        return failed("it has no files such as 1.json", "nats sub --dump DIR writes what is read here");
    const auto order = [](const ImportPlace& place) { return std::tie(place.time, place.at, place.number); };
    std::sort(m_files.begin(), m_files.end(),
              [&order](const ImportPlace& a, const ImportPlace& b) { return order(a) < order(b); });
    return {};
}

Result<bool> ImportFolder::next(ImportPlace& place, std::string_view& text)
{
    if (m_next == m_files.size())
        return false;
    place = m_files[m_next++];
    const auto read = at(place);
    if (!read)
        return read.error();
    text = *read;
    return true;
}

Result<std::string_view> ImportFolder::at(const ImportPlace& place)
{
    const std::filesystem::path path = m_path / nameOf(place);
    std::ifstream file(path, std::ios::binary);
    m_text.resize(place.length);
    file.read(m_text.data(), static_cast<std::streamsize>(m_text.size()));
    if (!file)
        return Error{ErrorCode::Io, "reading " + path.string(), "it cannot be read to its end",
                     "let nats sub end first"};
    return std::string_view(m_text);
}

std::string ImportFolder::nameOf(const ImportPlace& place) const
{
    return std::to_string(place.at) + (place.number == 1 ? "_reply.json" : ".json");
}

} // namespace weir
