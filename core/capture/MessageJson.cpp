// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/capture/MessageJson.h"

#include "core/envelope/HeaderBlock.h"
#include "core/envelope/Names.h"

#include <array>
#include <charconv>
#include <simdjson.h>
#include <unordered_map>
#include <utility>
#include <vector>

namespace weir {
namespace {

constexpr std::string_view kHex = "0123456789abcdef";
constexpr std::string_view kReplacement = "\xEF\xBF\xBD";

/// Length of the UTF-8 sequence at `text`'s front, 0 if it is none.
std::size_t utf8Length(std::string_view text)
{
    const auto first = static_cast<unsigned char>(text.front());
    const std::size_t length = first < 0x80 ? 1 : first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
    return length <= text.size() && isUtf8(text.substr(0, length)) ? length : 0;
}

void appendEscaped(std::string& out, char c)
{
    switch (c) {
    case '"':
        out += "\\\"";
        return;
    case '\\':
        out += "\\\\";
        return;
    case '\n':
        out += "\\n";
        return;
    case '\r':
        out += "\\r";
        return;
    case '\t':
        out += "\\t";
        return;
    default:
        break;
    }
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20) {
        out += "\\u00";
        out += kHex[byte >> 4U];
        out += kHex[byte & 15U];
    } else {
        out += c;
    }
}

void appendNumber(std::string& out, std::int64_t number)
{
    std::array<char, 24> digits{};
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
    out.append(digits.data(), static_cast<std::size_t>(end - digits.data()));
}

void appendField(std::string& out, std::string_view name, std::string_view value)
{
    out += ",\"";
    out += name;
    out += "\":";
    if (value.empty())
        out += "null";
    else
        appendJsonString(out, value);
}

void appendBase64Field(std::string& out, std::string_view name, std::string_view bytes)
{
    out += ",\"";
    out += name;
    out += "\":\"";
    out += toBase64(bytes);
    out += '"';
}

using HeaderFields = std::vector<std::pair<std::string_view, std::vector<std::string_view>>>;

/// The headers by name, in order of first appearance.
HeaderFields headerFields(std::string_view block)
{
    HeaderFields fields;
    std::unordered_map<std::string_view, std::size_t> places;
    HeaderBlock lines(block);
    HeaderBlock::Line line;
    while (lines.next(line)) {
        const auto [place, fresh] = places.try_emplace(line.name, fields.size());
        if (fresh)
            fields.push_back({line.name, {}});
        fields[place->second].second.push_back(line.value);
    }
    return fields;
}

/// Whether headerBlock() would make the same bytes of `fields`.
bool tellsAll(std::string_view block, const HeaderFields& fields)
{
    HeaderBlockText text;
    for (const auto& [name, values] : fields) {
        for (const std::string_view value : values)
            text.add(name, value);
    }
    return text.block() == block && isUtf8(block);
}

void appendTime(std::string& out, std::string_view name, Timestamp when)
{
    out += ",\"";
    out += name;
    out += "\":";
    out += when == kNoTime ? "null" : '"' + formatRfc3339(when) + '"';
}

} // namespace

void HeaderBlockText::add(std::string_view name, std::string_view value)
{
    if (m_block.empty())
        m_block = "NATS/1.0\r\n";
    m_block += name;
    m_block += ": ";
    m_block += value;
    m_block += "\r\n";
}

std::string HeaderBlockText::block() const
{
    return m_block.empty() ? m_block : m_block + "\r\n";
}

bool isUtf8(std::string_view bytes)
{
    return simdjson::validate_utf8(bytes.data(), bytes.size());
}

std::string toBase64(std::string_view bytes)
{
    constexpr std::string_view kDigits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::string text;
    text.reserve((bytes.size() + 2) / 3 * 4);
    for (std::size_t i = 0; i < bytes.size(); i += 3) {
        std::uint32_t group = 0;
        for (std::size_t j = 0; j < 3; ++j)
            group = (group << 8U) | (i + j < bytes.size() ? static_cast<unsigned char>(bytes[i + j]) : 0U);
        text += kDigits[(group >> 18U) & 63U];
        text += kDigits[(group >> 12U) & 63U];
        text += i + 1 < bytes.size() ? kDigits[(group >> 6U) & 63U] : '=';
        text += i + 2 < bytes.size() ? kDigits[group & 63U] : '=';
    }
    return text;
}

void appendJsonString(std::string& out, std::string_view text)
{
    out += '"';
    const bool valid = isUtf8(text);
    while (!text.empty()) {
        const std::size_t length = valid ? 1 : utf8Length(text);
        if (length == 0)
            out += kReplacement;
        else if (length == 1)
            appendEscaped(out, text.front());
        else
            out += text.substr(0, length);
        text.remove_prefix(length == 0 ? 1 : length);
    }
    out += '"';
}

bool appendHeadersJson(std::string& out, std::string_view block)
{
    const HeaderFields fields = headerFields(block);
    out += '{';
    for (std::size_t i = 0; i < fields.size(); ++i) {
        if (i > 0)
            out += ',';
        appendJsonString(out, fields[i].first);
        out += ":[";
        for (std::size_t v = 0; v < fields[i].second.size(); ++v) {
            if (v > 0)
                out += ',';
            appendJsonString(out, fields[i].second[v]);
        }
        out += ']';
    }
    out += '}';
    return tellsAll(block, fields);
}

void appendGapJson(std::string& out, const Gap& gap)
{
    out += "{\"cause\":\"";
    out += gapCauseName(gap.cause);
    out += '"';
    appendTime(out, "from", gap.from);
    appendTime(out, "to", gap.to);
    out += ",\"messages\":";
    if (gap.messages)
        appendNumber(out, static_cast<std::int64_t>(*gap.messages));
    else
        out += "null";
    out += gap.estimated ? ",\"estimated\":true" : ",\"estimated\":false";
    out += ",\"detail\":";
    appendJsonString(out, gap.detail);
    out += '}';
}

void appendMessageJson(std::string& out, const Message& message, const Names& names)
{
    out += "{\"time\":\"";
    out += formatRfc3339(message.time);
    out += "\",\"seq\":";
    appendNumber(out, static_cast<std::int64_t>(message.seq));
    out += ",\"subject\":";
    appendJsonString(out, message.subjectName);
    if (!isUtf8(message.subjectName))
        appendBase64Field(out, "subject_base64", message.subjectName);
    appendField(out, "reply", message.reply);
    if (!isUtf8(message.reply))
        appendBase64Field(out, "reply_base64", message.reply);
    appendField(out, "pop", message.popName);
    appendField(out, "worker", message.workerName);
    appendField(out, "identity",
                message.identity.isNone() ? std::string() : names.identities.at(message.identity).name);
    appendField(out, "evidence", evidenceName(message.evidence));
    appendField(out, "trace", message.trace);
    out += ",\"latency_us\":";
    if (message.sent == kNoTime)
        out += "null";
    else
        appendNumber(out, std::chrono::duration_cast<std::chrono::microseconds>(message.latency()).count());
    out += ",\"size\":";
    appendNumber(out, static_cast<std::int64_t>(message.size()));
    if (message.streamSeq != 0) {
        appendField(out, "stream", names.streams.name(message.stream));
        out += ",\"stream_seq\":";
        appendNumber(out, static_cast<std::int64_t>(message.streamSeq));
    }
    if (message.stored != kNoTime)
        appendTime(out, "stored", message.stored);
    out += ",\"headers\":";
    if (!appendHeadersJson(out, message.headers))
        appendBase64Field(out, "headers_base64", message.headers);
    if (isUtf8(message.payload)) {
        out += ",\"payload\":";
        appendJsonString(out, message.payload);
    } else {
        appendBase64Field(out, "payload_base64", message.payload);
    }
    out += '}';
}

} // namespace weir
