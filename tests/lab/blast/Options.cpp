// SPDX-License-Identifier: GPL-3.0-or-later
#include "Options.h"

#include <charconv>
#include <cstdio>
#include <cstring>
#include <functional>
#include <map>
#include <string_view>

namespace weir::blast {
namespace {

constexpr const char* kUsage =
    "usage: weir-blast [--server HOST:PORT] [--user U --pass P] [--prefix SUBJECT] [--subjects N] [--size "
    "BYTES]\n"
    "                  [--groups N] [--headers 0|3|4] [--rate N] [--count N] [--duration SECONDS] "
    "[--connections N]\n"
    "Publishes pre-encoded NATS messages and prints one JSON line. --rate 0 is flat out; without --count "
    "and\n"
    "--duration it sends 1,000,000. Every message carries its sequence number: the hexadecimal number at the "
    "start\n"
    "of the payload, in the ray id and in the trace id.\n";

constexpr std::size_t kMinSize = 16; // the sequence number

template<typename Number>
bool parseNumber(std::string_view text, Number& value)
{
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    return error == std::errc{} && end == text.data() + text.size();
}

bool parseServer(std::string_view text, Options& options)
{
    constexpr std::string_view kScheme = "nats://";
    if (text.starts_with(kScheme))
        text.remove_prefix(kScheme.size());
    const auto colon = text.rfind(':');
    if (colon == std::string_view::npos)
        return false;
    options.host = text.substr(0, colon);
    options.port = text.substr(colon + 1);
    return !options.host.empty() && !options.port.empty();
}

bool parseDuration(std::string_view text, Options& options)
{
    double seconds = 0;
    if (!parseNumber(text, seconds) || seconds <= 0)
        return false;
    options.duration = std::chrono::duration<double>(seconds);
    return true;
}

bool assign(std::string& target, std::string_view text)
{
    target = text;
    return !target.empty();
}

using Setter = std::function<bool(std::string_view, Options&)>;

const std::map<std::string_view, Setter>& setters()
{
    static const std::map<std::string_view, Setter> kSetters = {
        {"--server", parseServer},
        {"--duration", parseDuration},
        {"--user", [](auto text, Options& o) { return assign(o.user, text); }},
        {"--pass", [](auto text, Options& o) { return assign(o.pass, text); }},
        {"--prefix", [](auto text, Options& o) { return assign(o.prefix, text); }},
        {"--size", [](auto text, Options& o) { return parseNumber(text, o.size) && o.size >= kMinSize; }},
        {"--headers",
         [](auto text, Options& o) {
             return parseNumber(text, o.headers) && (o.headers == 0 || o.headers == 3 || o.headers == 4);
         }},
        {"--subjects", [](auto text, Options& o) { return parseNumber(text, o.subjects) && o.subjects > 0; }},
        {"--groups",
         [](auto text, Options& o) { return parseNumber(text, o.groups) && o.groups <= 26 * 26 * 26; }},
        {"--rate", [](auto text, Options& o) { return parseNumber(text, o.rate); }},
        {"--count", [](auto text, Options& o) { return parseNumber(text, o.count); }},
        {"--connections",
         [](auto text, Options& o) { return parseNumber(text, o.connections) && o.connections > 0; }},
    };
    return kSetters;
}

} // namespace

std::optional<Options> parseOptions(int argc, char** argv)
{
    Options options;
    for (int i = 1; i < argc; i += 2) {
        const auto setter = setters().find(argv[i]);
        if (setter == setters().end() || i + 1 == argc || !setter->second(argv[i + 1], options)) {
            std::fprintf(stderr, "weir-blast: wrong usage at %s\n%s", argv[i], kUsage);
            return std::nullopt;
        }
    }
    constexpr std::uint64_t kDefaultCount = 1'000'000;
    if (options.count == 0 && options.duration.count() <= 0)
        options.count = kDefaultCount;
    return options;
}

} // namespace weir::blast
