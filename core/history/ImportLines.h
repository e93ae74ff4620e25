// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/history/ImportInput.h"

#include <string>

namespace weir {

/// The lines of a file. Empty ones are passed over.
class ImportLines final : public ImportInput
{
public:
    static constexpr std::size_t kLongestLine = std::size_t{256} << 20; ///< a 64 MiB payload, escaped

    /// Takes `descriptor` over.
    ImportLines(int descriptor, std::string name, std::uint64_t bytes);
    ~ImportLines() override;
    ImportLines(const ImportLines&) = delete;
    ImportLines& operator=(const ImportLines&) = delete;

    /// Whatever `descriptor` still gives, put aside beside the temporary files.
    [[nodiscard]] static Result<std::unique_ptr<ImportInput>> putAside(int descriptor);

    [[nodiscard]] Result<bool> next(ImportPlace& place, std::string_view& text) override;
    void rewind() override;
    [[nodiscard]] Result<std::string_view> at(const ImportPlace& place) override;
    [[nodiscard]] std::string nameOf(const ImportPlace& place) const override;
    [[nodiscard]] std::uint64_t bytes() const override { return m_bytes; }
    [[nodiscard]] std::string name() const override { return m_name; }

private:
    [[nodiscard]] Result<std::size_t> fill(std::uint64_t from, std::size_t length);
    [[nodiscard]] Error failure(const std::string& why) const;

    const int m_descriptor;
    const std::string m_name;
    const std::uint64_t m_bytes;
    std::string m_window; ///< a stretch of the file
    std::uint64_t m_windowAt = 0;
    std::uint64_t m_next = 0; ///< where the next line begins
    std::uint32_t m_line = 0;
};

} // namespace weir
