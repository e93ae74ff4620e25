// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/broker/ProfileStore.h"

#include "core/base/WholeFile.h"
#include "core/broker/Keyring.h"
#include "core/broker/NearNames.h"

#include <QDir>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QStandardPaths>

#include <utility>

namespace weir {
namespace {

/// The text fields of a profile's file, one table for reading and writing.
constexpr std::pair<const char*, std::string ConnectionProfile::*> kTexts[] = {
    {"description", &ConnectionProfile::description},
    {"user", &ConnectionProfile::user},
    {"creds", &ConnectionProfile::credsFile},
    {"nkey", &ConnectionProfile::nkeyFile},
    {"cert", &ConnectionProfile::certFile},
    {"key", &ConnectionProfile::keyFile},
    {"ca", &ConnectionProfile::caFile},
    {"inbox_prefix", &ConnectionProfile::inboxPrefix},
    {"jetstream_domain", &ConnectionProfile::jetstreamDomain},
    {"jetstream_api_prefix", &ConnectionProfile::jetstreamApiPrefix},
    {"jetstream_event_prefix", &ConnectionProfile::jetstreamEventPrefix},
    {"socks_proxy", &ConnectionProfile::socksProxy},
    {"system_creds", &ConnectionProfile::systemCreds},
    {"monitor_url", &ConnectionProfile::monitorUrl},
};

constexpr std::pair<const char*, SecretRef ConnectionProfile::*> kSecrets[] = {
    {"password", &ConnectionProfile::password},    {"token", &ConnectionProfile::token},
    {"creds_text", &ConnectionProfile::credsText}, {"nkey_seed", &ConnectionProfile::nkeySeed},
    {"user_jwt", &ConnectionProfile::userJwt},     {"user_seed", &ConnectionProfile::userSeed},
};

constexpr std::pair<const char*, std::vector<std::string> IdentityConfig::*> kIdentity[] = {
    {"jwks", &IdentityConfig::jwks},
    {"issuers", &IdentityConfig::issuers},
    {"audiences", &IdentityConfig::audiences},
};

constexpr std::pair<const char*, SecretRef::Kind> kKinds[] = {
    {"environment", SecretRef::Kind::Environment},
    {"keyring", SecretRef::Kind::Keyring},
    {"file", SecretRef::Kind::File},
};

QString text(const std::string& from)
{
    return QString::fromStdString(from);
}

QJsonArray array(const std::vector<std::string>& from)
{
    QJsonArray list;
    for (const std::string& one : from)
        list += text(one);
    return list;
}

std::vector<std::string> strings(const QJsonValue& from)
{
    std::vector<std::string> list;
    for (const QJsonValue& one : from.toArray())
        list.push_back(one.toString().toStdString());
    return list;
}

QJsonObject toJson(const ConnectionProfile& profile)
{
    QJsonObject object;
    for (const auto& [key, value] : profile.otherFields)
        object[text(key)] =
            QJsonDocument::fromJson("[" + QByteArray::fromStdString(value) + "]").array().at(0);
    object["urls"] = array(profile.urls);
    for (const auto& [key, member] : kTexts) {
        if (!(profile.*member).empty())
            object[QLatin1String(key)] = text(profile.*member);
    }
    for (const auto& [key, member] : kSecrets) {
        for (const auto& [word, kind] : kKinds) {
            if ((profile.*member).kind == kind)
                object[QLatin1String(key)] = QJsonObject{{QLatin1String(word), text((profile.*member).name)}};
        }
    }
    object["tls_verify"] = profile.tlsVerify;
    object["tls_required"] = profile.tlsRequired;
    object["tls_first"] = profile.tlsFirst;
    object["subjects"] = array(profile.subjects);
    for (const auto& [key, member] : kIdentity) {
        if (!(profile.identity.*member).empty())
            object[QLatin1String(key)] = array(profile.identity.*member);
    }
    object["max_messages_per_second"] = static_cast<qint64>(profile.budget.maxMessagesPerSecond);
    object["max_bytes_per_second"] = static_cast<qint64>(profile.budget.maxBytesPerSecond);
    object["connect_timeout_ms"] = static_cast<qint64>(profile.connectTimeout.count());
    return object;
}

SecretRef secretFrom(const QJsonObject& object)
{
    for (const auto& [word, kind] : kKinds) {
        if (const QJsonValue name = object.value(QLatin1String(word)); name.isString())
            return {kind, name.toString().toStdString(), {}};
    }
    return {};
}

std::uint64_t number(QJsonObject& object, const char* key, std::uint64_t otherwise)
{
    const QJsonValue value = object.take(QLatin1String(key));
    return value.isDouble() && value.toDouble() >= 0 ? static_cast<std::uint64_t>(value.toInteger())
                                                     : otherwise;
}

LoadedProfile fromJson(QJsonObject object, const std::string& name)
{
    LoadedProfile loaded;
    ConnectionProfile& profile = loaded.profile;
    profile.name = name;
    profile.urls = strings(object.take("urls"));
    for (const auto& [key, member] : kTexts)
        profile.*member = object.take(QLatin1String(key)).toString().toStdString();
    for (const auto& [key, member] : kSecrets)
        profile.*member = secretFrom(object.take(QLatin1String(key)).toObject());
    profile.tlsVerify = object.take("tls_verify").toBool(true);
    profile.tlsRequired = object.take("tls_required").toBool();
    profile.tlsFirst = object.take("tls_first").toBool();
    profile.subjects = strings(object.take("subjects"));
    for (const auto& [key, member] : kIdentity)
        profile.identity.*member = strings(object.take(QLatin1String(key)));
    const ObservationBudget usual;
    profile.budget.maxMessagesPerSecond =
        number(object, "max_messages_per_second", usual.maxMessagesPerSecond);
    profile.budget.maxBytesPerSecond = number(object, "max_bytes_per_second", usual.maxBytesPerSecond);
    profile.connectTimeout = std::chrono::milliseconds(number(object, "connect_timeout_ms", 3000));
    for (const QString& key : object.keys()) {
        const QByteArray json = QJsonDocument(QJsonArray{object.value(key)}).toJson(QJsonDocument::Compact);
        profile.otherFields[key.toStdString()] = json.mid(1, json.size() - 2).toStdString();
        loaded.warnings.push_back("profile " + name + ": the field " + key.toStdString() +
                                  " is unknown to this version: kept, without effect");
    }
    return loaded;
}

std::string standardDir()
{
    return QStandardPaths::writableLocation(QStandardPaths::AppConfigLocation).toStdString() + "/profiles";
}

} // namespace

ProfileStore::ProfileStore(std::string dir) : m_dir(dir.empty() ? standardDir() : std::move(dir)) {}

Result<std::string> ProfileStore::path(const std::string& name) const
{
    if (name.empty() || name.starts_with('.') || name.find_first_of("/\\") != std::string::npos)
        return Error{ErrorCode::Usage, "naming a profile '" + name + "'",
                     "a name is not empty and has no slash", "choose another name"};
    return m_dir + "/" + name + ".json";
}

std::vector<std::string> ProfileStore::list() const
{
    std::vector<std::string> names;
    for (const QString& file : QDir(text(m_dir)).entryList({"*.json"}, QDir::Files, QDir::Name))
        names.push_back(file.chopped(5).toStdString());
    return names;
}

Result<LoadedProfile> ProfileStore::load(const std::string& name) const
{
    const Result<std::string> place = path(name);
    if (!place)
        return place.error();
    QFile file(text(*place));
    if (!file.open(QIODevice::ReadOnly)) {
        const std::vector<std::string> known = list();
        return Error{file.exists() ? ErrorCode::Permission : ErrorCode::NotFound,
                     "loading the profile " + name, file.errorString().toStdString(),
                     known.empty() ? "there are none yet" : "known profiles: " + nearestNames(name, known)};
    }
    const QJsonDocument document = QJsonDocument::fromJson(file.readAll());
    if (!document.isObject())
        return Error{ErrorCode::Format, "reading the profile " + name, *place + " is not a JSON object",
                     "mend or remove that file"};
    return fromJson(document.object(), name);
}

Result<void> ProfileStore::save(const ConnectionProfile& profile) const
{
    const Result<std::string> place = path(profile.name);
    if (!place)
        return place.error();
    const std::string what = "saving the profile " + profile.name;
    for (const auto& [key, member] : kSecrets) {
        if ((profile.*member).kind == SecretRef::Kind::Literal)
            return Error{ErrorCode::Usage, what, std::string("its ") + key + " is in clear",
                         "put it into the keyring, a file or an environment variable"};
    }
    for (const std::string& url : profile.urls) {
        if (withoutUserInfo(url) != url)
            return Error{ErrorCode::Usage, what, "a URL holds a user or a token",
                         "give the user apart from the URL"};
    }
    QDir().mkpath(text(m_dir));
    QFile::setPermissions(text(m_dir), QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner);
    const auto saved = writeWholeFile(text(*place), QJsonDocument(toJson(profile)).toJson(), FileFor::Owner);
    if (!saved)
        return Error{saved.error().code, what, saved.error().why, "check the folder " + m_dir};
    return {};
}

Result<void> ProfileStore::remove(const std::string& name) const
{
    const Result<std::string> place = path(name);
    if (!place)
        return place.error();
    QFile file(text(*place));
    if (!file.remove())
        return Error{ErrorCode::NotFound, "removing the profile " + name, file.errorString().toStdString(),
                     ""};
    return {};
}

Result<SecretRef> ProfileStore::storeSecret(const std::string& entry, const Secret& secret)
{
    if (Result<void> stored = writeKeyring(entry, secret); !stored)
        return stored.error();
    return SecretRef::keyring(entry);
}

} // namespace weir
