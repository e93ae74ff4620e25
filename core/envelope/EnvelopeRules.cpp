// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/envelope/EnvelopeRules.h"

#include "core/envelope/DefaultRules.h"
#include "core/envelope/HeaderIndex.h"

#include <QStandardPaths>

#include <algorithm>
#include <cassert>
#include <fstream>
#include <iterator>
#include <optional>
#include <simdjson.h>

namespace weir {
namespace {

using simdjson::dom::element;
using Kind = EnvelopeSource::Kind;
using Sources = std::vector<EnvelopeSource> EnvelopeRules::*;

constexpr std::size_t kMaxFile = 1 << 20;
constexpr std::uint64_t kMaxSubjectToken = 64;

struct Fact
{
    std::string_view name;
    Sources sources;
    std::initializer_list<Kind> kinds;
};
const std::initializer_list<Fact> kFacts{
    {"pop", &EnvelopeRules::pop, {Kind::Header, Kind::HeaderAfterLastDash, Kind::SubjectToken}},
    {"worker", &EnvelopeRules::worker, {Kind::Header, Kind::HeaderAfterLastDash, Kind::SubjectToken}},
    {"identity", &EnvelopeRules::identity, {Kind::Jwt, Kind::RequestInfo, Kind::Header, Kind::SubjectToken}},
    {"trace", &EnvelopeRules::trace, {Kind::Traceparent, Kind::Header}},
    {"sent", &EnvelopeRules::sent, {Kind::Header}}};

/// Reads one rules document; remembers where it stands, for errors.
class Reader
{
public:
    explicit Reader(std::string_view origin) : m_origin(origin) {}

    Result<EnvelopeRules> read(element root, EnvelopeRules base);

private:
    [[nodiscard]] Error expected(const std::string& place, std::string_view what) const
    {
        return {ErrorCode::Format, "reading envelope rules " + m_origin,
                "at " + place + ": expected " + std::string(what),
                "resources/envelope-rules.json in Weir's source shows the shape"};
    }
    Result<std::vector<EnvelopeSource>> sources(element list, const Fact& fact) const;
    Result<EnvelopeSource> source(element item, const Fact& fact, const std::string& place) const;
    Result<void> member(std::string_view key, element value, EnvelopeSource& into,
                        const std::string& place) const;
    Result<std::string> headerName(element value, const std::string& place) const;
    Result<void> redactions(element list, EnvelopeRules& rules) const;

    std::string m_origin;
};

bool isHeaderName(std::string_view name)
{
    return !name.empty() && name.size() <= kMaxHeaderName &&
           std::all_of(name.begin(), name.end(), [](char c) { return c > ' ' && c < 0x7f && c != ':'; });
}

Result<std::string> Reader::headerName(element value, const std::string& place) const
{
    std::string_view text;
    if (value.get(text) != simdjson::SUCCESS || !isHeaderName(text))
        return expected(place, "a header name");
    return std::string(text);
}

Result<void> Reader::member(std::string_view key, element value, EnvelopeSource& into,
                            const std::string& place) const
{
    static constexpr std::pair<std::string_view, Kind> kHeaderKinds[]{{"header", Kind::Header},
                                                                      {"jwt", Kind::Jwt},
                                                                      {"request_info", Kind::RequestInfo},
                                                                      {"traceparent", Kind::Traceparent}};
    for (const auto& [name, kind] : kHeaderKinds) {
        if (key != name)
            continue;
        auto header = headerName(value, place);
        if (!header)
            return header.error();
        into.header = std::move(*header);
        if (into.kind != Kind::HeaderAfterLastDash)
            into.kind = kind;
        return {};
    }
    std::string_view text;
    if (key == "subject_token") {
        std::uint64_t token = 0;
        if (value.get(token) != simdjson::SUCCESS || token >= kMaxSubjectToken)
            return expected(place, "a token's position, counted from 0");
        into.kind = Kind::SubjectToken;
        into.token = static_cast<std::size_t>(token);
        return {};
    }
    if (value.get(text) != simdjson::SUCCESS)
        return expected(place, "a string");
    if (key == "of" || key == "vouched_on") {
        into.pattern = text;
        return {};
    }
    if (key == "part" && text == "after-last-dash") {
        into.kind = Kind::HeaderAfterLastDash;
        return {};
    }
    return expected(place, key == "part" ? "\"after-last-dash\""
                                         : "one of header, jwt, request_info, traceparent, subject_token, "
                                           "part, of, vouched_on");
}

Result<EnvelopeSource> Reader::source(element item, const Fact& fact, const std::string& place) const
{
    simdjson::dom::object object;
    if (item.get(object) != simdjson::SUCCESS)
        return expected(place, "an object such as {\"header\": \"X-Edge-Pop\"}");
    EnvelopeSource made;
    bool hasPlace = false;
    for (const auto [key, value] : object) {
        if (auto ok = member(key, value, made, place + "/" + std::string(key)); !ok)
            return ok.error();
        if (key != "part" && key != "of" && key != "vouched_on") {
            if (hasPlace)
                return expected(place, "one place, not two");
            hasPlace = true;
        }
    }
    if (!hasPlace)
        return expected(place, "header, jwt, request_info, traceparent or subject_token");
    if (std::find(fact.kinds.begin(), fact.kinds.end(), made.kind) == fact.kinds.end())
        return expected(place, "a kind of source that " + std::string(fact.name) + " can have");
    const bool mayHavePattern = made.kind == Kind::SubjectToken || made.kind == Kind::RequestInfo;
    if (!made.pattern.empty() && !mayHavePattern)
        return expected(place, "\"of\" only with subject_token, \"vouched_on\" only with request_info");
    return made;
}

Result<std::vector<EnvelopeSource>> Reader::sources(element list, const Fact& fact) const
{
    const std::string place = "/" + std::string(fact.name);
    simdjson::dom::array array;
    if (list.get(array) != simdjson::SUCCESS)
        return expected(place, "a list of sources");
    std::vector<EnvelopeSource> made;
    for (const element item : array) {
        auto one = source(item, fact, place + "/" + std::to_string(made.size()));
        if (!one)
            return one.error();
        made.push_back(std::move(*one));
    }
    return made;
}

Result<void> Reader::redactions(element list, EnvelopeRules& rules) const
{
    simdjson::dom::array array;
    if (list.get(array) != simdjson::SUCCESS)
        return expected("/redact", "a list of header names");
    std::size_t index = 0;
    for (const element item : array) {
        auto name = headerName(item, "/redact/" + std::to_string(index++));
        if (!name)
            return name.error();
        rules.redact.push_back(std::move(*name));
    }
    return {};
}

Result<EnvelopeRules> Reader::read(element root, EnvelopeRules base)
{
    simdjson::dom::object object;
    if (root.get(object) != simdjson::SUCCESS)
        return expected("/", "an object");
    bool extend = false;
    if (element value;
        object["extend"].get(value) == simdjson::SUCCESS && value.get(extend) != simdjson::SUCCESS)
        return expected("/extend", "true or false");
    for (const auto [key, value] : object) {
        const std::string_view name = key;
        if (name == "extend")
            continue;
        if (name == "redact") {
            if (auto ok = redactions(value, base); !ok)
                return ok.error();
            continue;
        }
        const auto fact =
            std::find_if(kFacts.begin(), kFacts.end(), [&](const Fact& one) { return one.name == name; });
        if (fact == kFacts.end())
            return expected("/" + std::string(name), "pop, worker, identity, trace, sent, redact or extend");
        auto list = sources(value, *fact);
        if (!list)
            return list.error();
        std::vector<EnvelopeSource>& into = base.*(fact->sources);
        if (extend)
            list->insert(list->end(), into.begin(), into.end());
        into = std::move(*list);
    }
    if (HeaderIndex(base).overflowed())
        return expected("/", "at most " + std::to_string(HeaderIndex::kMaxNames) + " different headers");
    return base;
}

} // namespace

Result<EnvelopeRules> EnvelopeRules::parse(std::string_view json, std::string_view origin, EnvelopeRules base)
{
    simdjson::dom::parser parser;
    element root;
    if (const auto error = parser.parse(json.data(), json.size()).get(root); error != simdjson::SUCCESS)
        return Error{ErrorCode::Format, "reading envelope rules " + std::string(origin),
                     std::string("it is not JSON: ") + simdjson::error_message(error),
                     "check it with a JSON linter"};
    return Reader(origin).read(root, std::move(base));
}

EnvelopeRules EnvelopeRules::defaults()
{
    auto rules = parse(kDefaultRules, "(built in)", {});
    assert(rules.has_value());
    return std::move(*rules);
}

Result<EnvelopeRules> EnvelopeRules::load(const std::filesystem::path& file, EnvelopeRules base)
{
    const std::string what = "reading envelope rules " + file.string();
    std::error_code error;
    const auto status = std::filesystem::status(file, error);
    if (!std::filesystem::exists(status))
        return Error{ErrorCode::NotFound, what, "there is no such file", "check the path"};
    if (!std::filesystem::is_regular_file(status))
        return Error{ErrorCode::Io, what, "it is not a file", "name a JSON file"};
    std::ifstream in(file, std::ios::binary);
    if (!in)
        return Error{ErrorCode::Permission, what, "it cannot be opened", "check its permissions"};
    if (std::filesystem::file_size(file, error) > kMaxFile)
        return Error{ErrorCode::Limit, what, "it is larger than 1 MiB", "rules are a page of JSON"};
    const std::string text{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
    return parse(text, file.string(), std::move(base));
}

std::filesystem::path EnvelopeRules::userFile()
{
    const QString folder = QStandardPaths::writableLocation(QStandardPaths::GenericConfigLocation);
    return std::filesystem::path(folder.toStdString()) / "weir" / "envelope-rules.json";
}

Result<EnvelopeRules> EnvelopeRules::forUser()
{
    const std::filesystem::path file = userFile();
    std::error_code error;
    if (!std::filesystem::exists(file, error))
        return defaults();
    return load(file, defaults());
}

} // namespace weir
