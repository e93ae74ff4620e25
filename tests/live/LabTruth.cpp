// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/live/LabTruth.h"

#include "core/broker/SubjectPattern.h"

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>

#include <algorithm>

namespace weir::test {
namespace {

const QString kLab = QStringLiteral(WEIR_SOURCE_DIR "/tests/lab/lab");

bool covers(const QString& pattern, const QString& subjects)
{
    return weir::patternCovers(pattern.toStdString(), subjects.toStdString());
}

/// The subjects that Workers and EdgeWorkers publish to, as lab.json writes them.
QStringList publishedIn(const QJsonObject& topology)
{
    QStringList published;
    for (const QJsonValue& worker : topology["workers"].toArray())
        published << texts(worker["subjects"]) << texts(worker["requests"]);
    return published;
}

} // namespace

Lab::~Lab()
{
    if (!m_described.isEmpty())
        (void)down();
}

bool Lab::up(const QStringList& arguments)
{
    Program up(kLab, QStringList{"up", "--dir", path()} + arguments);
    QFile file(path() + "/lab.json");
    if (up.exitCode(120'000) != 0 || !file.open(QIODevice::ReadOnly)) {
        m_error = up.errors();
        return false;
    }
    m_described = QJsonDocument::fromJson(file.readAll()).object();
    return true;
}

bool Lab::down()
{
    Program down(kLab, {"down", "--dir", path()});
    m_described = {};
    return down.exitCode() == 0;
}

bool Lab::incident(const QStringList& arguments)
{
    Program incident(kLab, QStringList{"incident"} + arguments + QStringList{"--dir", path()});
    const bool begun = incident.exitCode(30'000) == 0;
    m_error = incident.errors();
    return begun;
}

Program Lab::weir(const QStringList& arguments) const
{
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    environment.insert("XDG_CONFIG_HOME", path() + "/config");
    return Program(WEIR_BINARY, arguments, environment);
}

QStringList Lab::monitors() const
{
    QStringList arguments;
    for (const QString& url : texts(m_described["monitor"]))
        arguments << "--monitor" << url;
    return arguments;
}

QStringList Lab::subjects()
{
    QStringList arguments;
    for (const char* each : {"orders.>", "auth.>", "telemetry.>", "media.>", "inventory.check"})
        arguments << "--subject" << each;
    return arguments;
}

QStringList texts(const QJsonValue& list)
{
    QStringList found;
    for (const QJsonValue& each : list.toArray())
        found << each.toString();
    return found;
}

QSet<QString> expectedOf(const QJsonObject& topology, bool withBroker)
{
    QSet<QString> edges;
    const QStringList published = publishedIn(topology);
    for (const QJsonValue& value : topology["workers"].toArray()) {
        const QString worker = "worker:" + value["name"].toString();
        edges << "pop > " + worker;
        QString publisher = worker;
        if (value["identity"].isString()) {
            publisher = "identity:" + value["identity"].toString();
            edges << worker + " > " + publisher;
        }
        for (const QString& subject : texts(value["subjects"]) + texts(value["requests"]))
            edges << publisher + " > subjects:" + subject;
    }
    if (!withBroker)
        return edges;
    for (const QJsonValue& value : topology["streams"].toArray()) {
        const QString name = value["account"].toString() + "/" + value["name"].toString();
        for (const QString& subject : published) {
            for (const QString& taken : texts(value["subjects"])) {
                if (covers(taken, subject))
                    edges << "subjects:" + subject + " > stream:" + name;
            }
        }
        for (const QString& consumer : texts(value["consumers"]))
            edges << "stream:" + name + " > consumer:" + name + "/" + consumer;
    }
    for (const QJsonValue& value : topology["services"].toArray()) {
        const QString account = value["account"].toString() + "/";
        const QString name = value["name"].toString();
        QStringList clients;
        for (int i = 1; i <= value["instances"].toInt(); ++i)
            clients << "client:" + account +
                           (value["instances"].toInt() > 1 ? name + "-" + QString::number(i) : name);
        if (value["consumer"].isString()) {
            edges << "consumer:" + account + value["stream"].toString() + "/" + value["consumer"].toString() +
                         " > " + clients.first();
            continue;
        }
        const QString queue = "queue:" + account + value["queue"].toString();
        bool heard = false;
        for (const QString& subject : published) {
            const QStringList wanted = texts(value["subscribes"]);
            if (std::none_of(wanted.begin(), wanted.end(),
                             [&](const QString& each) { return covers(each, subject); }))
                continue;
            heard = true;
            edges << "subjects:" + subject + " > " + (value["queue"].isString() ? queue : clients.first());
        }
        for (const QString& client : value["queue"].isString() && heard ? clients : QStringList())
            edges << queue + " > " + client;
    }
    return edges;
}

QSet<QString> drawnIn(const QJsonObject& graph, const QJsonObject& topology)
{
    const QStringList published = publishedIn(topology);
    const auto word = [&](const QString& id) {
        if (id.startsWith("pop:"))
            return QString("pop");
        const auto truth = std::find_if(published.begin(), published.end(), [&](const QString& each) {
            return id.startsWith("subjects:") && covers(each, id.mid(9));
        });
        return truth == published.end() ? id : "subjects:" + *truth;
    };
    QSet<QString> edges;
    for (const QJsonValue& edge : graph["edges"].toArray())
        edges << word(edge["from"].toString()) + " > " + word(edge["to"].toString());
    return edges;
}

QByteArray inWords(const QSet<QString>& edges)
{
    QStringList sorted(edges.begin(), edges.end());
    sorted.sort();
    return sorted.join('\n').toUtf8();
}

QSet<QString> popsOf(const QJsonObject& graph)
{
    QSet<QString> pops;
    for (const QJsonValue& node : graph["nodes"].toArray()) {
        if (node["kind"].toString() == "pop")
            pops << node["name"].toString();
    }
    return pops;
}

QSet<QString> popsOfWorkers(const QJsonObject& topology)
{
    QSet<QString> edges;
    for (const QJsonValue& worker : topology["workers"].toArray()) {
        for (const QString& pop : texts(worker["pops"]))
            edges << "pop:" + pop + " > worker:" + worker["name"].toString();
    }
    return edges;
}

QSet<QString> popsDrawn(const QJsonObject& graph)
{
    QSet<QString> edges;
    for (const QJsonValue& edge : graph["edges"].toArray()) {
        if (edge["from"].toString().startsWith("pop:"))
            edges << edge["from"].toString() + " > " + edge["to"].toString();
    }
    return edges;
}

QSet<QString> popsMissing(const QJsonObject& graph, const QJsonObject& topology)
{
    constexpr qint64 kSure = 40; // messages a PoP: the least has a quarter of its share
    QSet<QString> missing = popsOfWorkers(topology) - popsDrawn(graph);
    for (const QJsonValue& worker : topology["workers"].toArray()) {
        const QString end = " > worker:" + worker["name"].toString();
        qint64 messages = 0;
        for (const QJsonValue& edge : graph["edges"].toArray()) {
            if (end == " > " + edge["to"].toString())
                messages += edge["messages"].toInteger();
        }
        if (messages >= kSure * worker["pops"].toArray().size())
            continue;
        missing.removeIf([&](const QString& edge) { return edge.endsWith(end); });
    }
    return missing;
}

} // namespace weir::test
