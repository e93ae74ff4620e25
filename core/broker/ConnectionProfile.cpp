// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/broker/ConnectionProfile.h"

#include "core/broker/Keyring.h"

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <iterator>

namespace weir {
namespace {

Result<Secret> readSecretFile(const std::string& path)
{
    std::ifstream file(path, std::ios::binary);
    if (!file)
        return Error{ErrorCode::NotFound, "reading the secret in " + path, "the file cannot be opened",
                     "check the path and its permissions"};
    std::string text{std::istreambuf_iterator<char>(file), {}};
    while (!text.empty() && (text.back() == '\n' || text.back() == '\r'))
        text.pop_back();
    return Secret(std::move(text));
}

Result<Secret> readVariable(const std::string& name)
{
    const char* text = std::getenv(name.c_str());
    if (text == nullptr)
        return Error{ErrorCode::NotFound, "reading the environment variable " + name, "it is not set",
                     "set it before starting Weir"};
    return Secret(std::string(text));
}

} // namespace

std::string SecretRef::describe() const
{
    switch (kind) {
    case Kind::None:
        return "not set";
    case Kind::Literal:
        return "written in the context";
    case Kind::Environment:
        return "environment variable " + name;
    case Kind::Keyring:
        return "keyring entry " + name;
    case Kind::File:
        return "file " + name;
    }
    return {};
}

Result<Secret> SecretRef::resolve() const
{
    switch (kind) {
    case Kind::None:
        return Secret();
    case Kind::Literal:
        return literal;
    case Kind::Environment:
        return readVariable(name);
    case Kind::Keyring:
        return readKeyring(name);
    case Kind::File:
        return readSecretFile(name);
    }
    return Secret();
}

SecretRef SecretRef::inClear(std::string text)
{
    return {Kind::Literal, {}, Secret(std::move(text))};
}

SecretRef SecretRef::environment(std::string variable)
{
    return {Kind::Environment, std::move(variable), {}};
}

SecretRef SecretRef::keyring(std::string entry)
{
    return {Kind::Keyring, std::move(entry), {}};
}

SecretRef SecretRef::file(std::string path)
{
    return {Kind::File, std::move(path), {}};
}

std::string ConnectionProfile::jetstreamApi() const
{
    if (!jetstreamApiPrefix.empty())
        return jetstreamApiPrefix;
    return jetstreamDomain.empty() ? "$JS.API" : "$JS." + jetstreamDomain + ".API";
}

bool ConnectionProfile::wantsTls() const
{
    const auto isTls = [](const std::string& url) { return url.starts_with("tls://"); };
    return tlsRequired || !caFile.empty() || !certFile.empty() ||
           std::any_of(urls.begin(), urls.end(), isTls);
}

std::string ConnectionProfile::urlsForPeople() const
{
    std::string text;
    for (const std::string& url : urls)
        text += (text.empty() ? "" : ", ") + withoutUserInfo(url);
    return text;
}

std::string ConnectionProfile::credentialsForPeople() const
{
    if (!user.empty())
        return "user " + user;
    if (!credsFile.empty())
        return "creds file " + credsFile;
    if (credsText.isSet())
        return "creds, " + credsText.describe();
    if (!nkeyFile.empty())
        return "nkey file " + nkeyFile;
    if (nkeySeed.isSet())
        return "nkey, " + nkeySeed.describe();
    if (userJwt.isSet())
        return "user JWT, " + userJwt.describe();
    if (token.isSet())
        return "token, " + token.describe();
    return certFile.empty() ? "no credentials" : "client certificate " + certFile;
}

std::string withoutUserInfo(std::string_view url)
{
    const std::size_t scheme = url.find("://");
    const std::size_t begin = scheme == std::string_view::npos ? 0 : scheme + 3;
    const std::size_t at = url.rfind('@');
    if (at == std::string_view::npos || at < begin)
        return std::string(url);
    return std::string(url.substr(0, begin)) + std::string(url.substr(at + 1));
}

} // namespace weir
