// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/topology/FlowSvgText.h"
#include "core/topology/FlowText.h"
#include "core/topology/ServersSvg.h"
#include "core/topology/WorldMarks.h"
#include "core/topology/WorldSvg.h"
#include "tests/core/topology/SvgElements.h"
#include "tests/support/WarningFreeTest.h"
#include "tests/ui/ServerPictures.h"
#include "tests/ui/WorldPictures.h"

#include <QImage>
#include <QPainter>
#include <QRegularExpression>
#include <QSvgRenderer>
#include <QTest>

using namespace weir;
using weir::test::elementsOf;
using weir::test::kEvil;
using Element = weir::test::SvgElement;

namespace {

/// And one without an end.
const std::string kLong = kEvil + std::string(4096, 'W');

/// About what a text covers; 12 px high where nothing else is said.
QRectF boxOf(const Element& text)
{
    const double size = text.attributes.hasAttribute("font-size") ? text.number("font-size") : 12;
    const double wide = svgTextWidth(text.text.toStdString(), size) * 0.9; // the guess is rather too wide
    const auto anchor = text.attributes.value("text-anchor");
    const double left = anchor == QLatin1String("end")      ? wide
                        : anchor == QLatin1String("middle") ? wide / 2
                                                            : 0;
    return QRectF(text.number("x") - left, text.number("y") - size * 0.8, wide, size).translated(text.moved);
}

/// The points of a path that are written absolutely.
QList<QPointF> pointsOf(const Element& path)
{
    static const QRegularExpression kStep("([MLCQ])([-0-9. ]+)");
    QList<QPointF> points;
    auto steps = kStep.globalMatch(path.attributes.value("d").toString());
    while (steps.hasNext()) {
        const QStringList numbers = steps.next().captured(2).split(' ', Qt::SkipEmptyParts);
        for (qsizetype i = 0; i + 1 < numbers.size(); i += 2)
            points << QPointF(numbers[i].toDouble(), numbers[i + 1].toDouble()) + path.moved;
    }
    return points;
}

QRectF viewOf(const QList<Element>& elements)
{
    const QStringList box = elements.first().attributes.value("viewBox").toString().split(' ');
    return {box[0].toDouble(), box[1].toDouble(), box[2].toDouble(), box[3].toDouble()};
}

/// What is drawn beyond the picture's edge; empty: nothing.
QString beyondOf(const QList<Element>& elements)
{
    const QRectF view = viewOf(elements).adjusted(-0.5, -0.5, 0.5, 0.5);
    for (const Element& each : elements) {
        QList<QPointF> points;
        if (each.name == "text")
            points << boxOf(each).topLeft() << boxOf(each).bottomRight();
        else if (each.name == "path")
            points = pointsOf(each);
        else if (each.name == "circle")
            points << each.moved +
                          QPointF(each.number("cx") - each.number("r"), each.number("cy") - each.number("r"))
                   << each.moved +
                          QPointF(each.number("cx") + each.number("r"), each.number("cy") + each.number("r"));
        else if (each.name == "rect" && each.attributes.value("width") != QLatin1String("100%"))
            points << each.moved + QPointF(each.number("x"), each.number("y"))
                   << each.moved + QPointF(each.number("x") + each.number("width"),
                                           each.number("y") + each.number("height"));
        for (const QPointF& point : points) {
            if (!view.contains(point))
                return QStringLiteral("%1 %2 at %3, %4")
                    .arg(each.name, each.text)
                    .arg(point.x())
                    .arg(point.y());
        }
    }
    return {};
}

/// Two texts of which one lies on the other; empty: none do.
QString overlapOf(const QList<Element>& elements)
{
    QList<std::pair<QRectF, QString>> texts;
    for (const Element& each : elements) {
        if (each.name != "text")
            continue;
        const QRectF box = boxOf(each).adjusted(1, 2, -1, -2);
        for (const auto& [other, word] : texts) {
            if (other.intersects(box))
                return each.text + " and " + word;
        }
        texts << std::pair(box, each.text);
    }
    return {};
}

QImage imageOf(const std::string& svg, double scale = 1)
{
    QSvgRenderer renderer(QByteArray::fromStdString(svg));
    if (!renderer.isValid())
        return {};
    QImage image((QSizeF(renderer.defaultSize()) * scale).toSize(), QImage::Format_RGB32);
    image.fill(Qt::white);
    QPainter painter(&image);
    renderer.render(&painter);
    return image;
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

std::shared_ptr<const ServerPlan> planOf(const BrokerLook& look)
{
    return planServers(std::make_shared<const ServerGraph>(serverGraph(look, nullptr)));
}

/// Three servers of one cluster, and a leaf node.
BrokerLook threeServers(const std::string& name)
{
    BrokerLook look;
    look.time = Timestamp(std::chrono::seconds(1'790'000'000));
    for (const char* id : {"A", "B", "C"}) {
        SeenServer server;
        server.id = id;
        server.name = name + id;
        server.cluster = name;
        server.version = "2.10.22";
        server.host = "127.0.0.1:4222";
        server.leafHost = "127.0.0.1:7422";
        server.tags = {name};
        look.servers.push_back(server);
    }
    const auto link = [&](SeenLink::Kind kind, const char* from, const char* to, int rtt) {
        SeenLink made;
        made.kind = kind;
        made.server = from;
        made.remote = to;
        made.remoteName = name + to;
        made.address = "127.0.0.1:6222";
        made.rtt = std::chrono::microseconds(rtt);
        look.links.push_back(made);
    };
    link(SeenLink::Kind::Route, "A", "B", 400);
    link(SeenLink::Kind::Route, "B", "C", 500);
    link(SeenLink::Kind::Route, "A", "C", 600'000); // slow
    link(SeenLink::Kind::Leaf, "A", "", 21'000);
    return look;
}

std::shared_ptr<const WorldGraph> worldOf(std::vector<PopSum> pops)
{
    const BrokerLook look = test::serversIn({"FRA", "SIN"});
    return std::make_shared<const WorldGraph>(worldGraph(std::move(pops), &look));
}

} // namespace

class TestTopologySvg : public test::WarningFreeTest
{
    Q_OBJECT
private slots:
    void drawsWhole_data();
    void drawsWhole();
    void popsAreAsLargeAndShadedAsInTheWindow();
    void listsWhatIsNotOnTheMap();
    void placesWithoutServersHaveNoLines();
    void marksSlowLinks();
    void tellsRttAndRates();
    void takesAnyName();
    void takesNothing();
};

void TestTopologySvg::drawsWhole_data()
{
    QTest::addColumn<QString>("picture");
    QTest::addColumn<int>("nodes");
    for (const int nodes : {3, 20, 200, 2000}) {
        QTest::addRow("world %d", nodes) << "world" << nodes;
        QTest::addRow("servers %d", nodes) << "servers" << nodes;
    }
}

/// Well-formed, drawn by Qt, nothing beyond its edge, and no word on another.
void TestTopologySvg::drawsWhole()
{
    QFETCH(QString, picture);
    QFETCH(int, nodes);
    const auto count = static_cast<std::size_t>(nodes);
    const std::string svg = picture == "world" ? worldSvg(*test::bigWorld(count, nodes == 3 ? 1 : 5))
                            : nodes == 3       ? serversSvg(*planOf(threeServers("nats-")))
                                               : serversSvg(*test::bigPlan(count));
    const QList<Element> elements = elementsOf(svg);
    QVERIFY(!elements.isEmpty());
    QCOMPARE(beyondOf(elements), QString());
    QCOMPARE(overlapOf(elements), QString());
    QVERIFY(svg.size() < 6'000'000);
    const QImage image = imageOf(svg);
    QVERIFY(!image.isNull());
    QCOMPARE(image.size(), viewOf(elements).size().toSize());
    if (const QByteArray dir = qgetenv("WEIR_SCREENSHOT_DIR"); !dir.isEmpty())
        QVERIFY(image.save(QString::fromLocal8Bit(dir) +
                           QStringLiteral("/svg-%1-%2.png").arg(picture).arg(nodes)));
}

void TestTopologySvg::popsAreAsLargeAndShadedAsInTheWindow()
{
    std::vector<PopSum> pops = test::bigPops(20);
    const auto world = worldOf(pops);
    const QList<Element> elements = elementsOf(worldSvg(*world));
    constexpr double kLarge = 1200; // px around the Earth, at least, in a file
    double most = 0;
    for (const PopSum& pop : pops)
        most = std::max(most, pop.rate.value_or(0));
    for (const char* name : {"GRU", "SYD"}) {
        const std::uint32_t node = *world->graph.find(std::string("pop:") + name);
        bool found = false;
        for (qsizetype i = 0; i + 1 < elements.size(); ++i) {
            if (elements[i].name != "title" ||
                !elements[i].text.startsWith(QStringLiteral("PoP %1,").arg(name)))
                continue;
            found = true;
            const Element& disc = elements[i + 1];
            QCOMPARE(disc.name, QString("circle"));
            QVERIFY(std::abs(disc.number("r") - worldRadius(*world->sums[node].rate, most, kLarge)) < 0.01);
            const WorldShade shade = worldShade(*world, node);
            QCOMPARE(disc.attributes.value("fill").toString().toStdString(),
                     svgPale(shade == WorldShade::Slow ? kSvgWarning : kSvgAccent, worldStrength(shade)));
        }
        QVERIFY2(found, name);
    }
    const QString words = texts(elements, "text").join('\n');
    QVERIFY(words.contains("p99 up to the median, " +
                           QString::fromStdString(formatDuration(world->median->figure))));
    QVERIFY(words.contains("up to " + QString::fromStdString(flowRateText(most))));
    QVERIFY(words.contains("! ")); // what is slow
}

void TestTopologySvg::listsWhatIsNotOnTheMap()
{
    const auto world = test::bigWorld(200, 3);
    const QList<Element> elements = elementsOf(worldSvg(*world));
    const QStringList words = texts(elements, "text");
    for (const char* name : {"QQ1", "edge-lab", "no PoP"})
        QVERIFY2(words.contains(QLatin1String(name)), name);
    QVERIFY(words.contains("Not on the map: no place is known for them"));
    QVERIFY(
        !texts(elementsOf(worldSvg(*test::bigWorld(20, 3))), "text").join(' ').contains("Not on the map"));
    // All two thousand, where no code is known.
    std::vector<PopSum> pops = test::bigPops(2000);
    for (std::size_t i = 0; i < pops.size(); ++i)
        pops[i].name = "X" + std::to_string(i);
    const QList<Element> many = elementsOf(worldSvg(*worldOf(std::move(pops))));
    QCOMPARE(texts(many, "text").filter(QRegularExpression("^X[0-9]+$")).size(), 2000);
    QCOMPARE(beyondOf(many), QString());
    QCOMPARE(overlapOf(many), QString());
}

void TestTopologySvg::placesWithoutServersHaveNoLines()
{
    const WorldGraph world = worldGraph(test::bigPops(20), nullptr);
    const QList<Element> elements = elementsOf(worldSvg(world));
    QVERIFY(!elements.isEmpty());
    const QString words = texts(elements, "text").join('\n');
    QVERIFY(!words.contains("region that serves it"));
    QVERIFY(words.contains("who serves is not known"));
}

void TestTopologySvg::marksSlowLinks()
{
    const QList<Element> elements = elementsOf(serversSvg(*planOf(threeServers("nats-"))));
    int slow = 0;
    for (const Element& each : elements) {
        if (each.name == "path" && each.text.isEmpty() &&
            each.attributes.value("stroke") == QLatin1String(kSvgWarning) &&
            each.attributes.hasAttribute("stroke-width") && each.attributes.value("d").contains('L') &&
            !each.attributes.hasAttribute("transform"))
            ++slow;
    }
    QCOMPARE(slow, 1);
    const QString words = texts(elements, "text").join('\n');
    QVERIFY2(words.contains("600 ms"), qPrintable(words));
    QVERIFY2(words.contains("! route nats-A – nats-C is slow"), qPrintable(words));
}

void TestTopologySvg::tellsRttAndRates()
{
    const QList<Element> elements = elementsOf(serversSvg(*test::bigPlan(20)));
    const QStringList words = texts(elements, "text");
    static const QRegularExpression kLabel("^[0-9.]+ (µs|ms) · [0-9.]+( k)?/s$");
    QVERIFY(words.filter(kLabel).size() > 5);
    QVERIFY(words.filter(QRegularExpression("clients? · [0-9.]+ k/s in$")).size() > 5);
    QVERIFY(words.contains("not reached"));
    for (const char* beyond :
         {"Behind gateways · 1", "not reached · 3 far ends", "partner", "cluster behind gateways"})
        QVERIFY2(words.contains(QString::fromUtf8(beyond)), beyond);
    QVERIFY(words.filter("Leaf nodes · ").size() >= 1);
    for (const char* kind : {"route", "gateway", "leaf node"})
        QVERIFY2(words.contains(QLatin1String(kind)), kind);
    QVERIFY(texts(elements, "title").filter("connection").size() > 5);
}

void TestTopologySvg::takesAnyName()
{
    for (const std::string& name : {kEvil, kLong, std::string(), std::string("\0\0", 2)}) {
        std::vector<PopSum> pops = test::bigPops(20);
        pops[3].name = name;
        for (const std::string& svg : {worldSvg(*worldOf(pops)), serversSvg(*planOf(threeServers(name)))}) {
            const QList<Element> elements = elementsOf(svg);
            QVERIFY(!elements.isEmpty());
            QCOMPARE(beyondOf(elements), QString());
            QVERIFY(!QString::fromStdString(svg).contains(QChar(0x202E)));
            for (const Element& element : elements)
                QVERIFY2(element.name != "b", "markup of a name");
            QVERIFY(!imageOf(svg, 0.1).isNull());
            const QString all = texts(elements, "title").join('\n') + texts(elements, "text").join('\n');
            QVERIFY(!name.starts_with("a<") || all.contains("a<b>&\"'\\x01\\n\\u{202e}evil\\xff]]>"));
        }
    }
}

void TestTopologySvg::takesNothing()
{
    for (const std::string& svg : {worldSvg(worldGraph({}, nullptr)), serversSvg(*planOf({}))}) {
        const QList<Element> elements = elementsOf(svg);
        QVERIFY(!elements.isEmpty());
        QCOMPARE(beyondOf(elements), QString());
        QVERIFY(!imageOf(svg).isNull());
    }
}

QTEST_MAIN(TestTopologySvg)
#include "tst_topologysvg.moc"
