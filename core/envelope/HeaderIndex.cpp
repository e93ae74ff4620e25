// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/envelope/HeaderIndex.h"

namespace weir {
namespace {

char toLower(char c)
{
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c;
}

} // namespace

HeaderIndex::HeaderIndex(const EnvelopeRules& rules)
{
    m_first.fill(kNone);
    for (const auto* sources : {&rules.pop, &rules.worker, &rules.identity, &rules.trace, &rules.sent}) {
        for (const EnvelopeSource& source : *sources) {
            const HeaderMask bit = add(source.header);
            if (source.kind == EnvelopeSource::Kind::Jwt)
                m_tokens |= bit;
        }
    }
    m_secrets = m_tokens;
    for (const std::string& name : rules.redact)
        m_secrets |= add(name);
}

bool HeaderIndex::matches(std::string_view lower, std::string_view name)
{
    for (std::size_t i = 0; i < lower.size(); ++i) {
        if (toLower(name[i]) != lower[i])
            return false;
    }
    return true;
}

HeaderMask HeaderIndex::add(std::string_view name)
{
    if (name.empty() || name.size() > kMaxHeaderName)
        return 0;
    if (const int slot = find(name); slot != kNone)
        return HeaderMask{1} << slot;
    if (m_names.size() == kMaxNames) {
        m_overflowed = true;
        return 0;
    }
    std::string lower(name);
    for (char& c : lower)
        c = toLower(c);
    const auto slot = static_cast<std::int8_t>(m_names.size());
    m_names.push_back({std::move(lower), m_first[name.size()]});
    m_first[name.size()] = slot;
    return HeaderMask{1} << slot;
}

} // namespace weir
