// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/topology/FlowSvg.h"
#include "core/topology/FlowText.h"
#include "tests/support/WarningFreeTest.h"
#include "tests/ui/FlowPictures.h"
#include "ui/views/topology/FlowExport.h"

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

} // namespace

class TestFlowExport : public test::WarningFreeTest
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
    void save(FlowExport& button, const char* action, const QString& path)
    {
        button.menu()->findChild<QAction*>(QLatin1String(action))->trigger();
        auto* dialog = button.findChild<QFileDialog*>(QStringLiteral("flowExportDialog"));
        QVERIFY(dialog);
        dialog->setDirectory(QFileInfo(path).path());
        emit dialog->fileSelected(path);
        dialog->close();
    }
    QTemporaryDir m_dir;
};

/// Every node's box is drawn where the picture has it, and nothing is cut.
void TestFlowExport::rendersTheSvg()
{
    const auto picture = test::bigFlow(60, 120);
    QSvgRenderer renderer(QByteArray::fromStdString(flowSvg(*picture)));
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

void TestFlowExport::savesEachFormat_data()
{
    QTest::addColumn<QByteArray>("action");
    QTest::addColumn<QString>("name");
    for (const auto& [action, name] :
         {std::pair("exportSvg", "flow.svg"), std::pair("exportPng", "flow.png"),
          std::pair("exportDot", "flow.dot"), std::pair("exportJson", "flow.json"),
          std::pair("exportCytoscape", "flow.cyjs")})
        QTest::newRow(name) << QByteArray(action) << QString(name);
}

/// What is written is what is drawn.
void TestFlowExport::savesEachFormat()
{
    QFETCH(QByteArray, action);
    QFETCH(QString, name);
    const auto picture = test::bigFlow(60, 120);
    FlowExport button;
    button.setPicture(picture);
    QVERIFY(button.isEnabled());
    QSignalSpy saved(&button, &FlowExport::saved);
    QSignalSpy told(&button, &FlowExport::told);
    const QString path = m_dir.filePath(name);
    save(button, action.constData(), path);
    QVERIFY(!button.isEnabled()); // one at a time
    QTRY_COMPARE(saved.size(), 1);
    QTRY_VERIFY(button.isEnabled());
    QCOMPARE(told.size(), 0);
    const QByteArray bytes = bytesOf(path);
    const std::map<QString, std::string> expected = {{"flow.svg", flowSvg(*picture)},
                                                     {"flow.dot", flowDot(*picture->graph)},
                                                     {"flow.json", flowJson(*picture->graph) + "\n"},
                                                     {"flow.cyjs", flowCytoscape(*picture) + "\n"}};
    if (expected.contains(name)) {
        QCOMPARE(bytes, QByteArray::fromStdString(expected.at(name)));
        return;
    }
    const QImage image = QImage::fromData(bytes, "PNG");
    const QSize natural = QSvgRenderer(QByteArray::fromStdString(flowSvg(*picture))).defaultSize();
    QCOMPARE(image.size(), natural * 2);
    QVERIFY(inked(image, image.rect()) > 0.01);
}

void TestFlowExport::drawsAHugePictureSmaller()
{
    constexpr double kMost = 1e6;
    const auto picture = test::bigFlow(300, 300);
    const QString path = m_dir.filePath("huge.png");
    const FlowFile file = writeFlow(*picture, FlowFormat::Png, path, kMost);
    QVERIFY2(file.problem.isEmpty(), qPrintable(file.problem));
    QVERIFY2(file.remark.startsWith(path) && file.remark.contains("% of its size, with 1 million pixels"),
             qPrintable(file.remark));
    const QImage image(path);
    const double pixels = static_cast<double>(image.width()) * image.height();
    QVERIFY(pixels > kMost * 0.99 && pixels < kMost * 1.01);
    // Its last rows are drawn, too.
    QVERIFY(inked(image, QRect(0, image.height() * 9 / 10, image.width(), image.height() / 20)) > 0.001);
}

void TestFlowExport::saysWhyThereIsNoFile()
{
    FlowExport button;
    button.setPicture(test::bigFlow(20, 20));
    QSignalSpy told(&button, &FlowExport::told);
    QSignalSpy saved(&button, &FlowExport::saved);
    const QString path = m_dir.filePath("nowhere/flow.svg");
    save(button, "exportSvg", path);
    QTRY_COMPARE(told.size(), 1);
    QVERIFY2(told[0][0].toString().startsWith("saving " + path + " failed: "),
             qPrintable(told[0][0].toString()));
    QVERIFY(told[0][0].toString().endsWith("(choose another place)"));
    QTRY_VERIFY(button.isEnabled());
    QCOMPARE(saved.size(), 0);
}

void TestFlowExport::hasNothingToSave()
{
    FlowExport button;
    QVERIFY(!button.isEnabled());
    button.setPicture(test::placed({}));
    QVERIFY(!button.isEnabled());
    button.setPicture(test::bigFlow(20, 20));
    QVERIFY(button.isEnabled());
}

QTEST_MAIN(TestFlowExport)
#include "tst_flowexport.moc"
