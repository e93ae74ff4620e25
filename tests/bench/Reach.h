// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdio>
#include <string>

namespace weir::bench {

/// Prints each figure beside what it must reach, and remembers whether one did not.
class Reach
{
public:
    void atMost(const std::string& what, double figure, double reach)
    {
        tell(what, figure, "<=", reach, figure <= reach);
    }
    void atLeast(const std::string& what, double figure, double reach)
    {
        tell(what, figure, ">=", reach, figure >= reach);
    }
    [[nodiscard]] bool missed() const { return m_missed; }

private:
    void tell(const std::string& what, double figure, const char* relation, double reach, bool met)
    {
        std::printf("%-66s %9.3g  (%s %g)  %s\n", what.c_str(), figure, relation, reach,
                    met ? "reached" : "MISSED");
        std::fflush(stdout);
        m_missed = m_missed || !met;
    }

    bool m_missed = false;
};

} // namespace weir::bench
