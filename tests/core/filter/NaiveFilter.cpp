// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/core/filter/NaiveFilter.h"

#include <QJsonDocument>
#include <QJsonObject>
#include <QRegularExpression>

#include <algorithm>
#include <vector>

namespace weir::test {
namespace {

using Texts = std::vector<std::string>;

const Texts kSubjects{
    "orders.1.created", "orders.2.created", "orders.2.paid", "auth.login", "a..b", "ping", ""};
const Texts kPatterns{"orders.>", "orders.*.created", "*.login", ">", "*", "ping", "*.*",
                      "a..b",     "orders.2.*"};
const Texts kPops{"FRA", "LHR", "SIN", ""};
const Texts kWorkers{"checkout", "auth", "has space", ""};
const Texts kIdentities{"ada", "bob", ""};
const Texts kHeaders{"1", "2", "text with \"quotes\"", "back\\slash"};
const Texts kWords{"needle", "hay", "say \"x\"", "c:\\dir", "7"};
const std::vector<std::int64_t> kMillis{0, 1, 5, 100, 250, 1000};
const Evidence kEvidence[] = {Evidence::Unknown, Evidence::Inferred, Evidence::Claimed, Evidence::Vouched,
                              Evidence::Verified};

template<typename List>
const auto& pick(std::mt19937& random, const List& list)
{
    return list[random() % std::size(list)];
}

/// Now and then with quotes that are not needed, always with those that are.
std::string written(std::mt19937& random, const std::string& value)
{
    const bool needed = value.empty() || value.find("..") != std::string::npos ||
                        value.find_first_of(" \",()") != std::string::npos;
    if (!needed && random() % 4 != 0)
        return value;
    std::string quoted = "\"";
    for (const char c : value) {
        if (c == '"' || c == '\\')
            quoted += '\\';
        quoted += c;
    }
    return quoted + '"';
}

/// NATS wildcards, token by token on lists.
bool subjectMatches(const std::string& pattern, const std::string& subject)
{
    const auto split = [](const std::string& text) {
        Texts tokens;
        for (const QString& token : QString::fromStdString(text).split('.'))
            tokens.push_back(token.toStdString());
        return tokens;
    };
    const Texts want = split(pattern);
    const Texts have = split(subject);
    for (std::size_t i = 0; i < want.size(); ++i) {
        if (want[i] == ">" && i + 1 == want.size()) {
            const bool onlyEmpty = have.size() == i + 1 && have[i].empty();
            return have.size() > i && !onlyEmpty;
        }
        if (i >= have.size() || (want[i] == "*" ? have[i].empty() : want[i] != have[i]))
            return false;
    }
    return have.size() == want.size();
}

template<typename Equal>
NaiveFilter listTerm(std::mt19937& random, const std::string& field, const Texts& from, Equal equal)
{
    Texts values;
    std::string list;
    for (std::size_t i = 1 + random() % 3; i > 0; --i) {
        values.push_back(pick(random, from));
        list += (list.empty() ? "" : random() % 2 == 0 ? "," : ", ") + written(random, values.back());
    }
    const bool unequal = random() % 3 == 0;
    const std::string op = unequal ? "!=" : random() % 2 == 0 ? ":" : "=";
    return {field + (random() % 5 == 0 ? " " : "") + op + (random() % 5 == 0 ? " " : "") + list,
            [=](const SampleMessage& message) {
                return unequal != std::any_of(values.begin(), values.end(), [&](const std::string& value) {
                           return equal(message, value);
                       });
            }};
}

/// An ordered comparison; `have` says whether there is a value, and which.
template<typename Have>
NaiveFilter orderTerm(std::mt19937& random, const std::string& field, const std::string& written,
                      double value, Have have)
{
    const std::string op = pick(random, Texts{":", "!=", "<", "<=", ">", ">="});
    return {field + op + written, [=](const SampleMessage& message) {
                double actual = 0;
                if (!have(message, actual))
                    return false;
                return op == ":"    ? actual == value
                       : op == "!=" ? actual != value
                       : op == "<"  ? actual < value
                       : op == "<=" ? actual <= value
                       : op == ">"  ? actual > value
                                    : actual >= value;
            }};
}

Texts headerValues(const SampleMessage& message)
{
    Texts values;
    for (const QString& line : QString::fromStdString(message.headers).split("\r\n")) {
        if (line.startsWith("x-test:", Qt::CaseInsensitive))
            values.push_back(line.mid(7).trimmed().toStdString());
    }
    return values;
}

bool hasHeader(const SampleMessage& message, const std::string& value)
{
    const Texts values = headerValues(message);
    return std::find(values.begin(), values.end(), value) != values.end();
}

QJsonValue jsonOf(const SampleMessage& message)
{
    return QJsonDocument::fromJson(QByteArray::fromStdString(message.payload)).object().value("n/a");
}

NaiveFilter numberTerm(std::mt19937& random)
{
    if (random() % 3 == 0) {
        const Evidence wanted = pick(random, kEvidence);
        return orderTerm(random, "evidence", std::string(evidenceName(wanted)), static_cast<double>(wanted),
                         [](const SampleMessage& message, double& value) {
                             value = static_cast<double>(message.evidence);
                             return true;
                         });
    }
    const std::int64_t millis = pick(random, kMillis);
    if (random() % 2 == 0)
        return orderTerm(random, "latency",
                         random() % 2 == 0 ? std::to_string(millis) + "ms"
                                           : std::to_string(millis * 1000) + "us",
                         static_cast<double>(millis) * 1e6, [](const SampleMessage& message, double& value) {
                             value = static_cast<double>(message.latency.count());
                             return message.latency != kNoDuration;
                         });
    return orderTerm(random, "size", std::to_string(millis), static_cast<double>(millis),
                     [](const SampleMessage& message, double& value) {
                         value = static_cast<double>(message.headers.size() + message.payload.size());
                         return true;
                     });
}

NaiveFilter jsonTerm(std::mt19937& random)
{
    const std::string op = pick(random, Texts{"<", ">=", ":"});
    const std::int64_t wanted = static_cast<std::int64_t>(random() % 4);
    return {"json./n~1a" + op + std::to_string(wanted), [=](const SampleMessage& message) {
                const QJsonValue value = jsonOf(message);
                if (op == ":" && value.isString())
                    return value.toString() == QString::number(wanted);
                if (!value.isDouble())
                    return false;
                const double have = value.toDouble();
                const auto want = static_cast<double>(wanted);
                return op == "<" ? have < want : op == ":" ? have == want : have >= want;
            }};
}

NaiveFilter searchTerm(std::mt19937& random)
{
    const std::string word = pick(random, kWords);
    const auto has = [word](const std::string& text) {
        return QString::fromStdString(text).contains(QString::fromStdString(word));
    };
    if (random() % 2 == 0)
        return {"payload:" + written(random, word),
                [has](const SampleMessage& message) { return has(message.payload); }};
    std::string quoted = written(random, word);
    if (!quoted.starts_with('"'))
        quoted = '"' + quoted + '"';
    return {quoted, [has](const SampleMessage& message) {
                return has(message.payload) || (!message.headers.empty() && has(message.headers.substr(10)));
            }};
}

NaiveFilter regexTerm(std::mt19937& random)
{
    const std::string pattern = pick(random, Texts{"^orders", "in$", "\\d", "[ab]\\.", "^$", "(paid|login)"});
    return {"subject~" + written(random, pattern), [=](const SampleMessage& message) {
                return QRegularExpression(QString::fromStdString(pattern))
                    .match(QString::fromStdString(message.subject))
                    .hasMatch();
            }};
}

NaiveFilter randomTerm(std::mt19937& random)
{
    switch (random() % 9) {
    case 0:
        return listTerm(random, "subject", kPatterns, [](const SampleMessage& m, const std::string& v) {
            return subjectMatches(v, m.subject);
        });
    case 1:
        return listTerm(random, "pop", kPops,
                        [](const SampleMessage& m, const std::string& v) { return m.pop == v; });
    case 2:
        return listTerm(random, "worker", kWorkers,
                        [](const SampleMessage& m, const std::string& v) { return m.worker == v; });
    case 3:
        return listTerm(random, "identity", kIdentities,
                        [](const SampleMessage& m, const std::string& v) { return m.identity == v; });
    case 4:
        return listTerm(random, "header.X-Test", kHeaders,
                        [](const SampleMessage& m, const std::string& v) { return hasHeader(m, v); });
    case 5:
        return jsonTerm(random);
    case 6:
        return searchTerm(random);
    case 7:
        return regexTerm(random);
    default:
        return numberTerm(random);
    }
}

NaiveFilter combined(std::mt19937& random, int depth, bool all)
{
    NaiveFilter made = randomFilter(random, depth - 1);
    for (std::size_t i = 1 + random() % 2; i > 0; --i) {
        const NaiveFilter next = randomFilter(random, depth - 1);
        made.text += (!all ? " OR " : random() % 2 == 0 ? " " : " AND ") + next.text;
        made.matches = [all, left = made.matches, right = next.matches](const SampleMessage& message) {
            return all ? left(message) && right(message) : left(message) || right(message);
        };
    }
    made.text = "(" + made.text + ")";
    return made;
}

} // namespace

NaiveFilter randomFilter(std::mt19937& random, int depth)
{
    const auto choice = random() % 6;
    if (depth <= 0 || choice < 2)
        return randomTerm(random);
    if (choice == 2) {
        NaiveFilter inner = randomFilter(random, depth - 1);
        return {"NOT " + inner.text,
                [matches = inner.matches](const SampleMessage& message) { return !matches(message); }};
    }
    return combined(random, depth, choice < 5);
}

SampleMessage randomMessage(std::mt19937& random)
{
    SampleMessage message;
    message.subject = pick(random, kSubjects);
    message.pop = pick(random, kPops);
    message.worker = pick(random, kWorkers);
    message.identity = pick(random, kIdentities);
    message.evidence = pick(random, kEvidence);
    message.claims.clear();
    message.trace.clear();
    message.headers.clear();
    if (random() % 4 != 0) {
        message.headers = "NATS/1.0\r\n";
        for (std::size_t i = random() % 3; i > 0; --i)
            message.headers += (random() % 2 == 0 ? "X-Test: " : "x-TEST:") + pick(random, kHeaders) + "\r\n";
        message.headers += "Other: " + pick(random, kWords) + "\r\n\r\n";
    }
    const Texts payloads{"",
                         "hay needle hay",
                         "say \"x\" in c:\\dir",
                         R"({"n/a":2})",
                         R"({"x":[1,{}],"n/a":1.5})",
                         R"({"n/a":"3"})",
                         R"({"n\/a":0, "y":"needle"})",
                         R"({"n/a":)",
                         "[7]"};
    message.payload = pick(random, payloads);
    message.latency =
        random() % 4 == 0 ? kNoDuration : Nanoseconds(std::chrono::milliseconds(pick(random, kMillis)));
    if (random() % 8 == 0)
        message.latency = std::chrono::milliseconds(-2);
    return message;
}

} // namespace weir::test
