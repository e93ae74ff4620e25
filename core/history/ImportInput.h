// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Result.h"
#include "core/base/Time.h"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

namespace weir {

/// A document of an input: where it stands, and what people call it.
struct ImportPlace
{
    Timestamp time = kNoTime; ///< when it was written, where the input knows that; documents may know better
    std::uint64_t at = 0;     ///< byte in a file, number of a dumped message
    std::uint32_t length = 0; ///< bytes
    std::uint32_t number = 0; ///< line in a file; 1 for a dumped reply, 0 for a dumped message
};

/// Where JSON documents of messages come from: a file of lines, or a folder of `nats sub --dump`. One thread.
class ImportInput
{
public:
    /// `-` is stdin; what comes there is put aside in a file without a name, because it is read twice.
    [[nodiscard]] static Result<std::unique_ptr<ImportInput>> open(const std::filesystem::path& path);
    virtual ~ImportInput() = default;

    /// The next document in the input's own order; false behind the last. `text` holds until the next call of
    /// either function.
    [[nodiscard]] virtual Result<bool> next(ImportPlace& place, std::string_view& text) = 0;
    /// Begins again.
    virtual void rewind() = 0;
    /// The document at a place that next() gave.
    [[nodiscard]] virtual Result<std::string_view> at(const ImportPlace& place) = 0;
    /// `line 17`, `12_reply.json`.
    [[nodiscard]] virtual std::string nameOf(const ImportPlace& place) const = 0;
    /// Of all, for progress.
    [[nodiscard]] virtual std::uint64_t bytes() const = 0;
    /// What the input is, in words: the recording's source.
    [[nodiscard]] virtual std::string name() const = 0;
};

} // namespace weir
