// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Time.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace weir {

/// One JSON object, appended field by field; it is closed when this ends. What is not known is null.
class JsonFields
{
public:
    explicit JsonFields(std::string& out) : m_out(out) { m_out += '{'; }
    ~JsonFields() { m_out += '}'; }
    JsonFields(const JsonFields&) = delete;
    JsonFields& operator=(const JsonFields&) = delete;

    void text(std::string_view name, std::string_view value);
    /// Six digits.
    void number(std::string_view name, const std::optional<double>& value);
    void count(std::string_view name, const std::optional<std::uint64_t>& value);
    void truth(std::string_view name, bool value);
    void micros(std::string_view name, Nanoseconds value);
    void time(std::string_view name, Timestamp value); ///< RFC 3339
    /// Counts to the last digit.
    void figures(const std::vector<std::pair<std::string, double>>& all);
    /// Each element is appended to the text by `append`.
    template<typename Range, typename Append>
    void list(std::string_view name, const Range& range, Append&& append)
    {
        key(name);
        m_out += '[';
        const char* comma = "";
        for (const auto& each : range) {
            m_out += comma;
            append(each);
            comma = ",";
        }
        m_out += ']';
    }
    void texts(std::string_view name, const std::vector<std::string>& all);
    /// What comes next is appended to the text by who calls.
    void key(std::string_view name);

private:
    std::string& m_out;
    bool m_first = true;
};

} // namespace weir
