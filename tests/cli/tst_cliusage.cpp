// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/cli/Shell.h"

#include <QFile>
#include <QRegularExpression>
#include <QTest>

using namespace weir::test;

/// Help, version and everything that is wrong before anything begins: the texts and the exit codes.
class TestCliUsage : public QObject
{
    Q_OBJECT
private slots:
    void helps_data();
    void helps();
    void tellsItsVersion();
    void refusesWrongUsage_data();
    void refusesWrongUsage();
    void saysWhichContextsThereAre();
    void theReadmeNamesEveryOption_data();
    void theReadmeNamesEveryOption();
    void saysThatThereIsNoDisplay();

private:
    Shell m_shell;
};

void TestCliUsage::helps_data()
{
    QTest::addColumn<QStringList>("arguments");
    QTest::addColumn<QByteArrayList>("words");
    QTest::newRow("weir") << QStringList{"--help"}
                          << QByteArrayList{
                                 "record",      "query", "info", "--context NAME", "opens the console",
                                 "Exit: 0 done"};
    QTest::newRow("short") << QStringList{"-h"} << QByteArrayList{"record"};
    QTest::newRow("record") << QStringList{"record", "--help"}
                            << QByteArrayList{"--history FILE",  "--subject S",  "--stream NAME",
                                              "--count N",       "--duration D", "--max-rate N",
                                              "--jwks FILE|URL", "--issuer ISS", "--audience AUD",
                                              "Ctrl+C"};
    QTest::newRow("query") << QStringList{"query", "--help"}
                           << QByteArrayList{"FILTER", "--from TIME", "--order oldest|newest",
                                             "--format text|json|ndjson|csv", "--count"};
    QTest::newRow("info") << QStringList{"info", "--help"}
                          << QByteArrayList{"--subjects", "--pops", "--format text|json",
                                            "Exits with 3 when something is missing"};
}

void TestCliUsage::helps()
{
    QFETCH(const QStringList, arguments);
    QFETCH(const QByteArrayList, words);
    const Said said = m_shell.weir(arguments);
    QCOMPARE(said.code, 0);
    QCOMPARE(said.err, QByteArray());
    for (const QByteArray& word : words)
        QVERIFY2(said.out.contains(word), (word + " is not in\n" + said.out).constData());
    QVERIFY2(!said.out.contains("ENUM"), said.out.constData());
}

void TestCliUsage::tellsItsVersion()
{
    const Said said = m_shell.weir({"--version"});
    QCOMPARE(said.code, 0);
    QCOMPARE(said.out, QByteArray("weir " WEIR_VERSION "\n"));
}

void TestCliUsage::refusesWrongUsage_data()
{
    QTest::addColumn<QStringList>("arguments");
    QTest::addColumn<QByteArray>("error");
    const auto row = [](const char* name, const QStringList& arguments, const QByteArray& error) {
        QTest::newRow(name) << arguments << error;
    };
    const QByteArray line = "reading the command line failed: ";
    const QStringList query{"query", "--history", "h.db"};
    const QStringList record{"record", "--history", "h.db", "--server", "nats://127.0.0.1:1"};
    row("command", {"recrod"},
        line + "there is no command 'recrod' (commands are record, query, latency, topology, credentials, "
               "info, history "
               "and sql; see "
               "weir --help)");
    row("option", {"query", "--histroy", "h.db"},
        line + "there is no option --histroy (did you mean --history? see weir query --help)");
    row("beginning of an option", record + QStringList{"--subj", "a"},
        line + "there is no option --subj (did you mean --subject? see weir record --help)");
    row("option of another command", query + QStringList{"--duration", "1s"},
        line + "there is no option --duration (see weir query --help)");
    row("option of the console", {"--bogus=1"}, line + "there is no option --bogus (see weir --help)");
    row("option of the console, nearly", {"--sever=1"},
        line + "there is no option --sever (did you mean --server? see weir --help)");
    row("word too many", {"info", "--history", "h.db", "x"},
        line + "'x' is one word too many (see weir info --help)");
    row("no history", {"query"}, line + "--history is required (see weir query --help)");
    row("empty history", {"query", "--history", ""},
        "opening the history failed: its name is empty (name a file)");
    row("history without name", {"query", "--history"}, line + "--history: ");
    row("limit word", query + QStringList{"--limit", "abc"},
        line + "--limit takes a whole number, 0 or more, not 'abc' (see weir query --help)");
    row("limit below 0", query + QStringList{"--limit", "-1"},
        line + "--limit takes a whole number, 0 or more, not '-1'");
    row("limit fraction", query + QStringList{"--limit", "1.5"},
        line + "--limit takes a whole number, 0 or more, not '1.5'");
    row("limit beyond", query + QStringList{"--limit", "99999999999999999999"}, line + "--limit takes");
    row("order", query + QStringList{"--order", "up"}, line + "--order takes oldest|newest, not 'up'");
    row("format", query + QStringList{"--format", "xml"},
        line + "--format takes text|json|ndjson|csv, not 'xml'");
    row("format of info", {"info", "--history", "h.db", "--format", "csv"},
        line + "--format takes text|json, not 'csv'");
    row("from", query + QStringList{"--from", "yesterday"},
        "reading time 'yesterday' failed: it is not a time (write ");
    row("to", query + QStringList{"--to", "2026-13-01"},
        "reading time '2026-13-01' failed: it is not a time");
    row("from after to", query + QStringList{"--from", "-5m", "--to", "-10m"},
        "reading the range failed: --from is not before --to");
    row("field", query + QStringList{"pop:FRA bogus:1"},
        "reading the filter failed: column 9: there is no field 'bogus'");
    row("unit", query + QStringList{"subject:a", "latency>12q"},
        "reading the filter failed: column 19: 'q' is no unit of time");
    row("parenthesis", query + QStringList{"(subject:a"},
        "reading the filter failed: column 11: the '(' of column 1 is not closed");
    row("regular expression", query + QStringList{"payload~["},
        "reading the filter failed: column 9: '[' is not a regular expression");
    row("no subject", record, line + "nothing says what to record (give --subject S, or --stream NAME)");
    row("count 0", record + QStringList{"--subject", "a", "--count", "0"},
        line + "--count takes a whole number, 1 or more, not '0'");
    row("rate", record + QStringList{"--subject", "a", "--max-rate", "x"},
        line + "--max-rate takes a whole number, 0 or more, not 'x'");
    row("duration", record + QStringList{"--subject", "a", "--duration", "10x"},
        "reading duration '10x' failed: it is not a duration (write ");
    row("audience alone", record + QStringList{"--subject", "a", "--audience", "x"},
        line + "--audience alone verifies nothing");
    row("stream of two", record + QStringList{"--stream", "S", "--subject", "a", "--subject", "b"},
        line + "a stream takes one --subject at the most");
    row("before the command", {"--context", "lab", "record", "--history", "h.db"},
        line + "--context stands before 'record', where it is the console's (write it after: weir record "
               "--context ");
    row("console without broker", {"--subject", "query"},
        line + "nothing says which broker to observe (give --context NAME, or --server URL)");
}

void TestCliUsage::refusesWrongUsage()
{
    QFETCH(const QStringList, arguments);
    QFETCH(const QByteArray, error);
    const Said said = m_shell.weir(arguments);
    QVERIFY2(said.code == 2, said.all().constData());
    QCOMPARE(said.out, QByteArray());
    QVERIFY2(said.err.startsWith("weir: " + error), said.all().constData());
    QCOMPARE(said.err.count('\n'), 1);
    QVERIFY2(!QFile::exists(m_shell.file("h.db")), "wrong usage must not leave a file");
}

void TestCliUsage::saysWhichContextsThereAre()
{
    const QStringList record{"record", "--history", "h.db", "--subject", "a"};
    const Said none = m_shell.weir(record + QStringList{"--context", "nope"});
    QCOMPARE(none.code, 1);
    QVERIFY2(none.err.startsWith("weir: loading the context nope failed: there is no such context in "),
             none.all().constData());
    const Said unselected = m_shell.weir(record);
    QCOMPARE(unselected.code, 1);
    QVERIFY2(unselected.err.startsWith("weir: loading the selected context failed: none is selected"),
             unselected.all().constData());
    const Said nobody = m_shell.weir(record + QStringList{"--server", "nats://127.0.0.1:1"});
    QCOMPARE(nobody.code, 1);
    QVERIFY2(nobody.err.startsWith("weir: connecting to nats://127.0.0.1:1 failed: Connection refused ("),
             nobody.all().constData());
    QCOMPARE(nobody.out, QByteArray());
    QVERIFY2(!QFile::exists(m_shell.file("h.db")), "a broker that is not there must not leave a file");
}

void TestCliUsage::theReadmeNamesEveryOption_data()
{
    QTest::addColumn<QString>("command");
    for (const char* command : {"", "record", "query", "info", "topology"})
        QTest::newRow(*command == '\0' ? "weir" : command) << QString(command);
}

void TestCliUsage::theReadmeNamesEveryOption()
{
    QFETCH(const QString, command);
    const Said said = m_shell.weir((command.isEmpty() ? QStringList() : QStringList{command}) << "--help");
    const QString readme = QString::fromUtf8(bytesOf(WEIR_SOURCE_DIR "/README.md"));
    // The command's own rows, and the two lines of what several commands share.
    const QString rowStart = command.isEmpty() ? "| `weir`" : "| `weir " + command;
    QString row;
    for (const QString& line : readme.split('\n'))
        row += line.startsWith(rowStart) ? line : QString();
    QVERIFY(!row.isEmpty());
    const qsizetype shared = readme.indexOf("A broker is `--context NAME`");
    const QString told = row + readme.mid(shared, readme.indexOf("\n\n", shared) - shared);
    static const QRegularExpression option("^ +(?:-h,)?(--[a-z-]+)", QRegularExpression::MultilineOption);
    auto found = option.globalMatch(QString::fromUtf8(said.out));
    int count = 0;
    while (found.hasNext()) {
        const QString name = found.next().captured(1);
        const QRegularExpression word(QRegularExpression::escape(name) + "(?![a-z-])");
        QVERIFY2(told.contains(word), qPrintable(name + " of weir " + command + " is not in the README"));
        ++count;
    }
    QVERIFY(count >= 4);
    // And the other way round.
    static const QRegularExpression anOption("--[a-z-]+");
    auto promised = anOption.globalMatch(row);
    while (promised.hasNext()) {
        const QString name = promised.next().captured();
        QVERIFY2(said.out.contains(name.toUtf8()), qPrintable("weir " + command + " has no " + name));
    }
}

void TestCliUsage::saysThatThereIsNoDisplay()
{
    const Said said = m_shell.weir({});
    QCOMPARE(said.code, 1);
    QVERIFY2(said.err.startsWith("weir: opening the console failed: there is no display ("),
             said.all().constData());
}

QTEST_GUILESS_MAIN(TestCliUsage)
#include "tst_cliusage.moc"
