// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/broker/ProfileText.h"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <cstdio>
#include <cstdlib>

namespace weir {
namespace {

bool isNameChar(char c)
{
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_';
}

std::string variable(const std::string& name)
{
    const char* value = std::getenv(name.c_str());
    return value != nullptr ? value : "";
}

} // namespace

std::string expandPath(std::string_view path)
{
    std::string text;
    if (path == "~" || path.starts_with("~/")) {
        text = variable("HOME");
        path.remove_prefix(1);
    }
    for (std::size_t i = 0; i < path.size();) {
        if (path[i] != '$') {
            text += path[i++];
            continue;
        }
        const bool braced = i + 1 < path.size() && path[i + 1] == '{';
        const std::size_t begin = i + (braced ? 2 : 1);
        std::size_t end = begin;
        while (end < path.size() && isNameChar(path[end]))
            ++end;
        text += end == begin ? std::string(path.substr(i, begin - i))
                             : variable(std::string(path.substr(begin, end - begin)));
        i = end + (braced && end < path.size() && path[end] == '}' ? 1 : 0);
    }
    return text;
}

std::string uriScheme(std::string_view text)
{
    const std::size_t mark = text.find("://");
    if (mark == std::string_view::npos || mark == 0)
        return text.starts_with("data:") ? "data" : "";
    const std::string_view scheme = text.substr(0, mark);
    return std::all_of(scheme.begin(), scheme.end(), isNameChar) ? std::string(scheme) : "";
}

std::vector<std::string> splitUrls(std::string_view list)
{
    std::vector<std::string> urls;
    while (!list.empty()) {
        const std::size_t comma = std::min(list.find(','), list.size());
        std::string_view url = list.substr(0, comma);
        while (!url.empty() && std::isspace(static_cast<unsigned char>(url.front())) != 0)
            url.remove_prefix(1);
        while (!url.empty() && std::isspace(static_cast<unsigned char>(url.back())) != 0)
            url.remove_suffix(1);
        if (!url.empty())
            urls.emplace_back(url);
        list.remove_prefix(std::min(comma + 1, list.size()));
    }
    return urls;
}

std::string jsonEscaped(std::string_view text)
{
    std::string out;
    out.reserve(text.size());
    for (const char c : text) {
        if (c == '"' || c == '\\') {
            out += '\\';
            out += c;
        } else if (static_cast<unsigned char>(c) < 0x20) {
            char code[8];
            std::snprintf(code, sizeof code, "\\u%04x", static_cast<unsigned>(c));
            out += code;
        } else {
            out += c;
        }
    }
    return out;
}

std::string percentDecoded(std::string_view text)
{
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        unsigned value = 0;
        if (text[i] == '%' && i + 2 < text.size()) {
            const char* end = text.data() + i + 3;
            if (std::from_chars(text.data() + i + 1, end, value, 16).ptr == end) {
                out += static_cast<char>(value);
                i += 2;
                continue;
            }
        }
        out += text[i];
    }
    return out;
}

} // namespace weir
