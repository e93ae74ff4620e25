// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/topology/FlowFile.h"

#include "core/base/WholeFile.h"
#include "core/topology/FlowSvg.h"
#include "core/topology/FlowText.h"

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
    return QCoreApplication::translate("weir::FlowFile", text);
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

QByteArray bytesOf(const FlowPicture& picture, FlowFormat format, double mostPixels, QString& remark)
{
    switch (format) {
    case FlowFormat::Svg:
        return QByteArray::fromStdString(flowSvg(picture));
    case FlowFormat::Png:
        return pngOf(QByteArray::fromStdString(flowSvg(picture)), mostPixels, remark);
    case FlowFormat::Dot:
        return QByteArray::fromStdString(flowDot(*picture.graph));
    case FlowFormat::Json:
        return QByteArray::fromStdString(flowJson(*picture.graph) + "\n");
    case FlowFormat::Cytoscape:
        return QByteArray::fromStdString(flowCytoscape(picture) + "\n");
    }
    return {};
}

} // namespace

FlowFile writeFlow(const FlowPicture& picture, FlowFormat format, const QString& path, double mostPixels)
{
    FlowFile done;
    const QByteArray bytes = bytesOf(picture, format, mostPixels, done.remark);
    if (bytes.isEmpty())
        return {tr("drawing %1 failed: no memory for the picture (export it as SVG)").arg(path), {}};
    if (const auto saved = writeWholeFile(path, bytes, FileFor::Everybody); !saved)
        return {QString::fromStdString(saved.error().line()), {}};
    if (!done.remark.isEmpty())
        done.remark = path + QStringLiteral(": ") + done.remark;
    return done;
}

} // namespace weir
