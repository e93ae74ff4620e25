// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstring>
#include <string_view>

namespace weir {

/// Walks a NATS header block as it stands on the wire, `NATS/1.0[ status]\r\nName: value\r\n…\r\n`
/// (nats-server v2.9.10, server/client.go; ADR-4). Views only, no allocation. Lines that are not headers (no
/// colon, an empty name) are told apart, not dropped: a broken proxy's bytes are evidence too.
class HeaderBlock
{
public:
    struct Line
    {
        std::string_view name;  ///< as written; empty when the line is not a header
        std::string_view value; ///< without the spaces around it; the whole line when it is not a header
    };

    explicit HeaderBlock(std::string_view block) : m_rest(block)
    {
        if (m_rest.starts_with("NATS/1.0"))
            m_status = takeLine().substr(8);
    }

    /// What follows `NATS/1.0` on its line, e.g. ` 503`; empty for ordinary messages.
    [[nodiscard]] std::string_view status() const { return m_status; }

    /// What is not walked yet; at first all lines after `NATS/1.0`.
    [[nodiscard]] std::string_view lines() const { return m_rest; }

    /// The next line in `line`; false at the end of the block.
    [[nodiscard]] bool next(Line& line)
    {
        while (!m_rest.empty()) {
            const std::string_view text = takeLine();
            if (text.empty())
                continue;
            const std::size_t colon = text.find(':');
            if (colon == std::string_view::npos || colon == 0)
                line = {{}, text};
            else
                line = {text.substr(0, colon), trimmed(text.substr(colon + 1))};
            return true;
        }
        return false;
    }

private:
    static std::string_view trimmed(std::string_view text)
    {
        while (!text.empty() && (text.front() == ' ' || text.front() == '\t'))
            text.remove_prefix(1);
        while (!text.empty() && (text.back() == ' ' || text.back() == '\t'))
            text.remove_suffix(1);
        return text;
    }

    std::string_view takeLine()
    {
        std::size_t end = 0;
        std::size_t from = 0;
        // A lone CR or LF belongs to a value; only both together end a line.
        while (true) {
            const void* found = from < m_rest.size()
                                    ? std::memchr(m_rest.data() + from, '\r', m_rest.size() - from)
                                    : nullptr;
            if (found == nullptr) {
                const std::string_view line = m_rest;
                m_rest = {};
                return line;
            }
            end = static_cast<std::size_t>(static_cast<const char*>(found) - m_rest.data());
            if (end + 1 < m_rest.size() && m_rest[end + 1] == '\n')
                break;
            from = end + 1;
        }
        const std::string_view line = m_rest.substr(0, end);
        m_rest.remove_prefix(end + 2);
        return line;
    }

    std::string_view m_rest;
    std::string_view m_status;
};

} // namespace weir
