// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/identity/Nkey.h"

#include <algorithm>
#include <array>
#include <cstdint>

namespace weir {
namespace {

constexpr std::string_view kAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
constexpr std::size_t kTextSize = 56;
constexpr std::size_t kKeySize = 32;
constexpr std::array kKinds{Nkey::Kind::Server,  Nkey::Kind::Cluster, Nkey::Kind::Operator,
                            Nkey::Kind::Account, Nkey::Kind::User,    Nkey::Kind::Curve};

std::uint16_t crc16(std::string_view bytes)
{
    unsigned crc = 0;
    for (const char c : bytes) {
        crc ^= static_cast<unsigned>(static_cast<unsigned char>(c)) << 8;
        for (int bit = 0; bit < 8; ++bit)
            crc = (crc & 0x8000) != 0 ? (crc << 1) ^ 0x1021 : crc << 1;
        crc &= 0xffff;
    }
    return static_cast<std::uint16_t>(crc);
}

} // namespace

std::optional<Nkey> Nkey::decode(std::string_view text)
{
    if (text.size() != kTextSize)
        return std::nullopt;
    std::string bytes;
    unsigned bits = 0;
    unsigned pending = 0;
    for (const char c : text) {
        const std::size_t five = kAlphabet.find(c);
        if (five == std::string_view::npos)
            return std::nullopt;
        bits = (bits << 5 | static_cast<unsigned>(five)) & 0xfff;
        pending += 5;
        if (pending >= 8) {
            pending -= 8;
            bytes.push_back(static_cast<char>(bits >> pending & 0xff));
        }
    }
    const std::uint16_t sum = crc16(std::string_view(bytes).substr(0, kKeySize + 1));
    const auto kind = static_cast<Kind>(static_cast<unsigned char>(bytes[0]));
    if (static_cast<unsigned char>(bytes[kKeySize + 1]) != (sum & 0xff) ||
        static_cast<unsigned char>(bytes[kKeySize + 2]) != sum >> 8 ||
        std::find(kKinds.begin(), kKinds.end(), kind) == kKinds.end())
        return std::nullopt;
    return Nkey{kind, bytes.substr(1, kKeySize)};
}

std::string Nkey::encode() const
{
    std::string bytes(1, static_cast<char>(kind));
    bytes += publicKey;
    const std::uint16_t sum = crc16(bytes);
    bytes.push_back(static_cast<char>(sum & 0xff));
    bytes.push_back(static_cast<char>(sum >> 8));
    std::string text;
    unsigned bits = 0;
    unsigned pending = 0;
    for (const char c : bytes) {
        bits = (bits << 8 | static_cast<unsigned char>(c)) & 0xfff;
        for (pending += 8; pending >= 5; pending -= 5)
            text.push_back(kAlphabet[bits >> (pending - 5) & 31]);
    }
    if (pending > 0)
        text.push_back(kAlphabet[bits << (5 - pending) & 31]);
    return text;
}

} // namespace weir
