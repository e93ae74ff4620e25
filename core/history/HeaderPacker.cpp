// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/history/HeaderPacker.h"

#include "core/history/NumberColumn.h"

#include <algorithm>

namespace weir {
namespace {

constexpr std::size_t kMaxTemplates = 256; ///< more shapes than that are no shapes
constexpr std::size_t kMaxGaps = 48;
constexpr std::size_t kMaxLiteral = 4096; ///< bytes of one template
constexpr std::size_t kTries = 8;         ///< templates compared before the index is asked

/// Puts one line, without its end, into the last literal, and its value into a gap.
void cutLine(std::string_view line, std::vector<std::string>& literals, std::vector<std::string_view>& gaps)
{
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos) {
        literals.back() += line;
        return;
    }
    const std::size_t value = std::min(line.find_first_not_of(' ', colon + 1), line.size());
    literals.back() += line.substr(0, value);
    gaps.push_back(line.substr(value));
    literals.emplace_back();
}

/// Cuts a header block at its values; false when it is not one, or too long to be worth it.
bool cut(std::string_view headers, std::vector<std::string>& literals, std::vector<std::string_view>& gaps)
{
    literals.assign(1, {});
    gaps.clear();
    for (std::size_t at = 0; at < headers.size();) {
        const std::size_t end = headers.find('\r', at);
        if (end == std::string_view::npos)
            return false;
        if (at == 0)
            literals.back() += headers.substr(0, end); // NATS/1.0 and a status
        else
            cutLine(headers.substr(at, end - at), literals, gaps);
        const std::string_view lineEnd = headers.substr(end).starts_with("\r\n") ? "\r\n" : "\r";
        literals.back() += lineEnd;
        at = end + lineEnd.size();
        if (gaps.size() > kMaxGaps || literals.back().size() > kMaxLiteral)
            return false;
    }
    return true;
}

} // namespace

HeaderPacker::HeaderPacker()
{
    m_templates.emplace_back().literals = {"", ""};
    m_templates.back().values.resize(1);
}

void HeaderPacker::append(std::span<const std::string_view> headers, std::span<const std::string_view> traces,
                          std::string& out)
{
    for (std::size_t row = 0; row < headers.size(); ++row) {
        m_last = templateFor(headers[row], traces[row]);
        keep(m_last);
    }
    write(out);
    forgetBlock();
}

std::size_t HeaderPacker::templateFor(std::string_view headers, std::string_view trace)
{
    if (m_last != 0 && match(m_templates[m_last], headers, trace))
        return m_last;
    for (std::size_t i = 0; i < std::min(m_used.size(), kTries); ++i) {
        if (m_used[i] != 0 && m_used[i] != m_last && match(m_templates[m_used[i]], headers, trace))
            return m_used[i];
    }
    const std::size_t learnt = learn(headers, trace);
    if (learnt != 0 && match(m_templates[learnt], headers, trace))
        return learnt;
    m_gaps.assign(1, headers);
    return 0;
}

bool HeaderPacker::match(const Template& candidate, std::string_view headers, std::string_view trace)
{
    if (trace.empty() != (candidate.trace == Trace::None))
        return false;
    m_gaps.clear();
    const std::size_t gaps = candidate.literals.size() - 1;
    for (std::size_t gap = 0; gap < gaps; ++gap) {
        if (!headers.starts_with(candidate.literals[gap]))
            return false;
        headers.remove_prefix(candidate.literals[gap].size());
        std::size_t length = 0;
        if (candidate.trace == Trace::Inside && gap == candidate.traceGap) {
            if (!headers.starts_with(trace))
                return false;
            length = trace.size();
        } else if (candidate.trace == Trace::Inside && gap + 1 == candidate.traceGap) {
            length = candidate.traceOffset;
            if (headers.substr(0, length).find('\r') != std::string_view::npos)
                return false;
        } else {
            length = headers.find('\r');
        }
        if (length > headers.size())
            return false;
        m_gaps.push_back(headers.substr(0, length));
        headers.remove_prefix(length);
    }
    return headers == candidate.literals.back();
}

std::string HeaderPacker::keyOf(const Template& made)
{
    std::string key(1, static_cast<char>(made.trace));
    appendVarint(key, made.traceGap);
    appendVarint(key, made.traceOffset);
    for (const std::string& literal : made.literals) {
        appendVarint(key, literal.size());
        key += literal;
    }
    return key;
}

std::size_t HeaderPacker::learn(std::string_view headers, std::string_view trace)
{
    Template made;
    if (!cut(headers, made.literals, m_gaps))
        return 0;
    made.trace = trace.empty() ? Trace::None : Trace::Elsewhere;
    for (std::size_t gap = 0; gap < m_gaps.size() && made.trace == Trace::Elsewhere; ++gap) {
        const std::size_t offset = m_gaps[gap].find(trace);
        if (offset == std::string_view::npos)
            continue;
        made.trace = Trace::Inside;
        made.traceOffset = offset;
        made.traceGap = gap + 1; // behind the part of the value before it
        made.literals.insert(made.literals.begin() + static_cast<std::ptrdiff_t>(gap) + 1, 2, {});
    }
    std::string key = keyOf(made);
    const auto found = m_index.find(key);
    if (found != m_index.end())
        return found->second;
    if (m_templates.size() >= kMaxTemplates)
        return 0;
    made.values.resize(made.literals.size() - 1);
    m_templates.push_back(std::move(made));
    m_index.emplace(std::move(key), m_templates.size() - 1);
    return m_templates.size() - 1;
}

void HeaderPacker::keep(std::size_t index)
{
    Template& mine = m_templates[index];
    if (!mine.used) {
        mine.used = true;
        mine.number = static_cast<std::uint32_t>(m_used.size());
        m_used.push_back(index);
    }
    m_rows.push_back(mine.number);
    for (std::size_t gap = 0; gap < m_gaps.size(); ++gap)
        mine.values[gap].push_back(m_gaps[gap]);
}

void HeaderPacker::write(std::string& out)
{
    appendVarint(out, m_used.size());
    for (const std::size_t index : m_used) {
        const Template& one = m_templates[index];
        appendVarint(out, one.literals.size());
        appendVarint(out, one.trace == Trace::Inside ? one.traceGap + 1 : 0);
        for (const std::string& literal : one.literals) {
            appendVarint(out, literal.size());
            out += literal;
        }
    }
    appendPlanes(m_rows, out);
    for (const std::size_t index : m_used) {
        const Template& one = m_templates[index];
        for (std::size_t gap = 0; gap < one.values.size(); ++gap) {
            if (one.trace != Trace::Inside || gap != one.traceGap)
                appendValues(one.values[gap], out);
        }
    }
}

void HeaderPacker::forgetBlock()
{
    for (const std::size_t index : m_used) {
        m_templates[index].used = false;
        for (auto& values : m_templates[index].values)
            values.clear();
    }
    m_used.clear();
    m_rows.clear();
    if (m_templates.size() < kMaxTemplates)
        return;
    m_templates.erase(m_templates.begin() + 1, m_templates.end());
    m_index.clear();
    m_last = 0;
}

} // namespace weir
