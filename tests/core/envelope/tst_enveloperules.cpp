// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/envelope/EnvelopeRules.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace weir;
using Kind = EnvelopeSource::Kind;

class TestEnvelopeRules : public QObject
{
    Q_OBJECT
private slots:
    void defaultsAreTheDesignsTable();
    void aNamedFactReplacesOurs();
    void extendStandsBeforeOurs();
    void redactOnlyAdds();
    void errorsNameFileAndPlace_data();
    void errorsNameFileAndPlace();
    void filesThatCannotBeRead();
    void theUsersFileIsOptional();
    void theReadmesExampleIsRight();
};

void TestEnvelopeRules::defaultsAreTheDesignsTable()
{
    const EnvelopeRules rules = EnvelopeRules::defaults();
    QCOMPARE(rules.pop.size(), 3U);
    QVERIFY(rules.pop[0].kind == Kind::HeaderAfterLastDash);
    QVERIFY(rules.pop[0].header == "Cf-Ray");
    QVERIFY(rules.pop[2].header == "X-Akamai-Edge-Pop");
    QCOMPARE(rules.worker.size(), 2U);
    QCOMPARE(rules.identity.size(), 5U);
    QVERIFY(rules.identity[0].kind == Kind::Jwt);
    QVERIFY(rules.identity[3].kind == Kind::RequestInfo);
    QVERIFY(rules.identity[3].pattern.empty());
    QCOMPARE(rules.trace.size(), 4U);
    QVERIFY(rules.trace[0].kind == Kind::Traceparent);
    QCOMPARE(rules.sent.size(), 2U);
    QVERIFY(!rules.redact.empty());
}

void TestEnvelopeRules::aNamedFactReplacesOurs()
{
    const auto rules = EnvelopeRules::parse(
        R"({"pop":[{"subject_token":2,"of":"edge.*.*.>"},{"header":"Cf-Ray","part":"after-last-dash"}]})",
        "mine", EnvelopeRules::defaults());
    QVERIFY(rules);
    QCOMPARE(rules->pop.size(), 2U);
    QVERIFY(rules->pop[0].kind == Kind::SubjectToken);
    QCOMPARE(rules->pop[0].token, 2U);
    QVERIFY(rules->pop[0].pattern == "edge.*.*.>");
    QVERIFY(rules->pop[1].kind == Kind::HeaderAfterLastDash);
    QCOMPARE(rules->worker.size(), 2U);
}

void TestEnvelopeRules::extendStandsBeforeOurs()
{
    const auto rules = EnvelopeRules::parse(R"({"extend":true,"worker":[{"header":"X-Script"}]})", "mine",
                                            EnvelopeRules::defaults());
    QVERIFY(rules);
    QCOMPARE(rules->worker.size(), 3U);
    QVERIFY(rules->worker[0].header == "X-Script");
    QVERIFY(rules->worker[1].header == "X-Edge-Worker");
}

void TestEnvelopeRules::redactOnlyAdds()
{
    const std::size_t before = EnvelopeRules::defaults().redact.size();
    const auto rules = EnvelopeRules::parse(R"({"redact":["X-Session"]})", "mine", EnvelopeRules::defaults());
    QVERIFY(rules);
    QCOMPARE(rules->redact.size(), before + 1);
}

void TestEnvelopeRules::errorsNameFileAndPlace_data()
{
    QTest::addColumn<QString>("json");
    QTest::addColumn<QString>("place");
    const auto row = [](const char* name, const char* json, const char* place) {
        QTest::newRow(name) << json << place;
    };
    row("not JSON", "{", "not JSON");
    row("empty", "", "not JSON");
    row("a list", "[]", "at /: expected an object");
    row("unknown fact", R"({"pops":[]})", "at /pops: expected pop, worker");
    row("fact not a list", R"({"pop":{}})", "at /pop: expected a list");
    row("source not an object", R"({"pop":["Cf-Ray"]})", "at /pop/0: expected an object");
    row("unknown member", R"({"pop":[{"header":"A"},{"heder":"B"}]})", "at /pop/1/heder: expected");
    row("no place", R"({"pop":[{}]})", "at /pop/0: expected header");
    row("two places", R"({"pop":[{"header":"A","subject_token":1}]})", "at /pop/0: expected one place");
    row("name with a colon", R"({"pop":[{"header":"A:"}]})", "at /pop/0/header: expected a header name");
    row("empty name", R"({"pop":[{"header":""}]})", "at /pop/0/header: expected a header name");
    row("negative token", R"({"pop":[{"subject_token":-1}]})", "at /pop/0/subject_token: expected a token");
    row("wrong part", R"({"pop":[{"header":"A","part":"first"}]})", "at /pop/0/part: expected");
    row("jwt as pop", R"({"pop":[{"jwt":"A"}]})", "at /pop/0: expected a kind of source that pop");
    row("pattern on a header", R"({"pop":[{"header":"A","of":"x.>"}]})", "at /pop/0: expected \"of\" only");
    row("extend is a word", R"({"extend":"yes"})", "at /extend: expected true or false");
    row("redact not a list", R"({"redact":"A"})", "at /redact: expected a list");
    row("redact a number", R"({"redact":["A",1]})", "at /redact/1: expected a header name");
}

void TestEnvelopeRules::errorsNameFileAndPlace()
{
    QFETCH(QString, json);
    QFETCH(QString, place);
    const auto rules =
        EnvelopeRules::parse(json.toStdString(), "/etc/my-rules.json", EnvelopeRules::defaults());
    QVERIFY(!rules);
    const QString line = QString::fromStdString(rules.error().line());
    QVERIFY2(line.contains("/etc/my-rules.json"), qPrintable(line));
    QVERIFY2(line.contains(place), qPrintable(line));
}

void TestEnvelopeRules::filesThatCannotBeRead()
{
    const QTemporaryDir dir;
    const std::filesystem::path folder = dir.path().toStdString();
    QVERIFY(EnvelopeRules::load(folder / "none.json", {}).error().code == ErrorCode::NotFound);
    QVERIFY(EnvelopeRules::load(folder, {}).error().code == ErrorCode::Io);
    QFile file(dir.filePath("rules.json"));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(R"({"worker":[{"header":"X-Script"}]})");
    file.close();
    const auto rules = EnvelopeRules::load(folder / "rules.json", EnvelopeRules::defaults());
    QVERIFY(rules);
    QCOMPARE(rules->worker.size(), 1U);
}

void TestEnvelopeRules::theUsersFileIsOptional()
{
    const QTemporaryDir dir;
    qputenv("XDG_CONFIG_HOME", dir.path().toUtf8());
    QCOMPARE(QString::fromStdString(EnvelopeRules::userFile().string()),
             dir.filePath("weir/envelope-rules.json"));
    QVERIFY(EnvelopeRules::forUser());
    QVERIFY(QDir(dir.path()).mkpath("weir"));
    QFile file(dir.filePath("weir/envelope-rules.json"));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write("{\"pop\": 3}");
    file.close();
    QVERIFY(!EnvelopeRules::forUser());
}

/// What the README shows is read, and says what it shows.
void TestEnvelopeRules::theReadmesExampleIsRight()
{
    QFile file(WEIR_SOURCE_DIR "/README.md");
    QVERIFY(file.open(QIODevice::ReadOnly));
    const QByteArray text = file.readAll();
    const qsizetype section = text.indexOf("\n## Envelope rules\n");
    const qsizetype begin = text.indexOf("```json\n", section) + 8;
    QVERIFY(section > 0 && begin > section && begin < text.indexOf("\n## ", section + 1));
    const QByteArray json = text.mid(begin, text.indexOf("```", begin) - begin);
    const EnvelopeRules ours = EnvelopeRules::defaults();
    const auto rules = EnvelopeRules::parse(json.toStdString(), "README.md", ours);
    QVERIFY2(rules, rules ? "" : rules.error().line().c_str());
    QVERIFY(rules->pop[0].kind == Kind::HeaderAfterLastDash && rules->pop[0].header == "X-Served-By");
    QVERIFY(rules->pop[1].kind == Kind::SubjectToken && rules->pop[1].token == 1);
    QCOMPARE(rules->pop[1].pattern, std::string("edge.*.>"));
    QCOMPARE(rules->pop.size(), ours.pop.size() + 2); // extend
    QVERIFY(rules->worker[0].kind == Kind::Header && rules->worker[0].header == "X-Script");
    QVERIFY(rules->identity[0].kind == Kind::Jwt);
    QVERIFY(rules->identity[1].kind == Kind::RequestInfo && rules->identity[1].pattern == "api.>");
    QVERIFY(rules->trace[0].kind == Kind::Traceparent);
    QVERIFY(rules->sent[0].kind == Kind::Header);
    QCOMPARE(rules->redact.back(), std::string("X-Api-Key"));
}

QTEST_GUILESS_MAIN(TestEnvelopeRules)
#include "tst_enveloperules.moc"
