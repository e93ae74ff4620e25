// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>

namespace weir {

/// Looks for some bytes in long stretches of others: by the one of them that is seldom in text, as memchr()
/// goes several times as fast as memmem(); where it turns out not to be seldom, with memmem(). Any thread.
class ByteSearch
{
public:
    /// `wanted` is not empty.
    explicit ByteSearch(std::string wanted);

    [[nodiscard]] bool isIn(std::string_view bytes) const;

private:
    std::string m_wanted;
    std::size_t m_rare = 0;  ///< where its seldom byte stands
    std::size_t m_other = 0; ///< and the most seldom of the others
};

} // namespace weir
