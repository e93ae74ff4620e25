// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/topology/TopologyFile.h"

#include "core/base/WholeFile.h"

#include <QBuffer>
#include <QCoreApplication>
#include <QImage>
#include <QPainter>
#include <QSvgRenderer>

#include <algorithm>
#include <cmath>

namespace weir {
namespace {

constexpr double kSharp = 2;        // times the natural size
constexpr double kLongest = 32'000; // px of a side: more is read by few programs
constexpr double kHundred = 100;    // percent

QString tr(const char* text)
{
    return QCoreApplication::translate("weir::TopologyFile", text);
}

/// The SVG, drawn; what had to be left out of its size is said in `remark`.
QByteArray pngOf(const QByteArray& svg, double mostPixels, QString& remark)
{
    QSvgRenderer renderer(svg);
    const QSizeF natural = renderer.defaultSize();
    const double most = std::min({std::sqrt(mostPixels / (natural.width() * natural.height())),
                                  kLongest / natural.width(), kLongest / natural.height()});
    const double scale = std::min(kSharp, most);
    QImage image((natural * scale).toSize(), QImage::Format_RGB32);
    if (image.isNull())
        return {};
    image.fill(Qt::white);
    QPainter painter(&image);
    renderer.render(&painter);
    painter.end();
    if (scale < 1)
        remark = tr("the picture is drawn at %1 % of its size, with %2 million pixels: an SVG has it whole")
                     .arg(std::max(1, static_cast<int>(scale * kHundred)))
                     .arg(static_cast<int>(mostPixels / 1e6));
    QByteArray png;
    QBuffer buffer(&png);
    return buffer.open(QIODevice::WriteOnly) && image.save(&buffer, "PNG") ? png : QByteArray();
}

QByteArray bytesOf(const TopologySheet& sheet, TopologyFormat format, double mostPixels, QString& remark)
{
    const auto text = [&](SheetFormat as) { return QByteArray::fromStdString(sheet.text(as)); };
    switch (format) {
    case TopologyFormat::Svg:
        return text(SheetFormat::Svg);
    case TopologyFormat::Png:
        return pngOf(text(SheetFormat::Svg), mostPixels, remark);
    case TopologyFormat::Dot:
        return text(SheetFormat::Dot);
    case TopologyFormat::Json:
        return text(SheetFormat::Json);
    case TopologyFormat::Graphviz:
        return text(SheetFormat::Graphviz);
    case TopologyFormat::Cytoscape:
        return text(SheetFormat::Cytoscape);
    }
    return {};
}

} // namespace

TopologyFile writeSheet(const TopologySheet& sheet, TopologyFormat format, const QString& path,
                        double mostPixels)
{
    TopologyFile done;
    const QByteArray bytes = bytesOf(sheet, format, mostPixels, done.remark);
    if (bytes.isEmpty())
        return {tr("drawing %1 failed: no memory for the picture (export it as SVG)").arg(path), {}};
    if (const auto saved = writeWholeFile(path, bytes, FileFor::Everybody); !saved)
        return {QString::fromStdString(saved.error().line()), {}};
    if (!done.remark.isEmpty())
        done.remark = path + QStringLiteral(": ") + done.remark;
    return done;
}

} // namespace weir
