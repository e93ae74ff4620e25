// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/history/ImportInput.h"

#include <vector>

namespace weir {

/// A folder that `nats sub --dump` wrote: `N.json` a message, `N_reply.json` its reply, where N is its number
/// or its stream sequence (natscli, cli/sub_command.go, printMsg). Such files do not say when a message came:
/// each was written then, so the file's own time stands for it. Other files are left alone.
class ImportFolder final : public ImportInput
{
public:
    [[nodiscard]] static Result<std::unique_ptr<ImportInput>> open(const std::filesystem::path& path);

    [[nodiscard]] Result<bool> next(ImportPlace& place, std::string_view& text) override;
    void rewind() override { m_next = 0; }
    [[nodiscard]] Result<std::string_view> at(const ImportPlace& place) override;
    [[nodiscard]] std::string nameOf(const ImportPlace& place) const override;
    [[nodiscard]] std::uint64_t bytes() const override { return m_bytes; }
    [[nodiscard]] std::string name() const override { return m_path.string(); }

private:
    explicit ImportFolder(std::filesystem::path path) : m_path(std::move(path)) {}
    [[nodiscard]] Result<void> list();

    const std::filesystem::path m_path;
    std::vector<ImportPlace> m_files; ///< by time, then by number
    std::size_t m_next = 0;
    std::uint64_t m_bytes = 0;
    std::string m_text;
};

} // namespace weir
