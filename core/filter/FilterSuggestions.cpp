// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/filter/FilterSuggestions.h"

#include "core/envelope/Names.h"
#include "core/filter/FilterCursor.h"
#include "core/filter/FilterTerm.h"

#include <algorithm>
#include <array>
#include <set>

namespace weir {
namespace {

using Kind = FilterSuggestion::Kind;

/// Names looked through at most: a completer must answer while someone types.
constexpr std::uint32_t kMaxNames = 50'000;

std::size_t byteOf(std::string_view text, std::size_t character)
{
    std::size_t at = 0;
    for (; at < text.size(); ++at) {
        if ((static_cast<unsigned char>(text[at]) & 0xC0U) != 0x80U && character-- == 0)
            break;
    }
    return at;
}

std::size_t charactersOf(std::string_view text)
{
    return static_cast<std::size_t>(std::count_if(
        text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

std::string quotedIfNeeded(const std::string& value)
{
    const bool emptyToken = value.starts_with('.') || value.ends_with('.') || value.find("..") != value.npos;
    if (!value.empty() && !emptyToken && value.find_first_of(" \t\r\n,()\"\\*'") == std::string::npos)
        return value;
    std::string quoted = "\"";
    for (const char c : value) {
        if (c == '"' || c == '\\')
            quoted += '\\';
        quoted += c;
    }
    return quoted + '"';
}

/// Collects what fits `typed`: what begins with it before what has it within.
class Collector
{
public:
    Collector(std::string_view typed, std::size_t limit) : m_typed(asciiLower(typed)), m_limit(limit) {}

    void offer(Kind kind, const std::string& text, std::string_view detail, bool within = true)
    {
        const std::size_t found = asciiLower(text).find(m_typed);
        if (found == std::string::npos || (found > 0 && !within) || !m_seen.insert(text).second)
            return;
        (found == 0 ? m_begin : m_within)
            .push_back({kind, kind == Kind::Value ? quotedIfNeeded(text) : text, std::string(detail)});
    }
    [[nodiscard]] bool full() const { return m_begin.size() >= m_limit; }
    [[nodiscard]] std::vector<FilterSuggestion> take()
    {
        m_begin.insert(m_begin.end(), m_within.begin(), m_within.end());
        if (m_begin.size() > m_limit)
            m_begin.resize(m_limit);
        return std::move(m_begin);
    }

private:
    std::string m_typed;
    std::size_t m_limit;
    std::vector<FilterSuggestion> m_begin;
    std::vector<FilterSuggestion> m_within;
    std::set<std::string> m_seen;
};

void offerTerms(Collector& out, bool afterTerm)
{
    for (const FilterFieldInfo& info : filterFields())
        out.offer(Kind::Field, std::string(info.name), info.detail);
    if (afterTerm) {
        out.offer(Kind::Keyword, "AND", "both sides match", false);
        out.offer(Kind::Keyword, "OR", "either side matches", false);
    }
    out.offer(Kind::Keyword, "NOT", "what follows does not match", false);
}

void offerHeaders(Collector& out)
{
    constexpr std::array kKnown{"Cf-Ray",          "X-Edge-Pop",        "X-Edge-Worker", "X-Edge-Sent-At",
                                "X-Edge-Identity", "X-Akamai-Edge-Pop", "traceparent",   "X-Request-Id",
                                "Ce-Source",       "Ce-Type",           "Content-Type",  "Nats-Msg-Id",
                                "Nats-Stream"};
    for (const char* const name : kKnown)
        out.offer(Kind::Field, std::string("header.") + name, "header");
}

std::string_view operatorDetail(std::string_view text)
{
    if (text == ":" || text == "=")
        return "is one of";
    if (text == "!=")
        return "is none of";
    if (text == "~")
        return "matches the regular expression";
    return text.starts_with('<') ? (text == "<" ? "is less than" : "is at most")
                                 : (text == ">" ? "is more than" : "is at least");
}

/// Subjects up to the next dot after what was typed, so that a tree of them is walked token by token.
void offerSubjects(Collector& out, const Names& names, std::size_t typed)
{
    const std::uint32_t size = std::min(names.subjects.size(), kMaxNames);
    for (std::uint32_t id = 1; id <= size && !out.full(); ++id) {
        const std::string_view subject = names.subjects.name(SubjectId{id});
        const std::size_t dot = subject.find('.', typed);
        out.offer(Kind::Value,
                  dot == std::string_view::npos ? std::string(subject)
                                                : std::string(subject.substr(0, dot)) + ".>",
                  dot == std::string_view::npos ? "subject" : "all subjects below", false);
    }
}

template<typename IdType>
void offerNames(Collector& out, const Dictionary<IdType>& dictionary, std::string_view detail)
{
    const std::uint32_t size = std::min(dictionary.size(), kMaxNames);
    for (std::uint32_t id = 1; id <= size && !out.full(); ++id)
        out.offer(Kind::Value, std::string(dictionary.name(IdType{id})), detail);
    out.offer(Kind::Value, "", "not known", false);
}

void offerIdentities(Collector& out, const Names& names, bool accounts)
{
    const std::uint32_t size = std::min(names.identities.size(), kMaxNames / 10);
    for (std::uint32_t id = 1; id <= size && !out.full(); ++id) {
        const Identity identity = names.identities.at(IdentityId{id});
        const std::string text = accounts ? accountOf(identity) : identity.name;
        if (!text.empty())
            out.offer(Kind::Value, text, accounts ? "account" : evidenceName(identity.evidence));
    }
}

/// Numbers with each unit, once a number was typed; examples before.
void offerQuantities(Collector& out, std::string_view typed, std::initializer_list<const char*> units,
                     std::initializer_list<const char*> examples)
{
    const std::size_t digits = std::min(typed.find_first_not_of("0123456789."), typed.size());
    if (digits == 0) {
        for (const char* const example : examples)
            out.offer(Kind::Value, example, "");
        return;
    }
    for (const char* const unit : units)
        out.offer(Kind::Value, std::string(typed.substr(0, digits)) + unit, "");
}

void offerValues(Collector& out, const FilterCursor& cursor, const Names* names)
{
    switch (cursor.field->field) {
    case FilterField::Evidence:
        for (const Evidence evidence : {Evidence::Verified, Evidence::Vouched, Evidence::Claimed,
                                        Evidence::Inferred, Evidence::Unknown})
            out.offer(Kind::Value, std::string(evidenceName(evidence)), "");
        return;
    case FilterField::Size:
        return offerQuantities(out, cursor.typed, {"B", "kB", "MB"}, {"1kB", "10kB", "1MB"});
    case FilterField::Latency:
        return offerQuantities(out, cursor.typed, {"us", "ms", "s"}, {"10ms", "100ms", "1s"});
    case FilterField::Time:
        for (const char* const moment : {"-5m", "-15m", "-1h", "-1d", "now"})
            out.offer(Kind::Value, moment, "");
        return;
    default: // the others have values only where names are known
        break;
    }
    if (names == nullptr)
        return;
    if (cursor.field->field == FilterField::Subject)
        offerSubjects(out, *names, cursor.typed.size());
    else if (cursor.field->field == FilterField::Pop)
        offerNames(out, names->pops, "PoP");
    else if (cursor.field->field == FilterField::Worker)
        offerNames(out, names->workers, "Worker");
    else if (cursor.field->field == FilterField::Identity || cursor.field->field == FilterField::Account)
        offerIdentities(out, *names, cursor.field->field == FilterField::Account);
}

} // namespace

FilterSuggestions FilterSuggestions::at(std::string_view text, std::size_t cursor, const Names* names,
                                        std::size_t limit)
{
    const FilterCursor here = FilterCursor::at(text, byteOf(text, cursor));
    Collector out(here.typed, limit);
    switch (here.place) {
    case FilterCursor::Place::Term:
        offerTerms(out, here.afterTerm);
        break;
    case FilterCursor::Place::Name:
        if (here.field->field == FilterField::Header)
            offerHeaders(out);
        break;
    case FilterCursor::Place::Operator:
        for (const std::string& op : filterOperators(*here.field))
            out.offer(Kind::Operator, op, operatorDetail(op));
        break;
    case FilterCursor::Place::Value:
        offerValues(out, here, names);
        break;
    case FilterCursor::Place::Nothing:
        break;
    }
    FilterSuggestions made;
    made.column = charactersOf(text.substr(0, here.begin));
    made.length = charactersOf(text.substr(here.begin, here.end - here.begin));
    made.items = out.take();
    return made;
}

} // namespace weir
