// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/capture/JsonMessage.h"

#include "core/capture/MessageJson.h"

#include <QByteArray>

#include <algorithm>
#include <array>
#include <simdjson.h>

namespace weir {
namespace {

using simdjson::dom::element;
using simdjson::dom::object;

Error wrong(const std::string& why)
{
    return {ErrorCode::Format, "reading a message", why,
            "weir query --format ndjson writes what is read here"};
}

std::optional<std::string_view> text(object from, std::string_view key)
{
    std::string_view found;
    if (from[key].get(found) != simdjson::SUCCESS)
        return std::nullopt;
    return found;
}

std::optional<std::uint64_t> number(object from, std::string_view key)
{
    std::uint64_t found = 0;
    if (from[key].get(found) != simdjson::SUCCESS)
        return std::nullopt;
    return found;
}

/// As the envelope's facts stand: absent, null, or a text.
std::optional<std::string> fact(object from, std::string_view key)
{
    element found;
    if (from[key].get(found) != simdjson::SUCCESS)
        return std::nullopt;
    return std::string(found.is_string() ? found.get_string().value_unsafe() : std::string_view());
}

std::optional<std::string> fromBase64(std::string_view encoded)
{
    const auto decoded =
        QByteArray::fromBase64Encoding(QByteArray(encoded.data(), static_cast<qsizetype>(encoded.size())),
                                       QByteArray::AbortOnBase64DecodingErrors);
    if (!decoded)
        return std::nullopt;
    return decoded.decoded.toStdString();
}

/// `key`, or the bytes of `key` with `_base64` behind it, which win.
Result<std::string> bytes(object from, const std::string& key)
{
    const std::string encodedKey = key + "_base64";
    if (const auto encoded = text(from, encodedKey)) {
        auto decoded = fromBase64(*encoded);
        if (!decoded)
            return wrong(encodedKey + " is not base64");
        return std::move(*decoded);
    }
    return std::string(text(from, key).value_or(""));
}

/// A value that would end its line or the block makes two headers of one.
bool staysInLine(std::string_view text)
{
    return text.find("\r\n") == std::string_view::npos;
}

Result<std::string> headerBlock(object from)
{
    HeaderBlockText block;
    for (const auto field : from) {
        simdjson::dom::array values;
        if (field.value.get(values) != simdjson::SUCCESS)
            return wrong("the header " + std::string(field.key) + " has no list of values");
        for (const element value : values) {
            std::string_view found;
            if (value.get(found) != simdjson::SUCCESS)
                return wrong("a value of the header " + std::string(field.key) + " is no text");
            if (!staysInLine(field.key) || !staysInLine(found))
                return wrong("the header " + std::string(field.key) + " has a line end in it");
            block.add(field.key, found);
        }
    }
    return block.block();
}

Result<std::string> headers(object from, const char* key)
{
    if (const auto encoded = text(from, "headers_base64")) {
        auto decoded = fromBase64(*encoded);
        if (!decoded)
            return wrong("headers_base64 is not base64");
        return std::move(*decoded);
    }
    element found;
    object fields;
    if (from[key].get(found) != simdjson::SUCCESS || found.is_null())
        return std::string();
    if (found.get(fields) != simdjson::SUCCESS)
        return wrong(std::string(key) + " is not an object of lists");
    return headerBlock(fields);
}

Result<Timestamp> moment(object from, std::string_view key)
{
    const auto found = text(from, key);
    if (!found)
        return kNoTime;
    auto when = parseRfc3339(*found);
    if (!when)
        return wrong(std::string(key) + ": " + when.error().why);
    return *when;
}

std::optional<Evidence> evidenceNamed(std::optional<std::string_view> name)
{
    for (const Evidence each :
         {Evidence::Unknown, Evidence::Inferred, Evidence::Claimed, Evidence::Vouched, Evidence::Verified}) {
        if (name == evidenceName(each))
            return each;
    }
    return std::nullopt;
}

Result<JsonMessage> dumped(object from)
{
    JsonMessage message;
    message.subject = text(from, "Subject").value_or("");
    message.reply = text(from, "Reply").value_or("");
    auto block = headers(from, "Header");
    if (!block)
        return block.error();
    message.headers = std::move(*block);
    auto data = fromBase64(text(from, "Data").value_or(""));
    if (!data)
        return wrong("Data is not base64");
    message.payload = std::move(*data);
    if (message.subject.empty())
        return wrong("it names no subject");
    return message;
}

Result<JsonMessage> exported(object from)
{
    JsonMessage message;
    for (const auto& [key, place] : {std::pair{"time", &message.time}, {"stored", &message.stored}}) {
        const auto when = moment(from, key);
        if (!when)
            return when.error();
        *place = *when;
    }
    for (const auto& [key, place] :
         {std::pair{"subject", &message.subject}, {"reply", &message.reply}, {"payload", &message.payload}}) {
        auto found = bytes(from, key);
        if (!found)
            return found.error();
        *place = std::move(*found);
    }
    if (message.subject.empty())
        return wrong("it names no subject");
    auto block = headers(from, "headers");
    if (!block)
        return block.error();
    message.headers = std::move(*block);
    message.stream = text(from, "stream").value_or("");
    message.streamSeq = number(from, "stream_seq").value_or(0);
    message.size = number(from, "size");
    message.pop = fact(from, "pop");
    message.worker = fact(from, "worker");
    message.identity = fact(from, "identity");
    message.trace = fact(from, "trace");
    message.evidence = evidenceNamed(text(from, "evidence"));
    std::int64_t micros = 0;
    if (from["latency_us"].get(micros) == simdjson::SUCCESS)
        message.latency = std::chrono::microseconds(micros);
    return message;
}

std::optional<GapCause> causeNamed(std::optional<std::string_view> name)
{
    for (std::uint8_t each = 1; gapCauseName(GapCause{each}) != "unknown"; ++each) {
        if (name == gapCauseName(GapCause{each}))
            return GapCause{each};
    }
    return std::nullopt;
}

} // namespace

struct JsonMessageReader::State
{
    /// What `document` is an object of; views of it hold until the next call.
    Result<object> read(std::string_view document)
    {
        object found;
        const auto code = parser.parse(document.data(), document.size()).get(found);
        if (code == simdjson::INCORRECT_TYPE)
            return wrong("it is JSON, but no object");
        if (code != simdjson::SUCCESS)
            return wrong("it is not JSON");
        return found;
    }

    simdjson::dom::parser parser;
};

JsonMessageReader::JsonMessageReader() : m_state(std::make_unique<State>()) {}
JsonMessageReader::~JsonMessageReader() = default;

Result<JsonMessage> JsonMessageReader::message(std::string_view document)
{
    const auto from = m_state->read(document);
    if (!from)
        return from.error();
    return text(*from, "Subject") ? dumped(*from) : exported(*from);
}

Timestamp JsonMessageReader::time(std::string_view document)
{
    // As appendMessageJson() begins a line.
    constexpr std::string_view kFront = "{\"time\":\"";
    if (document.starts_with(kFront)) {
        const std::string_view rest = document.substr(kFront.size());
        if (const auto when = parseRfc3339(rest.substr(0, rest.find('"'))))
            return *when;
    }
    const auto from = m_state->read(document);
    const auto when = from ? moment(*from, "time") : Result<Timestamp>(kNoTime);
    return when ? *when : kNoTime;
}

std::optional<JsonCoverage> JsonMessageReader::coverage(std::string_view document)
{
    if (!document.starts_with("{\"coverage\":"))
        return std::nullopt;
    const auto from = m_state->read(document);
    object told;
    simdjson::dom::array gaps;
    if (!from || (*from)["coverage"].get(told) != simdjson::SUCCESS ||
        told["gaps"].get(gaps) != simdjson::SUCCESS)
        return std::nullopt;
    JsonCoverage coverage;
    coverage.filter = text(told, "filter").value_or("");
    for (const element each : gaps) {
        object fields;
        if (each.get(fields) != simdjson::SUCCESS)
            return std::nullopt;
        const auto cause = causeNamed(text(fields, "cause"));
        const auto begin = moment(fields, "from");
        const auto end = moment(fields, "to");
        if (!cause || !begin || !end || *begin == kNoTime)
            return std::nullopt;
        bool estimated = false;
        if (fields["estimated"].get(estimated) != simdjson::SUCCESS)
            return std::nullopt;
        coverage.gaps.push_back({*begin, *end, *cause, number(fields, "messages"), estimated,
                                 std::string(text(fields, "detail").value_or(""))});
    }
    return coverage;
}

} // namespace weir
