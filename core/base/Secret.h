// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>

namespace weir {

/// A string that must not be printed or stored: wiped when it goes, no stream operator, no implicit copy out.
class Secret
{
public:
    Secret() = default;
    explicit Secret(std::string text) : m_text(std::move(text)) {}
    Secret(const Secret&) = default;
    Secret(Secret&& other) noexcept : m_text(std::move(other.m_text)) { other.wipe(); }
    Secret& operator=(const Secret& other)
    {
        if (this != &other) {
            wipe();
            m_text = other.m_text;
        }
        return *this;
    }
    Secret& operator=(Secret&& other) noexcept
    {
        if (this != &other) {
            wipe();
            m_text = std::move(other.m_text);
            other.wipe();
        }
        return *this;
    }
    ~Secret() { wipe(); }

    [[nodiscard]] bool isEmpty() const { return m_text.empty(); }
    /// The text itself, for handing to the one call that needs it.
    [[nodiscard]] const std::string& reveal() const { return m_text; }
    [[nodiscard]] bool operator==(const Secret&) const = default;

private:
    void wipe() noexcept;
    std::string m_text;
};

} // namespace weir
