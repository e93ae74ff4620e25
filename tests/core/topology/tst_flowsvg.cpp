// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/topology/FlowNames.h"
#include "core/topology/FlowSvg.h"
#include "core/topology/FlowSvgText.h"
#include "core/topology/FlowText.h"
#include "tests/core/topology/SvgElements.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QTest>

using namespace weir;
using weir::test::elementsOf;
using weir::test::kEvil;
using Element = weir::test::SvgElement;
using namespace std::chrono_literals;

namespace {

FlowNode nodeOf(const std::string& name, FlowKind kind)
{
    return {std::string(flowKindName(kind)) + ":" + name, kind, name, {{"account", "EDGE"}}};
}

std::shared_ptr<const FlowPicture> pictureOf(FlowGraph graph)
{
    FlowLayout layout;
    const auto placed = layout.place(std::make_shared<const FlowGraph>(std::move(graph)));
    return placed ? *placed : nullptr;
}

std::shared_ptr<const FlowPicture> threeNodes(const std::string& name)
{
    FlowAssembly assembly;
    assembly.node(nodeOf("FRA", FlowKind::Pop));
    assembly.node(nodeOf(name, FlowKind::SubjectGroup));
    assembly.node(nodeOf("ledger", FlowKind::Client));
    FlowEdge seen;
    seen.rate = 40;
    seen.because = "messages say so";
    assembly.edge("pop:FRA", "subjects:" + name, seen);
    FlowEdge declared;
    declared.basis = FlowBasis::Declared;
    declared.because = "subscription to " + name;
    assembly.edge("subjects:" + name, "client:ledger", declared);
    FlowGraph graph = assembly.take();
    graph.from = Timestamp(10s);
    graph.to = Timestamp(70s);
    graph.filter = "pop:FRA";
    graph.coverage = {"dropped_queue, 12 messages <of " + name};
    graph.findings = {{"no_traffic", "client:ledger", "nothing came", "for " + name, "look"}};
    return pictureOf(std::move(graph));
}

QStringList texts(const QList<Element>& elements, const char* name)
{
    QStringList found;
    for (const Element& element : elements) {
        if (element.name == QLatin1String(name))
            found << element.text;
    }
    return found;
}

} // namespace

class TestFlowSvg : public QObject
{
    Q_OBJECT
private slots:
    void spellsNames_data();
    void spellsNames();
    void drawsWhatThereIs();
    void staysHonest();
    void marksWhatChanged();
    void takesAnyName();
    void keepsTextInItsRoom();
    void speaksAsGraphvizDoes();
    void isReadByGraphviz();
    void speaksToCytoscape();
    void writesRatesOfAnySize();
    void writesEachFactOnce();
    void keepsItsLegendInsideOfAComparison();
};

void TestFlowSvg::spellsNames_data()
{
    QTest::addColumn<QByteArray>("name");
    QTest::addColumn<QByteArray>("spelled");
    QTest::newRow("plain") << QByteArray("orders.é.日本") << QByteArray("orders.é.日本");
    QTest::newRow("control") << QByteArray("a\n\x01\x7f") << QByteArray("a\\n\\x01\\x7f");
    QTest::newRow("C1") << QByteArray("a\u0085") << QByteArray("a\\u{85}");
    QTest::newRow("turned") << QByteArray("a\u202Eb") << QByteArray("a\\u{202e}b");
    QTest::newRow("astral tag") << QByteArray("a\U000E0041") << QByteArray("a\\u{e0041}");
    QTest::newRow("no UTF-8") << QByteArray("a\xff\xc3") << QByteArray("a\\xff\\xc3");
    QTest::newRow("noncharacter") << QByteArray("\xef\xbf\xbf") << QByteArray("\\u{ffff}");
    QTest::newRow("surrogate") << QByteArray("\xed\xa0\x80") << QByteArray("\\xed\\xa0\\x80");
    QTest::newRow("marks") << QByteArray("a\u0300\u0301\u0302\u0303b") << QByteArray("a\u0300\u0301\u0302b");
    QTest::newRow("joiner") << QByteArray("\u0915\u094D\u200D\u0937")
                            << QByteArray("\u0915\u094D\u200D\u0937");
}

void TestFlowSvg::spellsNames()
{
    QFETCH(QByteArray, name);
    QFETCH(QByteArray, spelled);
    QCOMPARE(QByteArray::fromStdString(harmlessName(name.toStdString())), spelled);
    QCOMPARE(harmlessName(std::string(5000, 'x'), 100), std::string(100, 'x') + "…");
}

void TestFlowSvg::drawsWhatThereIs()
{
    const auto picture = threeNodes("orders.*.created");
    QVERIFY(picture);
    const QList<Element> elements = elementsOf(flowSvg(*picture));
    QVERIFY(!elements.isEmpty());
    const QStringList words = texts(elements, "text");
    for (const char* word : {"FRA", "orders.*.created", "ledger", "PoP · 1", "Subjects · 1", "Client · 1",
                             "40/s", "observed", "declared", "inferred"})
        QVERIFY2(words.contains(QString::fromUtf8(word)), word);
    QList<Element> lines;
    for (const Element& element : elements) {
        if (element.name == "path" && element.attributes.hasAttribute("stroke-width") &&
            element.attributes.value("d").contains('C'))
            lines << element;
    }
    QCOMPARE(lines.size(), 2);
    // The slower first, under the others.
    QCOMPARE(lines[0].attributes.value("stroke-width"), QString("1"));
    QCOMPARE(lines[0].attributes.value("stroke-dasharray"), QString("7,4"));
    QCOMPARE(lines[1].attributes.value("stroke-width"), QString("10"));
    QVERIFY(!lines[1].attributes.hasAttribute("stroke-dasharray"));
    const QStringList tips = texts(elements, "title");
    QVERIFY(tips.contains("FRA → orders.*.created, 40/s, observed: messages say so"));
    QVERIFY(
        tips.contains("orders.*.created → ledger, not counted, declared: subscription to orders.*.created"));
    QVERIFY(tips.contains("Client ledger, account EDGE, nothing came"));
}

void TestFlowSvg::staysHonest()
{
    const auto picture = threeNodes("orders");
    QVERIFY(picture);
    const QString words = texts(elementsOf(flowSvg(*picture)), "text").join('\n');
    QVERIFY2(
        words.contains("1970-01-01T00:00:10.000000000Z to 1970-01-01T00:01:10.000000000Z, filter pop:FRA"),
        qPrintable(words));
    QVERIFY(words.contains("! nothing came (for orders)"));
    QVERIFY(words.contains("dropped_queue, 12 messages <of orders"));
    const QString dot = QString::fromStdString(flowDot(*picture->graph));
    QVERIFY(dot.contains("filter pop:FRA"));
    QVERIFY(dot.contains("dropped_queue, 12 messages"));
    QVERIFY(dot.contains("! nothing came (for orders)"));
}

/// A comparison's picture says what became of its parts, by words and colour.
void TestFlowSvg::marksWhatChanged()
{
    FlowGraph graph = *threeNodes("orders")->graph;
    const auto strokes = [](const std::string& svg, const char* color) {
        const QString wanted = QString("stroke=\"%1\"").arg(color);
        return QString::fromStdString(svg).count(wanted);
    };
    const std::string plain = flowSvg(*threeNodes("orders"));
    QCOMPARE(strokes(plain, "#006b4f") + strokes(plain, "#b03000"), 0);
    graph.against = FlowSpan{Timestamp(1s), Timestamp(2s)};
    graph.nodes[*graph.find("client:ledger")].change = FlowChange::Vanished;
    graph.edges[0].change = FlowChange::Appeared;
    const std::string svg = flowSvg(*pictureOf(std::move(graph)));
    const QList<Element> elements = elementsOf(svg);
    const QStringList words = texts(elements, "text");
    QVERIFY(words.contains(QString::fromUtf8("− ledger")));
    QVERIFY(words.contains("+ new") && words.contains(QString::fromUtf8("− gone")));
    QVERIFY(words.join(' ').contains("compared with 1970-01-01T00:00:01"));
    QCOMPARE(strokes(svg, "#006b4f"), 2); // the line and the legend
    QCOMPARE(strokes(svg, "#b03000"), 2); // the box and the legend
}

void TestFlowSvg::takesAnyName()
{
    const auto picture = threeNodes(kEvil);
    QVERIFY(picture);
    const std::string svg = flowSvg(*picture);
    const QList<Element> elements = elementsOf(svg);
    QVERIFY(!elements.isEmpty());
    const QString all = texts(elements, "title").join('\n') + texts(elements, "text").join('\n');
    QVERIFY2(all.contains("a<b>&\"'\\x01\\n\\u{202e}evil\\xff]]>"), qPrintable(all));
    QVERIFY(!all.contains(QChar(0x202E)) && !QString::fromStdString(svg).contains(QChar(0x202E)));
    for (const Element& element : elements)
        QVERIFY2(element.name != "b", "markup of a name");
    // Nothing at all is a picture, too.
    QVERIFY(!elementsOf(flowSvg(*pictureOf({}))).isEmpty());
}

void TestFlowSvg::keepsTextInItsRoom()
{
    const std::string wide = svgElided(std::string(300, 'W') + "日本語", 100, 12);
    QVERIFY2(svgTextWidth(wide, 12) <= 100 && wide.find("…") != std::string::npos, wide.c_str());
    QVERIFY(wide.ends_with("語"));
    QCOMPARE(svgElided("short", 100, 12), std::string("short"));
    std::string joined;
    for (const std::string& line : svgWrapped("one two three " + std::string(100, 'x') + " four", 90, 12)) {
        QVERIFY2(svgTextWidth(line, 12) <= 90, line.c_str());
        joined += line;
    }
    std::erase(joined, ' ');
    QCOMPARE(joined, "onetwothree" + std::string(100, 'x') + "four");
    QCOMPARE(svgNumber(10), std::string("10"));
    QCOMPARE(svgNumber(-0.5), std::string("-0.5"));
}

/// Graphviz itself, given the same graph as DOT, says the same of it.
void TestFlowSvg::speaksAsGraphvizDoes()
{
    for (const std::string& name : {std::string("orders.>"), kEvil}) {
        const auto picture = threeNodes(name);
        const auto objectsOf = [](const QByteArray& text) { return QJsonDocument::fromJson(text).object(); };
        const QJsonObject ours = objectsOf(QByteArray::fromStdString(flowGraphviz(*picture)));
        QCOMPARE(ours["objects"].toArray().size(), 3);
        QCOMPARE(ours["edges"].toArray().size(), 2);
        QVERIFY(ours["directed"].toBool() && ours["_subgraph_cnt"].toInt(-1) == 0);
        QVERIFY(ours["objects"][0]["pos"].toString().contains(','));
        QProcess dot;
        dot.start("dot", {"-Tdot_json"});
        QVERIFY2(dot.waitForStarted(), "Graphviz's own program is not installed");
        dot.write(QByteArray::fromStdString(flowDot(*picture->graph)));
        dot.closeWriteChannel();
        QVERIFY(dot.waitForFinished());
        const QJsonObject theirs = objectsOf(dot.readAllStandardOutput());
        QMap<int, QString> names; // theirs: clusters and ranks stand among the objects
        for (const QJsonValue& each : theirs["objects"].toArray())
            names[each["_gvid"].toInt()] = each["name"].toString();
        QCOMPARE(theirs["edges"].toArray().size(), 2);
        for (int i = 0; i < 2; ++i) {
            const QJsonValue own = ours["edges"][i];
            const QJsonValue same = theirs["edges"][i];
            const auto nameOf = [&](const char* end) {
                return ours["objects"][own[QLatin1String(end)].toInt()]["name"].toString();
            };
            // DOT spells odd names out, JSON need not.
            QCOMPARE(names[same["tail"].toInt()].left(10), nameOf("tail").left(10));
            QCOMPARE(names[same["head"].toInt()].left(10), nameOf("head").left(10));
            QCOMPARE(same["style"].toString(), own["style"].toString());
            QCOMPARE(same["penwidth"].toString(), own["penwidth"].toString());
        }
    }
}

void TestFlowSvg::isReadByGraphviz()
{
    for (const std::string& name : {std::string("orders.>"), kEvil}) {
        const auto picture = threeNodes(name);
        QVERIFY(picture);
        QProcess dot;
        dot.start("dot", {"-Tplain"});
        QVERIFY2(dot.waitForStarted(), "Graphviz's own program is not installed");
        dot.write(QByteArray::fromStdString(flowDot(*picture->graph)));
        dot.closeWriteChannel();
        QVERIFY(dot.waitForFinished());
        QCOMPARE(dot.readAllStandardError(), QByteArray());
        const QByteArray plain = dot.readAllStandardOutput();
        QCOMPARE(plain.count("\nnode "), 3);
        QCOMPARE(plain.count("\nedge "), 2);
    }
}

void TestFlowSvg::speaksToCytoscape()
{
    const auto picture = threeNodes(kEvil);
    QVERIFY(picture);
    QJsonParseError error{};
    const QJsonObject json =
        QJsonDocument::fromJson(QByteArray::fromStdString(flowCytoscape(*picture)), &error).object();
    QVERIFY2(error.error == QJsonParseError::NoError, qPrintable(error.errorString()));
    const QJsonArray nodes = json["elements"]["nodes"].toArray();
    const QJsonArray edges = json["elements"]["edges"].toArray();
    QCOMPARE(nodes.size(), 3);
    QCOMPARE(edges.size(), 2);
    QStringList ids;
    for (qsizetype i = 0; i < nodes.size(); ++i) {
        const FlowPlace& place = picture->places[static_cast<std::size_t>(i)];
        QCOMPARE(nodes[i]["position"]["x"].toDouble(), place.x);
        QCOMPARE(nodes[i]["position"]["y"].toDouble(), place.y);
        ids << nodes[i]["data"]["id"].toString();
    }
    for (const QJsonValue& edge : edges) {
        QVERIFY(ids.contains(edge["data"]["source"].toString()));
        QVERIFY(ids.contains(edge["data"]["target"].toString()));
        QVERIFY(!edge["data"]["evidence"].toString().isEmpty());
        QVERIFY(!ids.contains(edge["data"]["id"].toString()));
    }
    QCOMPARE(json["data"]["filter"].toString(), QString("pop:FRA"));
    QCOMPARE(json["data"]["coverage"].toArray().size(), 1);
    QCOMPARE(json["data"]["findings"][0]["kind"].toString(), QString("no_traffic"));
    QCOMPARE(json["layout"]["name"].toString(), QString("preset"));
    // A graph that stands nowhere has no positions.
    FlowPicture nowhere;
    nowhere.graph = picture->graph;
    const QJsonObject bare =
        QJsonDocument::fromJson(QByteArray::fromStdString(flowCytoscape(nowhere)), &error).object();
    QVERIFY2(error.error == QJsonParseError::NoError, qPrintable(error.errorString()));
    QCOMPARE(bare["elements"]["nodes"].toArray().size(), 3);
    QVERIFY(bare["elements"]["nodes"][0]["position"].isUndefined() && !bare.contains("layout"));
}

void TestFlowSvg::writesRatesOfAnySize()
{
    for (const auto& [rate, text] :
         {std::pair(0.0, "0/s"), std::pair(0.25, "0.25/s"), std::pair(999.4, "999/s"),
          std::pair(999.6, "1 k/s"), std::pair(12'340.0, "12.3 k/s"), std::pair(999'900.0, "1 M/s"),
          std::pair(2.5e6, "2.5 M/s")})
        QCOMPARE(flowRateText(rate), std::string(text));
    QCOMPARE(flowRateText({}), std::string());
}

/// A server has several tags; a JSON object has a name once.
void TestFlowSvg::writesEachFactOnce()
{
    FlowGraph graph;
    graph.nodes.push_back({"server:A", FlowKind::Server, "A", {{"tag", "iata:FRA"}, {"tag", "fast"}}});
    graph.nodes.back().figures = {{"messages", 12'345'678'901.0}, {"rate", 0.5}};
    const QByteArray json = QByteArray::fromStdString(flowJson(graph));
    QCOMPARE(json.count("\"tag\":"), 1);
    const QJsonObject node = QJsonDocument::fromJson(json)["nodes"][0].toObject();
    QCOMPARE(node["tag"].toString(), QString("iata:FRA, fast"));
    QCOMPARE(node["messages"].toInteger(), 12'345'678'901);
    QCOMPARE(node["rate"].toDouble(), 0.5);
}

/// Its signs are more than the smallest picture is wide.
void TestFlowSvg::keepsItsLegendInsideOfAComparison()
{
    FlowGraph graph = *threeNodes("orders")->graph;
    graph.nodes.resize(1);
    graph.edges.clear();
    graph.against = FlowSpan{Timestamp(1s), Timestamp(2s)};
    const QList<Element> elements = elementsOf(flowSvg(*pictureOf(std::move(graph))));
    const double wide = elements.first().attributes.value("width").toDouble();
    const auto legend = std::find_if(elements.begin(), elements.end(), [](const Element& each) {
        return each.text == "errors, slow, or a finding";
    });
    QVERIFY(legend != elements.end());
    const double end =
        legend->attributes.value("x").toDouble() + svgTextWidth(legend->text.toStdString(), 12);
    QVERIFY2(end < wide, qPrintable(QString::number(end)));
}

QTEST_GUILESS_MAIN(TestFlowSvg)
#include "tst_flowsvg.moc"
