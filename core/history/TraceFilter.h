// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace weir {

// A Bloom filter over the traces of a block (FORMAT.md, "Trace filter"): never denies one that is there, and
// takes one in about 2,000 for there that is not.

/// ASCII case does not count, as in the filter grammar.
[[nodiscard]] std::uint64_t traceHash(std::string_view trace);
/// Sized for as many as there are; empty where there are none.
[[nodiscard]] std::string traceFilterOf(std::span<const std::uint64_t> hashes);
[[nodiscard]] bool mayHoldTrace(std::string_view filter, std::uint64_t hash);

/// How many bits each trace sets in a filter; a block's is the best for its 16 bits a trace: 16 ln 2.
inline constexpr unsigned kTraceProbes = 11;
void addTrace(std::string& filter, std::uint64_t hash, unsigned probes);
[[nodiscard]] bool mayHoldTrace(std::string_view filter, std::uint64_t hash, unsigned probes);

} // namespace weir
