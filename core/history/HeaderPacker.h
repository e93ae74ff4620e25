// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/history/Bytes.h"
#include "core/history/ValueList.h"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace weir {

/// Packs raw header blocks: what repeats from message to message (names, order, punctuation) is kept once
/// as a template, values lie together slot by slot, and the trace id, which has a column of its own, is left
/// out. Any bytes come back exactly (FORMAT.md, "Headers"). One thread; learns templates from block to
/// block.
class HeaderPacker
{
public:
    HeaderPacker();
    /// `traces[i]` is the trace id of row i, empty if none.
    void append(std::span<const std::string_view> headers, std::span<const std::string_view> traces,
                std::string& out);

private:
    enum class Trace : std::uint8_t { None, Inside, Elsewhere };
    struct Template
    {
        std::vector<std::string> literals; ///< around the gaps: one more than those
        Trace trace = Trace::None;
        std::size_t traceGap = 0;    ///< Inside: which gap the trace id fills
        std::size_t traceOffset = 0; ///< Inside: how long the value before it is
        // Of the present block:
        std::uint32_t number = 0;                          ///< its place in the block's list
        std::vector<std::vector<std::string_view>> values; ///< by gap; the trace's stays empty
        bool used = false;
    };

    [[nodiscard]] std::size_t templateFor(std::string_view headers, std::string_view trace);
    [[nodiscard]] bool match(const Template& candidate, std::string_view headers, std::string_view trace);
    [[nodiscard]] std::size_t learn(std::string_view headers, std::string_view trace);
    [[nodiscard]] static std::string keyOf(const Template& made);
    void keep(std::size_t index);
    void write(std::string& out);
    void forgetBlock();

    std::deque<Template> m_templates; ///< the first takes anything, whole
    std::unordered_map<std::string, std::size_t> m_index;
    std::vector<std::size_t> m_used;      ///< templates of this block, in order of first use
    std::vector<std::uint32_t> m_rows;    ///< each row's template, by its place in m_used
    std::vector<std::string_view> m_gaps; ///< of the message that match() just read
    std::size_t m_last = 0;
};

} // namespace weir
