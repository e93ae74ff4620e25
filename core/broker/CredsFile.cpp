// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/broker/CredsFile.h"

#include "core/broker/MonitorJson.h"
#include "core/broker/NkeySeed.h"

#include <QByteArray>
#include <QJsonDocument>
#include <QJsonObject>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <iterator>
#include <sys/stat.h>

namespace weir {
namespace {

std::string textOf(const QJsonObject& object, const char* key)
{
    return object.value(QLatin1String(key)).toString().toStdString();
}

std::string trimmed(std::string_view line)
{
    while (!line.empty() && (line.back() == '\r' || line.back() == ' ' || line.back() == '\t'))
        line.remove_suffix(1);
    while (!line.empty() && (line.front() == ' ' || line.front() == '\t'))
        line.remove_prefix(1);
    return std::string(line);
}

/// The blocks between lines that begin with at least three dashes; text outside of blocks is prose.
std::vector<std::string> blocks(std::string_view text)
{
    std::vector<std::string> found;
    bool inside = false;
    std::string body;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find('\n'), text.size());
        const std::string line = trimmed(text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
        if (line.starts_with("---")) {
            if (inside)
                found.push_back(std::move(body));
            body.clear();
            inside = !inside;
        } else if (inside) {
            body += line;
        }
    }
    return found;
}

Error badCreds(const std::string& origin, const std::string& why, ErrorCode code = ErrorCode::Format)
{
    return {code, "reading the credentials in " + origin, why, "get a fresh creds file for this user"};
}

} // namespace

Result<UserClaims> readUserJwt(std::string_view jwt)
{
    const auto bad = [](const std::string& why) {
        return Error{ErrorCode::Format, "reading the user JWT", why, "get a fresh creds file for this user"};
    };
    const std::size_t first = jwt.find('.');
    const std::size_t second = first == std::string_view::npos ? first : jwt.find('.', first + 1);
    if (second == std::string_view::npos)
        return bad("it has not the three parts of a JWT");
    const std::string_view part = jwt.substr(first + 1, second - first - 1);
    const QByteArray json = QByteArray::fromBase64(
        QByteArray(part.data(), static_cast<qsizetype>(part.size())), QByteArray::Base64UrlEncoding);
    const QJsonDocument document = QJsonDocument::fromJson(json);
    if (!document.isObject())
        return bad("its claims are not JSON");
    const QJsonObject claims = document.object();
    const QJsonObject nats = claims.value("nats").toObject();
    UserClaims user;
    user.name = textOf(claims, "name");
    user.publicKey = textOf(claims, "sub");
    user.issuer = textOf(claims, "iss");
    user.account = textOf(nats, "issuer_account");
    if (user.account.empty())
        user.account = user.issuer;
    user.issuedAt = unixTimeIn(claims, "iat");
    user.expires = unixTimeIn(claims, "exp");
    user.bearer = nats.value("bearer_token").toBool();
    if (!user.publicKey.starts_with('U'))
        return bad("it is not a user's: its subject is " +
                   (user.publicKey.empty() ? "missing" : user.publicKey));
    return user;
}

Result<CredsFile> CredsFile::parse(const Secret& text, const std::string& origin, Timestamp now)
{
    std::vector<std::string> found = blocks(text.reveal());
    if (found.empty())
        return badCreds(origin, "it holds no complete block: not a creds file, or cut off");
    CredsFile creds;
    creds.m_jwt = Secret(std::move(found[0]));
    creds.m_seed = Secret(found.size() > 1 ? std::move(found[1]) : std::string());
    Result<UserClaims> claims = readUserJwt(creds.m_jwt.reveal());
    if (!claims)
        return badCreds(origin, claims.error().why);
    creds.m_claims = *claims;
    if (creds.m_seed.isEmpty()) {
        if (!creds.m_claims.bearer)
            return badCreds(origin, "the seed is missing: the file is cut off");
    } else {
        const Result<std::string> key = nkeyPublicKey(creds.m_seed);
        if (!key)
            return badCreds(origin, key.error().why);
        if (*key != creds.m_claims.publicKey)
            return badCreds(origin,
                            "the seed belongs to " + *key + ", the JWT to " + creds.m_claims.publicKey);
    }
    if (creds.m_claims.expires != kNoTime && creds.m_claims.expires <= now)
        return badCreds(origin, "they expired at " + formatRfc3339(creds.m_claims.expires), ErrorCode::Auth);
    return creds;
}

Result<CredsFile> CredsFile::read(const std::string& path, Timestamp now)
{
    std::ifstream file(path, std::ios::binary);
    struct stat info = {};
    if (!file || ::stat(path.c_str(), &info) != 0) {
        const int problem = errno;
        const bool missing = problem == ENOENT || problem == ENOTDIR;
        return Error{missing ? ErrorCode::NotFound : ErrorCode::Permission, "opening the creds file " + path,
                     std::strerror(problem),
                     missing ? "check the path" : "make it readable for you (chmod 600)"};
    }
    if (!S_ISREG(info.st_mode))
        return Error{ErrorCode::Usage, "opening the creds file " + path, "it is not a file",
                     "name the file itself"};
    if (info.st_size > (1 << 20))
        return badCreds(path, "it is larger than 1 MiB: not a creds file");
    const Secret text(std::string{std::istreambuf_iterator<char>(file), {}});
    Result<CredsFile> creds = parse(text, path, now);
    if (creds && (info.st_mode & 077) != 0)
        creds->m_warnings.push_back("the creds file " + path + " can be read by others (chmod 600 " + path +
                                    ")");
    return creds;
}

} // namespace weir
