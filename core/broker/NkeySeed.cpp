// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/broker/NkeySeed.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>

#include <array>
#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

namespace weir {
namespace {

constexpr std::string_view kAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
constexpr std::size_t kSeedText = 58;
constexpr std::size_t kSeedBytes = 36; // two prefix bytes, 32 of the seed, two of the CRC

std::uint16_t crc16(const std::uint8_t* bytes, std::size_t size)
{
    std::uint16_t crc = 0;
    for (std::size_t i = 0; i < size; ++i) {
        crc = static_cast<std::uint16_t>(crc ^ (bytes[i] << 8));
        for (int bit = 0; bit < 8; ++bit)
            crc = static_cast<std::uint16_t>((crc & 0x8000) != 0 ? (crc << 1) ^ 0x1021 : crc << 1);
    }
    return crc;
}

bool decode32(std::string_view text, std::array<std::uint8_t, kSeedBytes>& out)
{
    std::uint32_t bits = 0;
    int held = 0;
    std::size_t at = 0;
    for (const char c : text) {
        const std::size_t value = kAlphabet.find(c);
        if (value == std::string_view::npos)
            return false;
        bits = (bits << 5) | static_cast<std::uint32_t>(value);
        held += 5;
        if (held >= 8 && at < out.size()) {
            held -= 8;
            out[at++] = static_cast<std::uint8_t>(bits >> held);
        }
    }
    return at == out.size();
}

std::string encode32(const std::vector<std::uint8_t>& bytes)
{
    std::string text;
    std::uint32_t bits = 0;
    int held = 0;
    for (const std::uint8_t byte : bytes) {
        bits = (bits << 8) | byte;
        held += 8;
        while (held >= 5) {
            held -= 5;
            text += kAlphabet[(bits >> held) & 31];
        }
    }
    if (held > 0)
        text += kAlphabet[(bits << (5 - held)) & 31];
    return text;
}

Error badSeed(const std::string& why)
{
    return {ErrorCode::Format, "reading the nkey seed", why, "get a fresh creds file or seed for this user"};
}

using Pair = std::unique_ptr<EVP_PKEY, void (*)(EVP_PKEY*)>;

struct Nkey
{
    std::uint8_t kind;
    Pair pair;
};

Result<Nkey> readSeed(const Secret& seed)
{
    const std::string& text = seed.reveal();
    std::array<std::uint8_t, kSeedBytes> raw{};
    if (text.size() != kSeedText || !decode32(text, raw))
        return badSeed("the seed is not one: cut off or mistyped");
    const std::uint8_t kind = static_cast<std::uint8_t>(((raw[0] & 7) << 5) | (raw[1] >> 3));
    const std::uint16_t crc = static_cast<std::uint16_t>(raw[34] | (raw[35] << 8));
    const bool sound = (raw[0] & 0xF8) == 144 && crc == crc16(raw.data(), 34);
    Pair pair(EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nullptr, raw.data() + 2, 32), EVP_PKEY_free);
    OPENSSL_cleanse(raw.data(), raw.size());
    if (!sound || !pair)
        return badSeed("the seed's checksum is wrong: cut off or mistyped");
    return Nkey{kind, std::move(pair)};
}

} // namespace

Result<std::string> nkeyPublicKey(const Secret& seed)
{
    const Result<Nkey> nkey = readSeed(seed);
    if (!nkey)
        return nkey.error();
    std::vector<std::uint8_t> key{nkey->kind};
    key.resize(33);
    std::size_t size = 32;
    if (EVP_PKEY_get_raw_public_key(nkey->pair.get(), key.data() + 1, &size) != 1)
        return badSeed("OpenSSL makes no key of it");
    const std::uint16_t sum = crc16(key.data(), key.size());
    key.push_back(static_cast<std::uint8_t>(sum));
    key.push_back(static_cast<std::uint8_t>(sum >> 8));
    return encode32(key);
}

Result<std::string> nkeySign(const Secret& seed, std::string_view text)
{
    const Result<Nkey> nkey = readSeed(seed);
    if (!nkey)
        return nkey.error();
    const std::unique_ptr<EVP_MD_CTX, void (*)(EVP_MD_CTX*)> context(EVP_MD_CTX_new(), EVP_MD_CTX_free);
    std::string signature(64, '\0');
    std::size_t size = signature.size();
    const bool done = EVP_DigestSignInit(context.get(), nullptr, nullptr, nullptr, nkey->pair.get()) == 1 &&
                      EVP_DigestSign(context.get(), reinterpret_cast<unsigned char*>(signature.data()), &size,
                                     reinterpret_cast<const unsigned char*>(text.data()), text.size()) == 1;
    if (!done)
        return badSeed("OpenSSL cannot sign with it");
    return signature;
}

} // namespace weir
