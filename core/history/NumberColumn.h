// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/history/Bytes.h"

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace weir {

/// Each number as its zigzag difference from the one before (the first from `base`), as varints.
void appendDeltas(std::span<const std::int64_t> numbers, std::int64_t base, std::string& out);
[[nodiscard]] bool readDeltas(ByteReader& in, std::int64_t base, std::span<std::int64_t> numbers);

/// Moments that may be absent (INT64_MIN): the largest of 1, 1e3, 1e6, 1e9 that divides them all, then for
/// each row 0 for absent, else the zigzag difference from the one before (the first from `base`) plus 2, or 1
/// and the zigzag moment itself where that does not fit; all in that unit.
void appendMoments(std::span<const std::int64_t> moments, std::int64_t base, std::string& out);
[[nodiscard]] bool readMoments(ByteReader& in, std::int64_t base, std::span<std::int64_t> moments);

void appendNumbers(std::span<const std::uint64_t> numbers, std::string& out);
[[nodiscard]] bool readNumbers(ByteReader& in, std::span<std::uint64_t> numbers);

/// Ids as byte planes: the width in bytes of the largest, then the lowest byte of every row, then the next.
void appendPlanes(std::span<const std::uint32_t> ids, std::string& out);
[[nodiscard]] bool readPlanes(ByteReader& in, std::span<std::uint32_t> ids);

/// A set of ids: rising, as varint differences.
void appendIdSet(std::vector<std::uint32_t>& ids, std::string& out);
[[nodiscard]] bool readIdSet(std::string_view bytes, std::vector<std::uint32_t>& ids);

} // namespace weir
