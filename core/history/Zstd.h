// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

struct ZSTD_CCtx_s;
struct ZSTD_DCtx_s;

namespace weir {

/// How a run of bytes is kept. Stored in histories: append only, never renumber.
enum class Codec : std::uint8_t { Stored = 0, Zstd = 1 };

/// Packs columns, zstd level 1. One thread at a time; holds its working memory for the next call.
class Compressor
{
public:
    Compressor();
    ~Compressor();
    Compressor(Compressor&&) noexcept = default;
    Compressor& operator=(Compressor&&) noexcept = default;

    /// Appends the shorter of `raw` itself and its zstd frame to `out`; says which it was.
    [[nodiscard]] Codec append(std::string_view raw, std::string& out);

private:
    std::unique_ptr<ZSTD_CCtx_s, void (*)(ZSTD_CCtx_s*)> m_context;
};

/// Unpacks columns. One thread at a time.
class Decompressor
{
public:
    Decompressor();
    ~Decompressor();
    Decompressor(Decompressor&&) noexcept = default;
    Decompressor& operator=(Decompressor&&) noexcept = default;

    /// Puts the `rawLength` bytes behind `packed` into `out`; false when they are not there.
    [[nodiscard]] bool unpack(Codec codec, std::string_view packed, std::size_t rawLength, std::string& out);

private:
    std::unique_ptr<ZSTD_DCtx_s, void (*)(ZSTD_DCtx_s*)> m_context;
};

/// A zstd frame of `raw` that says only what differs from `prefix`, which whoever unpacks it must have.
[[nodiscard]] std::string packAfter(std::string_view prefix, std::string_view raw);
/// Nothing where `packed` is no such frame of `rawLength` bytes.
[[nodiscard]] std::optional<std::string> unpackAfter(std::string_view prefix, std::string_view packed,
                                                     std::size_t rawLength);

} // namespace weir
