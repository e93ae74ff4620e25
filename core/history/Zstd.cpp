// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/history/Zstd.h"

#include <zstd.h>

namespace weir {
namespace {

constexpr int kLevel = 1;
constexpr int kHashLog = 13; ///< 32 kB: stays in the first cache, a tenth faster on columns of this size
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

} // namespace weir
