// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/envelope/HeaderIndex.h"

#include <array>
#include <string_view>
#include <vector>

namespace weir {

/// A stretch of a header block that must not be stored.
struct Redaction
{
    std::string_view text;  ///< what is taken out, a view of the block
    std::string_view token; ///< the JWT or bearer token in it, empty where there is none
};

/// One pass over a raw header block: the first value of each wanted header, and every secret in it.
/// Views are of the block. Nothing is refused: a block without CRLF, with NUL bytes, colonless lines or
/// 10,000 headers is read as far as it goes. Reused from message to message; allocates only when a message
/// has more secrets than any before.
class HeaderScan
{
public:
    /// `keepsRedacted`: what EnvelopeReader has put in place of a secret before is no secret.
    HeaderScan(const HeaderIndex& index, bool keepsRedacted) : m_index(index), m_keepsRedacted(keepsRedacted)
    {
    }

    void run(std::string_view block);

    /// The first value of a wanted header, spaces trimmed; empty where it is absent.
    [[nodiscard]] std::string_view value(int slot) const
    {
        return has(slot) ? m_values[static_cast<std::size_t>(slot)] : std::string_view{};
    }
    [[nodiscard]] bool has(int slot) const { return slot >= 0 && (m_seen >> slot & 1) != 0; }
    /// The name of a wanted header as the message writes it.
    [[nodiscard]] std::string_view writtenName(int slot) const
    {
        return m_names[static_cast<std::size_t>(slot)];
    }
    /// Whether a wanted header came more than once.
    [[nodiscard]] bool isRepeated(int slot) const { return slot >= 0 && (m_repeated >> slot & 1) != 0; }
    /// In order of place, without overlaps.
    [[nodiscard]] const std::vector<Redaction>& redactions() const { return m_redactions; }
    /// Whether `view` (of the block) has a secret in it.
    [[nodiscard]] bool isSecret(std::string_view view) const;

private:
    void readLine(std::string_view line);
    void takeBearer(std::string_view value);
    void redact(std::string_view value);
    void takeTokens(const char* stop);

    const HeaderIndex& m_index;
    const bool m_keepsRedacted;
    std::array<std::string_view, HeaderIndex::kMaxNames> m_values;
    std::array<std::string_view, HeaderIndex::kMaxNames> m_names;
    HeaderMask m_seen = 0;
    HeaderMask m_repeated = 0;
    std::vector<Redaction> m_redactions;
    std::string_view
        m_nextToken; ///< the next thing that looks like a JWT; empty at the end when none is left
    const char* m_end = nullptr;
    bool m_inSecret = false; ///< the line before belongs to a secret header (folded lines follow it)
};

/// The first run in `text` that looks like a JWT: begins `eyJ`, of base64url characters, with at least two
/// dots. Empty (at the end of `text`) when there is none.
[[nodiscard]] std::string_view findJwt(std::string_view text);

/// The credential of `Bearer TOKEN` (the scheme in any case, RFC 6750 section 2.1), or of a value that is
/// itself a JWT; else empty.
[[nodiscard]] std::string_view bearerToken(std::string_view value);

} // namespace weir
