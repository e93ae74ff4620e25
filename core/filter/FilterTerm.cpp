// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/filter/FilterTerm.h"

#include "core/envelope/Names.h"
#include "core/filter/FilterHeaders.h"
#include "core/filter/JsonTerm.h"

#include <re2/re2.h>
#include <simdjson.h>

#include <algorithm>
#include <cstring>

namespace weir {
namespace {

bool contains(std::string_view text, std::string_view part)
{
    // Neither pointer may be null, and that of an empty view may be; `part` is never empty.
    return text.size() >= part.size() &&
           ::memmem(text.data(), text.size(), part.data(), part.size()) != nullptr;
}

bool regexMatches(const FilterValue& value, std::string_view text)
{
    return RE2::PartialMatch({text.data(), text.size()}, *value.regex);
}

/// Equals, NotEquals and Matches on a text; `equal(value)` compares one value with it.
template<typename Equal>
bool textTerm(const FilterNode& term, std::string_view text, Equal&& equal)
{
    const bool any = std::any_of(term.values.begin(), term.values.end(), [&](const FilterValue& value) {
        return term.op == FilterOp::Matches ? regexMatches(value, text) : equal(value);
    });
    return any != (term.op == FilterOp::NotEquals);
}

bool exactTerm(const FilterNode& term, std::string_view text)
{
    return textTerm(term, text, [text](const FilterValue& value) { return value.text == text; });
}

bool foldedTerm(const FilterNode& term, std::string_view text)
{
    return textTerm(term, text, [text](const FilterValue& value) { return equalsLower(text, value.text); });
}

template<typename Number>
bool numberTerm(const FilterNode& term, Number have, Number (*read)(const FilterValue&))
{
    const Number first = read(term.values.front());
    switch (term.op) {
    case FilterOp::Less:
        return have < first;
    case FilterOp::LessOrEqual:
        return have <= first;
    case FilterOp::Greater:
        return have > first;
    case FilterOp::GreaterOrEqual:
        return have >= first;
    case FilterOp::Equals:
    case FilterOp::NotEquals:
    case FilterOp::Matches:
        break;
    }
    const bool any = std::any_of(term.values.begin(), term.values.end(),
                                 [have, read](const FilterValue& value) { return read(value) == have; });
    return any != (term.op == FilterOp::NotEquals);
}

bool wholeTerm(const FilterNode& term, std::int64_t have)
{
    return numberTerm<std::int64_t>(term, have, [](const FilterValue& value) { return value.number; });
}

bool headerTerm(const FilterNode& term, std::string_view headers)
{
    const bool any = anyHeader(headers, term.name, [&term](std::string_view have) {
        return std::any_of(term.values.begin(), term.values.end(), [&](const FilterValue& value) {
            return term.op == FilterOp::Matches ? regexMatches(value, have) : value.text == have;
        });
    });
    return any != (term.op == FilterOp::NotEquals);
}

bool searchTerm(const FilterNode& term, const Message& message)
{
    const std::string_view wanted = term.values.front().text;
    return contains(message.payload, wanted) || contains(HeaderBlock(message.headers).lines(), wanted);
}

std::string_view tokenAt(std::string_view subject, std::size_t index)
{
    for (; index > 0; --index) {
        const std::size_t dot = subject.find('.');
        if (dot == std::string_view::npos)
            return {};
        subject.remove_prefix(dot + 1);
    }
    return subject.substr(0, subject.find('.'));
}

Evidence evidenceOf(const Message& message, const Identity& identity)
{
    // An id that this table does not know says nothing against what was found when the message came.
    const bool known = !identity.name.empty() || identity.evidence != Evidence::Unknown;
    return known ? evidenceAt(identity, message.time) : message.evidence;
}

bool senderField(FilterField field)
{
    return field == FilterField::Identity || field == FilterField::Account || field == FilterField::Evidence;
}

} // namespace

std::string_view streamOf(const Message& message, const Names& names)
{
    if (!message.stream.isNone())
        return names.streams.name(message.stream);
    constexpr std::string_view kAck = "$JS.ACK.";
    if (message.reply.starts_with(kAck)) {
        // Nine tokens in the first form; the longer one puts domain and account hash before the stream.
        const auto dots = std::count(message.reply.begin(), message.reply.end(), '.');
        return tokenAt(message.reply, dots >= 10 ? 4 : 2);
    }
    std::string_view stream;
    (void)anyHeader(message.headers, "nats-stream", [&stream](std::string_view value) {
        stream = value;
        return true;
    });
    return stream;
}

std::string accountOf(const Identity& identity)
{
    if (identity.claims.empty())
        return {};
    thread_local simdjson::dom::parser parser;
    simdjson::dom::element claims;
    if (parser.parse(identity.claims).get(claims) != simdjson::SUCCESS)
        return {};
    std::string_view account;
    for (const char* const pointer : {"/acc", "/nats/issuer_account"}) {
        if (claims.at_pointer(pointer).get(account) == simdjson::SUCCESS)
            return std::string(account);
    }
    // A NATS user JWT without issuer_account is signed by the account itself (NATS docs, "JWTs").
    if (claims.at_pointer("/nats").error() == simdjson::SUCCESS &&
        claims["iss"].get(account) == simdjson::SUCCESS)
        return std::string(account);
    return {};
}

bool senderTermMatches(const FilterNode& term, const Message& message, const Identity& identity)
{
    if (term.field == FilterField::Identity)
        return exactTerm(term, identity.name);
    if (term.field == FilterField::Account)
        return exactTerm(term, accountOf(identity));
    return numberTerm<Evidence>(term, evidenceOf(message, identity),
                                [](const FilterValue& value) { return value.evidence; });
}

bool termMatches(const FilterNode& term, const Message& message, const Names& names)
{
    if (senderField(term.field))
        return senderTermMatches(term, message, names.identities.at(message.identity));
    switch (term.field) {
    case FilterField::Subject:
        return textTerm(term, message.subjectName, [&message](const FilterValue& value) {
            return value.pattern->matches(message.subjectName);
        });
    case FilterField::Pop:
        return foldedTerm(term, message.popName);
    case FilterField::Worker:
        return exactTerm(term, message.workerName);
    case FilterField::Trace:
        return foldedTerm(term, message.trace);
    case FilterField::Stream:
        return exactTerm(term, streamOf(message, names));
    case FilterField::Size:
        return wholeTerm(term, static_cast<std::int64_t>(message.size()));
    case FilterField::Latency:
        return message.latency() != kNoDuration && wholeTerm(term, message.latency().count());
    case FilterField::Time:
        return message.time != kNoTime && wholeTerm(term, toUnixNanos(message.time));
    case FilterField::Seq:
        return wholeTerm(term, static_cast<std::int64_t>(message.seq));
    case FilterField::Header:
        return headerTerm(term, message.headers);
    case FilterField::Payload:
        return textTerm(term, message.payload, [&message](const FilterValue& value) {
            return contains(message.payload, value.text);
        });
    case FilterField::Json:
        return jsonTermMatches(term, message.payload);
    case FilterField::Text:
        return searchTerm(term, message);
    case FilterField::Identity:
    case FilterField::Account:
    case FilterField::Evidence:
        break;
    }
    return false;
}

} // namespace weir
