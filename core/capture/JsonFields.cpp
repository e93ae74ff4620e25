// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/capture/JsonFields.h"

#include "core/capture/MessageJson.h"

#include <array>
#include <cmath>
#include <cstdio>

namespace weir {
namespace {

std::string numberText(double number, const char* format)
{
    std::array<char, 400> text{};
    const int size = std::snprintf(text.data(), text.size(), format, number);
    return {text.data(), static_cast<std::size_t>(size)};
}

} // namespace

void JsonFields::key(std::string_view name)
{
    m_out += m_first ? "\"" : ",\"";
    m_first = false;
    m_out += name;
    m_out += "\":";
}

void JsonFields::text(std::string_view name, std::string_view value)
{
    key(name);
    appendJsonString(m_out, value);
}

void JsonFields::number(std::string_view name, const std::optional<double>& value)
{
    key(name);
    m_out += value ? numberText(*value, "%.6g") : "null";
}

void JsonFields::count(std::string_view name, const std::optional<std::uint64_t>& value)
{
    key(name);
    m_out += value ? std::to_string(*value) : "null";
}

void JsonFields::truth(std::string_view name, bool value)
{
    key(name);
    m_out += value ? "true" : "false";
}

void JsonFields::micros(std::string_view name, Nanoseconds value)
{
    key(name);
    m_out += value == kNoDuration ? "null" : std::to_string(value.count() / 1000);
}

void JsonFields::time(std::string_view name, Timestamp value)
{
    key(name);
    m_out += value == kNoTime ? "null" : '"' + formatRfc3339(value) + '"';
}

void JsonFields::figures(const std::vector<std::pair<std::string, double>>& all)
{
    for (const auto& [name, value] : all) {
        key(name);
        m_out += numberText(value, value == std::floor(value) ? "%.0f" : "%.6g");
    }
}

void JsonFields::texts(std::string_view name, const std::vector<std::string>& all)
{
    list(name, all, [this](const std::string& each) { appendJsonString(m_out, each); });
}

} // namespace weir
