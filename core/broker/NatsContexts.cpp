// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/broker/NatsContexts.h"

#include "core/broker/NearNames.h"
#include "core/broker/ProfileText.h"

#include <QJsonDocument>
#include <QJsonObject>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

namespace weir {
namespace {

namespace fs = std::filesystem;

std::string defaultDir()
{
    const char* config = std::getenv("XDG_CONFIG_HOME");
    if (config != nullptr && *config != '\0')
        return std::string(config) + "/nats";
    const char* home = std::getenv("HOME");
    return std::string(home != nullptr ? home : "") + "/.config/nats";
}

/// Reads the fields of one context into a profile; what it takes it remembers, the rest is unknown.
class ContextFields
{
public:
    ContextFields(QJsonObject object, LoadedProfile& out) : m_object(std::move(object)), m_out(out) {}

    std::string text(const char* key)
    {
        const QJsonValue value = m_object.take(QLatin1String(key));
        if (!value.isUndefined() && !value.isNull() && !value.isString())
            warn(key, "is not text and was left out");
        return value.toString().toStdString();
    }

    /// A path: `~` and variables expand; only file:// of the CLI's URIs names one.
    std::string path(const char* key)
    {
        const std::string value = text(key);
        if (value.starts_with("file://"))
            return expandPath(value.substr(7));
        if (const std::string scheme = uriScheme(value); !scheme.empty()) {
            warn(key, "uses " + scheme + "://, which cannot stand for a file here; set a path");
            return {};
        }
        return expandPath(value);
    }

    SecretRef secret(const char* key) { return secretFrom(key, text(key)); }

    /// creds and nkey: a path, or a URI whose value is the content.
    void pathOrSecret(const char* key, std::string& file, SecretRef& elsewhere)
    {
        const std::string value = text(key);
        if (value.empty())
            return;
        if (uriScheme(value).empty() || value.starts_with("file://"))
            file = expandPath(value.starts_with("file://") ? value.substr(7) : value);
        else
            elsewhere = secretFrom(key, value);
    }

    bool flag(const char* key) { return m_object.take(QLatin1String(key)).toBool(); }

    /// Known to the CLI, without meaning for us.
    void ignore(const char* key) { keep(QLatin1String(key), m_object.take(QLatin1String(key))); }

    void keepUnknown()
    {
        for (const QString& key : m_object.keys()) {
            warn(key.toUtf8().constData(), "is unknown to Weir: kept, without effect");
            keep(key, m_object.value(key));
        }
    }

    void warn(const char* key, const std::string& what)
    {
        m_out.warnings.push_back("context " + m_out.profile.name + ": the field " + key + " " + what);
    }

private:
    SecretRef secretFrom(const char* key, const std::string& value)
    {
        if (value.empty())
            return {};
        if (value.starts_with("env://"))
            return SecretRef::environment(value.substr(6));
        if (value.starts_with("file://"))
            return SecretRef::file(expandPath(value.substr(7)));
        const std::string scheme = uriScheme(value);
        if (scheme == "op" || scheme == "nsc") {
            warn(key, "uses " + scheme + "://, which Weir does not run; use a file or env://");
            return {};
        }
        if (value.starts_with("data:")) {
            const std::size_t comma = value.find(',');
            const std::string body = comma == std::string::npos ? "" : value.substr(comma + 1);
            const bool base64 = comma != std::string::npos && value.substr(0, comma).ends_with(";base64");
            return SecretRef::inClear(
                base64 ? QByteArray::fromBase64(QByteArray::fromStdString(body)).toStdString() : body);
        }
        return SecretRef::inClear(value);
    }

    void keep(const QString& key, const QJsonValue& value)
    {
        if (value.isUndefined() || value.isNull() || value == QJsonValue(QString()))
            return;
        const QByteArray json = QJsonDocument(QJsonObject{{key, value}}).toJson(QJsonDocument::Compact);
        // {"key":VALUE} without its braces and key: QJsonDocument prints no bare value.
        const auto begin = json.indexOf(':') + 1;
        m_out.profile.otherFields[key.toStdString()] = json.mid(begin, json.size() - begin - 1).toStdString();
    }

    QJsonObject m_object;
    LoadedProfile& m_out;
};

void readContext(ContextFields& fields, ConnectionProfile& profile)
{
    profile.description = fields.text("description");
    if (std::vector<std::string> urls = splitUrls(fields.text("url")); !urls.empty())
        profile.urls = std::move(urls);
    profile.user = fields.text("user");
    profile.password = fields.secret("password");
    profile.token = fields.secret("token");
    fields.pathOrSecret("creds", profile.credsFile, profile.credsText);
    fields.pathOrSecret("nkey", profile.nkeyFile, profile.nkeySeed);
    profile.userJwt = fields.secret("user_jwt");
    profile.userSeed = fields.secret("user_seed");
    profile.certFile = fields.path("cert");
    profile.keyFile = fields.path("key");
    profile.caFile = fields.path("ca");
    profile.tlsFirst = fields.flag("tls_first");
    profile.inboxPrefix = fields.text("inbox_prefix");
    profile.jetstreamDomain = fields.text("jetstream_domain");
    profile.jetstreamApiPrefix = fields.text("jetstream_api_prefix");
    profile.jetstreamEventPrefix = fields.text("jetstream_event_prefix");
    profile.socksProxy = fields.text("socks_proxy");
    if (!fields.text("nsc").empty())
        fields.warn("nsc", "names a credential of nsc, which Weir does not run; name its creds file");
    for (const char* key : {"name", "color_scheme", "windows_cert_store", "windows_cert_match_by",
                            "windows_cert_match", "windows_ca_certs_match"})
        fields.ignore(key);
    fields.keepUnknown();
}

} // namespace

NatsContexts::NatsContexts(std::string dir) : m_dir(dir.empty() ? defaultDir() : std::move(dir)) {}

std::vector<std::string> NatsContexts::list() const
{
    std::vector<std::string> names;
    std::error_code problem;
    for (fs::directory_iterator entry(m_dir + "/context", problem), end; !problem && entry != end;
         entry.increment(problem)) {
        if (entry->path().extension() == ".json")
            names.push_back(entry->path().stem().string());
    }
    std::sort(names.begin(), names.end());
    return names;
}

std::string NatsContexts::selected() const
{
    std::ifstream file(m_dir + "/context.txt");
    std::string name;
    file >> name;
    return name;
}

Error NatsContexts::unknownContext(const std::string& name) const
{
    const std::vector<std::string> known = list();
    const std::string hint = known.empty()
                                 ? "there are none; create one with `nats context add`, or give a server URL"
                                 : "known contexts: " + nearestNames(name, known);
    return {ErrorCode::NotFound, "loading the context " + name, "there is no such context in " + m_dir, hint};
}

Result<LoadedProfile> NatsContexts::load(const std::string& wanted) const
{
    const std::string name = wanted.empty() ? selected() : wanted;
    if (name.empty())
        return Error{ErrorCode::NotFound, "loading the selected context", "none is selected in " + m_dir,
                     "select one with `nats context select`, or name one"};
    if (name.find('/') != std::string::npos || name.starts_with('.'))
        return unknownContext(name);
    std::ifstream file(m_dir + "/context/" + name + ".json", std::ios::binary);
    if (!file)
        return unknownContext(name);
    const std::string bytes{std::istreambuf_iterator<char>(file), {}};
    QJsonParseError problem;
    const QJsonDocument document = QJsonDocument::fromJson(QByteArray::fromStdString(bytes), &problem);
    if (!document.isObject())
        return Error{ErrorCode::Format, "reading the context " + name,
                     problem.error == QJsonParseError::NoError ? "it is not a JSON object"
                                                               : problem.errorString().toStdString(),
                     "mend or recreate it with `nats context edit " + name + "`"};
    LoadedProfile loaded;
    loaded.profile.name = name;
    ContextFields fields(document.object(), loaded);
    readContext(fields, loaded.profile);
    return loaded;
}

} // namespace weir
