// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

namespace weir {

static_assert(std::endian::native == std::endian::little, "the format is little-endian; so is this code");

/// Small signed numbers as small unsigned ones: 0, -1, 1, -2, … → 0, 1, 2, 3, …
[[nodiscard]] constexpr std::uint64_t zigzag(std::uint64_t difference)
{
    return (difference << 1U) ^ (0U - (difference >> 63U));
}
[[nodiscard]] constexpr std::uint64_t unzigzag(std::uint64_t coded)
{
    return (coded >> 1U) ^ (0U - (coded & 1U));
}

/// Writes `value` as LEB128 to `at`, which has room for 10 bytes; returns the place after it.
inline char* writeVarint(char* at, std::uint64_t value)
{
    while (value >= 0x80U) {
        *at++ = static_cast<char>(value | 0x80U);
        value >>= 7U;
    }
    *at++ = static_cast<char>(value);
    return at;
}

inline constexpr std::size_t kMaxVarint = 10;

inline void appendVarint(std::string& out, std::uint64_t value)
{
    char room[kMaxVarint];
    out.append(room, static_cast<std::size_t>(writeVarint(room, value) - room));
}

template<typename T>
void appendFixed(std::string& out, T value)
{
    char room[sizeof(T)];
    std::memcpy(room, &value, sizeof value);
    out.append(room, sizeof value);
}

/// Reads what the writers above wrote, never past the end. After a read that ran out `ok()` is false and
/// everything read is 0 or empty: check once, at the end.
class ByteReader
{
public:
    explicit ByteReader(std::string_view bytes) : m_at(bytes.data()), m_end(bytes.data() + bytes.size()) {}

    [[nodiscard]] std::uint64_t varint()
    {
        if (m_at < m_end && static_cast<unsigned char>(*m_at) < 0x80U)
            return static_cast<unsigned char>(*m_at++);
        return longVarint();
    }
    template<typename T>
    [[nodiscard]] T fixed()
    {
        T value{};
        const std::string_view bytes = take(sizeof(T));
        if (bytes.size() == sizeof(T))
            std::memcpy(&value, bytes.data(), sizeof value);
        return value;
    }
    [[nodiscard]] std::string_view take(std::uint64_t count)
    {
        if (count > left()) {
            fail();
            return {};
        }
        const std::string_view taken(m_at, count);
        m_at += count;
        return taken;
    }
    [[nodiscard]] std::size_t left() const { return static_cast<std::size_t>(m_end - m_at); }
    [[nodiscard]] bool ok() const { return m_ok; }
    /// Everything was read and nothing is left over.
    [[nodiscard]] bool done() const { return m_ok && m_at == m_end; }
    void fail()
    {
        m_ok = false;
        m_at = m_end;
    }

private:
    [[nodiscard]] std::uint64_t longVarint()
    {
        std::uint64_t value = 0;
        for (unsigned shift = 0; shift < 64 && m_at < m_end; shift += 7) {
            const auto byte = static_cast<unsigned char>(*m_at++);
            value |= static_cast<std::uint64_t>(byte & 0x7FU) << shift;
            if (byte < 0x80U)
                return value;
        }
        fail();
        return 0;
    }

    const char* m_at;
    const char* m_end;
    bool m_ok = true;
};

} // namespace weir
