// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/history/Zstd.h"

#include <zstd.h>

#include <algorithm>
#include <bit>

namespace weir {
namespace {

constexpr int kLevel = 1;
constexpr int kHashLog = 13; ///< 32 kB: stays in the first cache, a tenth faster on columns of this size
constexpr int kPrefixLevel = 3;
constexpr int kLeastWindowLog = 17;       ///< a prefix counts as far as the window reaches
constexpr int kMostWindowLog = 27;        ///< what an unpacker takes without being told
constexpr std::size_t kWorthPacking = 48; ///< below this a frame's own bytes eat the gain

} // namespace

Compressor::Compressor() : m_context(ZSTD_createCCtx(), [](ZSTD_CCtx_s* context) { ZSTD_freeCCtx(context); })
{
    ZSTD_CCtx_setParameter(m_context.get(), ZSTD_c_compressionLevel, kLevel);
    ZSTD_CCtx_setParameter(m_context.get(), ZSTD_c_hashLog, kHashLog);
}

Compressor::~Compressor() = default;

Codec Compressor::append(std::string_view raw, std::string& out)
{
    const std::size_t start = out.size();
    if (raw.size() >= kWorthPacking) {
        const std::size_t room = ZSTD_compressBound(raw.size());
        out.resize(start + room);
        const std::size_t packed =
            ZSTD_compress2(m_context.get(), out.data() + start, room, raw.data(), raw.size());
        if (ZSTD_isError(packed) == 0 && packed < raw.size()) {
            out.resize(start + packed);
            return Codec::Zstd;
        }
        out.resize(start);
    }
    out.append(raw);
    return Codec::Stored;
}

Decompressor::Decompressor()
    : m_context(ZSTD_createDCtx(), [](ZSTD_DCtx_s* context) { ZSTD_freeDCtx(context); })
{
}

Decompressor::~Decompressor() = default;

bool Decompressor::unpack(Codec codec, std::string_view packed, std::size_t rawLength, std::string& out)
{
    if (codec == Codec::Stored) {
        out = packed;
        return packed.size() == rawLength;
    }
    if (codec != Codec::Zstd)
        return false;
    out.resize(rawLength);
    const std::size_t got =
        ZSTD_decompressDCtx(m_context.get(), out.data(), rawLength, packed.data(), packed.size());
    return ZSTD_isError(got) == 0 && got == rawLength;
}

std::string packAfter(std::string_view prefix, std::string_view raw)
{
    const std::unique_ptr<ZSTD_CCtx, std::size_t (*)(ZSTD_CCtx*)> context(ZSTD_createCCtx(), ZSTD_freeCCtx);
    const int window = std::clamp(static_cast<int>(std::bit_width(prefix.size() + raw.size())),
                                  kLeastWindowLog, kMostWindowLog);
    ZSTD_CCtx_setParameter(context.get(), ZSTD_c_compressionLevel, kPrefixLevel);
    ZSTD_CCtx_setParameter(context.get(), ZSTD_c_windowLog, window);
    ZSTD_CCtx_setParameter(context.get(), ZSTD_c_enableLongDistanceMatching, 1);
    ZSTD_CCtx_refPrefix(context.get(), prefix.data(), prefix.size());
    std::string packed(ZSTD_compressBound(raw.size()), '\0');
    packed.resize(ZSTD_compress2(context.get(), packed.data(), packed.size(), raw.data(), raw.size()));
    return packed;
}

std::optional<std::string> unpackAfter(std::string_view prefix, std::string_view packed,
                                       std::size_t rawLength)
{
    const std::unique_ptr<ZSTD_DCtx, std::size_t (*)(ZSTD_DCtx*)> context(ZSTD_createDCtx(), ZSTD_freeDCtx);
    ZSTD_DCtx_refPrefix(context.get(), prefix.data(), prefix.size());
    std::string raw(rawLength, '\0');
    const std::size_t got =
        ZSTD_decompressDCtx(context.get(), raw.data(), raw.size(), packed.data(), packed.size());
    if (ZSTD_isError(got) != 0 || got != rawLength)
        return std::nullopt;
    return raw;
}

} // namespace weir
