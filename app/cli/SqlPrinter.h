// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/cli/Output.h"
#include "core/sql/SqlSession.h"

#include <string>
#include <vector>

namespace weir::cli {

/// Prints results on stdout as they come. As text: columns as wide as the first rows want, long values cut.
class SqlPrinter : public SqlSink
{
public:
    explicit SqlPrinter(Format format) : m_format(format) {}

    bool begin(const std::vector<std::string>& columns) override;
    bool row(const std::vector<SqlCell>& cells) override;
    bool end() override;
    /// Of the write that failed; 0: none did.
    [[nodiscard]] int problem() const { return m_problem; }

private:
    struct Shown
    {
        std::string text;
        std::size_t width = 0; ///< in characters
        bool right = false;    ///< numbers
    };
    using Line = std::vector<Shown>;

    [[nodiscard]] static Shown shown(const SqlCell& cell);
    void appendCsv(const std::vector<SqlCell>& cells);
    void appendObject(const std::vector<SqlCell>& cells);
    void keep(const std::vector<SqlCell>& cells);
    void appendKept();
    void append(const Line& line);
    bool flush();

    Format m_format;
    std::vector<std::string> m_columns;
    std::vector<std::size_t> m_widths;
    std::vector<Line> m_kept; ///< of text: what the widths are made of
    bool m_aligned = false;   ///< the widths stand
    bool m_anyRow = false;
    bool m_anyResult = false;
    std::string m_text;
    int m_problem = 0;
};

} // namespace weir::cli
