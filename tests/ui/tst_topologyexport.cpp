// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/core/topology/SubjectFeed.h"
#include "tests/support/WarningFreeTest.h"
#include "tests/ui/FlowPictures.h"
#include "tests/ui/ServerPictures.h"
#include "tests/ui/WorldPictures.h"
#include "ui/views/topology/TopologyExport.h"

#include <QAction>
#include <QFile>
#include <QFileDialog>
#include <QFileInfo>
#include <QImage>
#include <QMenu>
#include <QPainter>
#include <QSignalSpy>
#include <QSvgRenderer>
#include <QTemporaryDir>
#include <QTest>

#include <map>

using namespace weir;

namespace {

QByteArray bytesOf(const QString& path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

/// A part of all pixels that are not white.
double inked(const QImage& image, const QRect& part)
{
    qint64 dark = 0;
    for (int y = part.top(); y <= part.bottom(); ++y) {
        for (int x = part.left(); x <= part.right(); ++x)
            dark += qGray(image.pixel(x, y)) < 240 ? 1 : 0;
    }
    return static_cast<double>(dark) / (static_cast<double>(part.width()) * part.height());
}

std::shared_ptr<const SubjectPicture> bigSubjects()
{
    SubjectTree tree;
    test::SubjectFeed feed(tree);
    for (int i = 0; i < 120; ++i)
        feed.add("orders.r" + std::to_string(i % 10) + ".k" + std::to_string(i), i + 1);
    return std::make_shared<const SubjectPicture>(subjectPicture(tree, {}));
}

} // namespace

class TestTopologyExport : public test::WarningFreeTest
{
    Q_OBJECT
private slots:
    void rendersTheSvg();
    void savesEachFormat_data();
    void savesEachFormat();
    void drawsAHugePictureSmaller();
    void saysWhyThereIsNoFile();
    void hasNothingToSave();

private:
    /// Chooses `action` and this place in the dialog that comes.
    void save(TopologyExport& button, const char* action, const QString& path)
    {
        button.menu()->findChild<QAction*>(QLatin1String(action))->trigger();
        auto* dialog = button.findChild<QFileDialog*>(QStringLiteral("flowExportDialog"));
        QVERIFY(dialog);
        dialog->setDirectory(QFileInfo(path).path());
        emit dialog->fileSelected(path);
        dialog->close();
    }
    [[nodiscard]] static TopologySheet sheetOf(const QString& picture)
    {
        if (picture == "subjects")
            return subjectsSheet(bigSubjects());
        if (picture == "world")
            return worldSheet(test::bigWorld(120, 3));
        return picture == "servers" ? serversSheet(test::bigPlan(40)) : flowSheet(test::bigFlow(60, 120));
    }
    QTemporaryDir m_dir;
};

/// Every node's box is drawn where the picture has it, and nothing is cut.
void TestTopologyExport::rendersTheSvg()
{
    const auto picture = test::bigFlow(60, 120);
    QSvgRenderer renderer(QByteArray::fromStdString(flowSheet(picture).text(SheetFormat::Svg)));
    QVERIFY(renderer.isValid());
    QImage image(renderer.defaultSize(), QImage::Format_RGB32);
    image.fill(Qt::white);
    QPainter painter(&image);
    renderer.render(&painter);
    painter.end();
    if (const QByteArray dir = qgetenv("WEIR_SCREENSHOT_DIR"); !dir.isEmpty())
        QVERIFY(image.save(QString::fromLocal8Bit(dir) + "/flow-svg.png"));
    for (std::size_t i = 0; i < picture->places.size(); ++i) {
        const QPoint middle(static_cast<int>(picture->places[i].x - picture->left + 24),
                            static_cast<int>(picture->places[i].y - picture->top + 24 + 34));
        const int wide = static_cast<int>(flowBoxWidth(picture->graph->nodes[i].kind));
        QVERIFY(image.rect().contains(middle));
        // The mark of its kind and its name.
        QVERIFY2(inked(image, QRect(middle.x() - wide / 2 + 2, middle.y() - 8, wide * 7 / 10, 16)) > 0.04,
                 picture->graph->nodes[i].name.c_str());
    }
    // Range and coverage stand at the bottom.
    QVERIFY(inked(image, QRect(24, image.height() - 60, 300, 40)) > 0.01);
}

void TestTopologyExport::savesEachFormat_data()
{
    QTest::addColumn<QByteArray>("action");
    QTest::addColumn<QString>("name");
    for (const char* picture : {"flow", "subjects", "world", "servers"}) {
        for (const auto& [action, suffix] :
             {std::pair("exportSvg", "svg"), std::pair("exportPng", "png"), std::pair("exportDot", "dot"),
              std::pair("exportJson", "json"), std::pair("exportGraphviz", "gv.json"),
              std::pair("exportCytoscape", "cyjs")}) {
            const QString name = QStringLiteral("%1.%2").arg(picture, suffix);
            QTest::newRow(qPrintable(name)) << QByteArray(action) << name;
        }
    }
}

/// What is written is what is drawn.
void TestTopologyExport::savesEachFormat()
{
    QFETCH(QByteArray, action);
    QFETCH(QString, name);
    const TopologySheet sheet = sheetOf(name.section('.', 0, 0));
    const QString suffix = name.section('.', 1);
    TopologyExport button;
    button.setSheet(sheet);
    QVERIFY(button.isEnabled());
    for (const QAction* each : button.menu()->actions())
        QVERIFY(each->isVisible());
    QSignalSpy saved(&button, &TopologyExport::saved);
    QSignalSpy told(&button, &TopologyExport::told);
    const QString path = m_dir.filePath(name);
    save(button, action.constData(), path);
    QVERIFY(!button.isEnabled()); // one at a time
    QTRY_COMPARE_WITH_TIMEOUT(saved.size(), 1, 60'000);
    QTRY_VERIFY(button.isEnabled());
    QCOMPARE(told.size(), 0);
    const QByteArray bytes = bytesOf(path);
    const std::map<QString, SheetFormat> formats = {{"svg", SheetFormat::Svg},
                                                    {"dot", SheetFormat::Dot},
                                                    {"json", SheetFormat::Json},
                                                    {"gv.json", SheetFormat::Graphviz},
                                                    {"cyjs", SheetFormat::Cytoscape}};
    if (formats.contains(suffix)) {
        QVERIFY(!bytes.isEmpty());
        QCOMPARE(bytes, QByteArray::fromStdString(sheet.text(formats.at(suffix))));
        return;
    }
    const QImage image = QImage::fromData(bytes, "PNG");
    const QSize natural = QSvgRenderer(QByteArray::fromStdString(sheet.text(SheetFormat::Svg))).defaultSize();
    QCOMPARE(image.size(), natural * 2);
    QVERIFY(inked(image, image.rect()) > 0.01);
}

void TestTopologyExport::drawsAHugePictureSmaller()
{
    constexpr double kMost = 1e6;
    const auto picture = test::bigFlow(300, 300);
    const QString path = m_dir.filePath("huge.png");
    const TopologyFile file = writeSheet(flowSheet(picture), TopologyFormat::Png, path, kMost);
    QVERIFY2(file.problem.isEmpty(), qPrintable(file.problem));
    QVERIFY2(file.remark.startsWith(path) && file.remark.contains("% of its size, with 1 million pixels"),
             qPrintable(file.remark));
    const QImage image(path);
    const double pixels = static_cast<double>(image.width()) * image.height();
    QVERIFY(pixels > kMost * 0.99 && pixels < kMost * 1.01);
    // Its last rows are drawn, too.
    QVERIFY(inked(image, QRect(0, image.height() * 9 / 10, image.width(), image.height() / 20)) > 0.001);
}

void TestTopologyExport::saysWhyThereIsNoFile()
{
    TopologyExport button;
    button.setSheet(flowSheet(test::bigFlow(20, 20)));
    QSignalSpy told(&button, &TopologyExport::told);
    QSignalSpy saved(&button, &TopologyExport::saved);
    const QString path = m_dir.filePath("nowhere/flow.svg");
    save(button, "exportSvg", path);
    QTRY_COMPARE(told.size(), 1);
    QVERIFY2(told[0][0].toString().startsWith("saving " + path + " failed: "),
             qPrintable(told[0][0].toString()));
    QVERIFY(told[0][0].toString().endsWith("(choose another place)"));
    QTRY_VERIFY(button.isEnabled());
    QCOMPARE(saved.size(), 0);
}

void TestTopologyExport::hasNothingToSave()
{
    TopologyExport button;
    QVERIFY(!button.isEnabled());
    button.setSheet(flowSheet(test::placed({})));
    QVERIFY(!button.isEnabled());
    for (const TopologySheet& nothing : {worldSheet(nullptr), serversSheet(nullptr), TopologySheet()}) {
        button.setSheet(nothing);
        QVERIFY(!button.isEnabled());
    }
    button.setSheet(flowSheet(test::bigFlow(20, 20)));
    QVERIFY(button.isEnabled());
}

QTEST_MAIN(TestTopologyExport)
#include "tst_topologyexport.moc"
