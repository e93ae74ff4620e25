// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/broker/MonitorJson.h"

#include <QJsonArray>
#include <QJsonDocument>

#include <algorithm>
#include <cmath>

namespace weir {
namespace {

struct GoUnit
{
    std::string_view name;
    double nanos;
};

/// Longest first: `m` is the beginning of `ms`. Go writes a micro sign; a Greek mu is read, too.
constexpr GoUnit kGoUnits[] = {
    {"\u00b5s", 1e3}, {"\u03bcs", 1e3}, {"ns", 1},   {"us", 1e3},
    {"ms", 1e6},      {"h", 3600e9},    {"m", 60e9}, {"s", 1e9},
};

Error wrong(const char* what, const QString& why)
{
    return {ErrorCode::Format, std::string("reading ") + what, why.toStdString(),
            "check that a nats-server answers there"};
}

} // namespace

Result<QJsonObject> monitorDocument(const QByteArray& json, const char* what, const char* key)
{
    QJsonParseError error{};
    const QJsonDocument parsed = QJsonDocument::fromJson(json, &error);
    if (error.error != QJsonParseError::NoError) {
        const bool isPage = json.trimmed().startsWith('<');
        return wrong(what, isPage ? QStringLiteral("a web page answered")
                                  : QStringLiteral("it is not JSON: %1").arg(error.errorString()));
    }
    QJsonObject object = parsed.object();
    // nats-server v2.9.10 events.go, ServerAPIResponse
    if (object.value("server").isObject() && object.value("error").isObject())
        return wrong(what, QStringLiteral("the server says: %1")
                               .arg(object.value("error").toObject().value("description").toString()));
    if (object.value("server").isObject() && object.value("data").isObject())
        object = object.value("data").toObject();
    if (!object.contains(QLatin1String(key)))
        return wrong(what, QStringLiteral("it has no \"%1\"").arg(QLatin1String(key)));
    return object;
}

std::string textIn(const QJsonObject& object, const char* key)
{
    return object.value(QLatin1String(key)).toString().toStdString();
}

std::uint64_t countIn(const QJsonObject& object, const char* key)
{
    return static_cast<std::uint64_t>(std::max<qint64>(object.value(QLatin1String(key)).toInteger(), 0));
}

std::vector<std::string> textsOf(const QJsonValue& list)
{
    std::vector<std::string> found;
    for (const QJsonValue& each : list.toArray())
        found.push_back(each.toString().toStdString());
    return found;
}

Timestamp timeIn(const QJsonObject& object, const char* key)
{
    const auto time = parseRfc3339(textIn(object, key));
    return time ? *time : kNoTime;
}

Timestamp unixTimeIn(const QJsonObject& object, const char* key)
{
    const double seconds = object.value(QLatin1String(key)).toDouble();
    return seconds <= 0 || seconds > 9.0e9
               ? kNoTime
               : fromUnixNanos(static_cast<std::int64_t>(seconds) * 1'000'000'000);
}

std::string addressIn(const QJsonObject& object, const char* host, const char* port)
{
    const std::string name = textIn(object, host);
    if (name.empty())
        return {};
    const bool bare = name.find(':') != std::string::npos && !name.starts_with('[');
    return (bare ? "[" + name + "]" : name) + ":" + std::to_string(countIn(object, port));
}

Nanoseconds readGoDuration(std::string_view text)
{
    constexpr double kMost = 9e18; // of an int64
    double nanos = 0;
    if (text.empty())
        return kNoDuration;
    while (!text.empty()) {
        const std::size_t digits = std::min(text.find_first_not_of("0123456789."), text.size());
        bool isNumber = false; // as C writes it, whatever the locale
        const double amount = QByteArray(text.data(), static_cast<qsizetype>(digits)).toDouble(&isNumber);
        text.remove_prefix(digits);
        const auto* const unit =
            std::find_if(std::begin(kGoUnits), std::end(kGoUnits),
                         [&](const GoUnit& each) { return text.starts_with(each.name); });
        if (!isNumber || unit == std::end(kGoUnits))
            return kNoDuration;
        nanos += amount * unit->nanos;
        text.remove_prefix(unit->name.size());
    }
    return nanos < kMost ? Nanoseconds(std::llround(nanos)) : kNoDuration;
}

} // namespace weir
