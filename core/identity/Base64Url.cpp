// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/identity/Base64Url.h"

#include <array>
#include <openssl/evp.h>

namespace weir {
namespace {

constexpr std::string_view kAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

constexpr std::array<signed char, 256> decoding()
{
    std::array<signed char, 256> table{};
    table.fill(-1);
    for (std::size_t i = 0; i < kAlphabet.size(); ++i)
        table[static_cast<unsigned char>(kAlphabet[i])] = static_cast<signed char>(i);
    return table;
}
constexpr auto kDecoding = decoding();

} // namespace

std::optional<std::string> decodeBase64Url(std::string_view text)
{
    if (text.size() % 4 == 1)
        return std::nullopt;
    std::string bytes;
    bytes.reserve(text.size() * 3 / 4);
    unsigned bits = 0;
    unsigned pending = 0;
    for (const char c : text) {
        const int six = kDecoding[static_cast<unsigned char>(c)];
        if (six < 0)
            return std::nullopt;
        bits = (bits << 6 | static_cast<unsigned>(six)) & 0xffffff;
        pending += 6;
        if (pending >= 8) {
            pending -= 8;
            bytes.push_back(static_cast<char>(bits >> pending & 0xff));
        }
    }
    // Left-over bits must be zero, or one signature could be written in several ways.
    if ((bits & ((1u << pending) - 1)) != 0)
        return std::nullopt;
    return bytes;
}

std::string encodeBase64Url(std::string_view bytes)
{
    std::string text;
    text.reserve((bytes.size() * 4 + 2) / 3);
    unsigned bits = 0;
    unsigned pending = 0;
    for (const char c : bytes) {
        bits = (bits << 8 | static_cast<unsigned char>(c)) & 0xffff;
        for (pending += 8; pending >= 6; pending -= 6)
            text.push_back(kAlphabet[bits >> (pending - 6) & 63]);
    }
    if (pending > 0)
        text.push_back(kAlphabet[bits << (6 - pending) & 63]);
    return text;
}

std::string sha256Hex(std::string_view bytes)
{
    std::array<unsigned char, 32> digest{};
    unsigned size = 0;
    EVP_Digest(bytes.data(), bytes.size(), digest.data(), &size, EVP_sha256(), nullptr);
    std::string hex;
    hex.reserve(64);
    for (const unsigned char byte : digest) {
        hex.push_back("0123456789abcdef"[byte >> 4]);
        hex.push_back("0123456789abcdef"[byte & 15]);
    }
    return hex;
}

} // namespace weir
