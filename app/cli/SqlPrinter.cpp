// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/SqlPrinter.h"
#include "core/base/Wording.h"

#include "core/capture/MessageJson.h"

#include <algorithm>
#include <cerrno>
#include <cstdio>

namespace weir::cli {
namespace {

constexpr std::size_t kKept = 200;           ///< rows that are looked at before the first is printed
constexpr std::size_t kShownBytes = 120;     ///< of a value, as text
constexpr std::size_t kFlushed = 64U << 10U; ///< bytes

std::size_t widthOf(std::string_view text)
{
    return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) {
        return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; // characters, not bytes
    }));
}

std::string hexLiteral(std::string_view bytes)
{
    constexpr std::string_view kDigits = "0123456789abcdef";
    std::string text = "x'";
    for (const char c : bytes) {
        text += kDigits[static_cast<unsigned char>(c) >> 4U];
        text += kDigits[static_cast<unsigned char>(c) & 15U];
    }
    return text + "'";
}

/// JSON knows no infinity.
bool isNumber(const SqlCell& cell)
{
    return (cell.kind == SqlCell::Kind::Integer || cell.kind == SqlCell::Kind::Real) &&
           cell.bytes.find('I') == std::string_view::npos;
}

} // namespace

bool SqlPrinter::begin(const std::vector<std::string>& columns)
{
    m_columns = columns;
    m_anyRow = m_aligned = false;
    if (m_format == Format::Csv) {
        for (const std::string& column : columns)
            m_text += (&column == &columns.front() ? "" : ",") + csvField(column);
        m_text += "\r\n";
    } else if (m_format == Format::Json) {
        m_text += '[';
    } else if (m_format == Format::Text) {
        m_text += m_anyResult ? "\n" : "";
        m_widths.clear();
        Line head;
        for (const std::string& column : columns) {
            head.push_back({printable(column), widthOf(printable(column)), false});
            m_widths.push_back(head.back().width);
        }
        m_kept.push_back(std::move(head));
    }
    m_anyResult = true;
    return true;
}

bool SqlPrinter::row(const std::vector<SqlCell>& cells)
{
    switch (m_format) {
    case Format::Text:
        keep(cells);
        break;
    case Format::Csv:
        appendCsv(cells);
        break;
    case Format::Json:
        m_text += m_anyRow ? ",\n" : "\n";
        appendObject(cells);
        break;
    case Format::Ndjson:
        appendObject(cells);
        m_text += '\n';
        break;
    }
    m_anyRow = true;
    return m_text.size() < kFlushed || flush();
}

bool SqlPrinter::end()
{
    if (m_format == Format::Json)
        m_text += "\n]\n";
    appendKept();
    if (flush() && std::fflush(stdout) != 0) // the next statement may take long
        m_problem = errno;
    return m_problem == 0;
}

SqlPrinter::Shown SqlPrinter::shown(const SqlCell& cell)
{
    if (cell.kind == SqlCell::Kind::Null)
        return {"-", 1, false};
    const std::string_view front = shortened(cell.bytes, kShownBytes);
    Shown made{printable(front), 0, cell.kind == SqlCell::Kind::Integer || cell.kind == SqlCell::Kind::Real};
    if (front.size() < cell.bytes.size())
        made.text += "… (" + bytesForPeople(cell.bytes.size()) + ")";
    made.width = widthOf(made.text);
    return made;
}

void SqlPrinter::keep(const std::vector<SqlCell>& cells)
{
    Line line;
    for (const SqlCell& cell : cells)
        line.push_back(shown(cell));
    if (m_aligned) {
        append(line);
        return;
    }
    for (std::size_t column = 0; column < line.size(); ++column)
        m_widths[column] = std::max(m_widths[column], line[column].width);
    m_kept.push_back(std::move(line));
    if (m_kept.size() > kKept)
        appendKept();
}

void SqlPrinter::appendKept()
{
    m_aligned = true;
    for (const Line& line : m_kept)
        append(line);
    m_kept.clear();
}

void SqlPrinter::append(const Line& line)
{
    for (std::size_t column = 0; column < line.size(); ++column) {
        const Shown& cell = line[column];
        const std::size_t gap = cell.width < m_widths[column] ? m_widths[column] - cell.width : 0;
        const bool last = column + 1 == line.size();
        m_text += column == 0 ? "" : "  ";
        m_text.append(cell.right ? gap : 0, ' ');
        m_text += cell.text;
        m_text.append(cell.right || last ? 0 : gap, ' ');
    }
    m_text += '\n';
}

void SqlPrinter::appendCsv(const std::vector<SqlCell>& cells)
{
    for (std::size_t column = 0; column < cells.size(); ++column) {
        m_text += column == 0 ? "" : ",";
        m_text += cells[column].kind == SqlCell::Kind::Blob ? hexLiteral(cells[column].bytes)
                                                            : csvField(cells[column].bytes);
    }
    m_text += "\r\n";
}

void SqlPrinter::appendObject(const std::vector<SqlCell>& cells)
{
    m_text += '{';
    for (std::size_t column = 0; column < cells.size(); ++column) {
        const SqlCell& cell = cells[column];
        const bool blob = cell.kind == SqlCell::Kind::Blob;
        m_text += column == 0 ? "" : ",";
        appendJsonString(m_text, m_columns[column] + (blob ? "_base64" : ""));
        m_text += ':';
        if (isNumber(cell))
            m_text += cell.bytes;
        else if (blob)
            m_text += '"' + toBase64(cell.bytes) + '"';
        else if (cell.kind == SqlCell::Kind::Text)
            appendJsonString(m_text, cell.bytes);
        else
            m_text += "null";
    }
    m_text += '}';
}

bool SqlPrinter::flush()
{
    if (m_problem == 0 && std::fwrite(m_text.data(), 1, m_text.size(), stdout) != m_text.size())
        m_problem = errno;
    m_text.clear();
    return m_problem == 0;
}

} // namespace weir::cli
