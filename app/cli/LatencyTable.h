// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/cli/Output.h"
#include "core/envelope/Names.h"
#include "core/history/Rollup.h"
#include "core/latency/Histogram.h"

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>

namespace weir::cli {

enum class LatencyBy { Pop, Worker, Identity, Subject };

/// What the messages of one PoP (or whatever it is by) add up to.
struct LatencyFigures
{
    std::uint64_t count = 0;
    std::uint64_t bytes = 0;
    std::uint64_t errors = 0;
    std::uint64_t unknown = 0;
    std::uint64_t skewed = 0;
    Histogram latencies;

    void add(const RollupSlot& slot, const RollupCell& cell);
};

/// The figures of a stretch of time by name, and how they are printed: a table for people, rows for machines.
class LatencyTable
{
public:
    LatencyTable(LatencyBy by, Format format) : m_by(by), m_format(format) {}

    void add(const RollupSlot& slot, const Names& names);
    [[nodiscard]] bool isEmpty() const { return m_figures.empty(); }
    /// Prints what was added as that of [from, to), and forgets it. No time is kNoTime.
    void print(Timestamp from, Timestamp to);
    /// What comes after the last one.
    void finish();

private:
    void printText(Timestamp from, Timestamp to) const;
    void printRow(const std::string& name, const LatencyFigures& figures, Timestamp from, Timestamp to);

    LatencyBy m_by;
    Format m_format;
    std::map<std::string, std::unique_ptr<LatencyFigures>> m_figures; ///< by name
    bool m_any = false;                                               ///< something was printed
};

} // namespace weir::cli
