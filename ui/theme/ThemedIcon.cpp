// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/theme/ThemedIcon.h"

#include <QFile>
#include <QGuiApplication>
#include <QIconEngine>
#include <QPainter>
#include <QPalette>
#include <QPixmapCache>
#include <QSvgRenderer>

namespace weir {

namespace {

QString resourceOf(const QString& name)
{
    return name.startsWith(QLatin1Char(':')) ? name : QStringLiteral(":/icons/%1.svg").arg(name);
}

QByteArray tinted(const QString& resource, const QColor& color)
{
    QFile file(resource);
    if (!file.open(QIODevice::ReadOnly))
        return {};
    return file.readAll().replace("currentColor", color.name().toLatin1());
}

/// `pixels` is in device pixels.
QPixmap render(const QString& resource, QSize pixels, const QColor& color)
{
    const QString key =
        QStringLiteral("weir-icon %1 %2 %3").arg(resource).arg(pixels.width()).arg(color.rgba());
    QPixmap pixmap;
    if (QPixmapCache::find(key, &pixmap))
        return pixmap;
    pixmap = QPixmap(pixels);
    pixmap.fill(Qt::transparent);
    const QByteArray svg = tinted(resource, color);
    if (!svg.isEmpty()) {
        QPainter painter(&pixmap);
        QSvgRenderer(svg).render(&painter);
    }
    QPixmapCache::insert(key, pixmap);
    return pixmap;
}

class ThemedIconEngine final : public QIconEngine
{
public:
    ThemedIconEngine(QString resource, QColor color) : m_resource(std::move(resource)), m_color(color) {}

    void paint(QPainter* painter, const QRect& rect, QIcon::Mode mode, QIcon::State state) override
    {
        const qreal ratio = painter->device()->devicePixelRatioF();
        painter->drawPixmap(rect, pixmap((QSizeF(rect.size()) * ratio).toSize(), mode, state));
    }

    QPixmap pixmap(const QSize& size, QIcon::Mode mode, QIcon::State /*state*/) override
    {
        return render(m_resource, size, colorFor(mode));
    }

    QIconEngine* clone() const override { return new ThemedIconEngine(*this); }
    bool isNull() override { return !QFile::exists(m_resource); }

private:
    QColor colorFor(QIcon::Mode mode) const
    {
        const QPalette palette = QGuiApplication::palette();
        if (mode == QIcon::Disabled)
            return palette.color(QPalette::Disabled, QPalette::ButtonText);
        return m_color.isValid() ? m_color : palette.color(QPalette::Active, QPalette::ButtonText);
    }

    QString m_resource;
    QColor m_color;
};

} // namespace

QIcon themedIcon(const QString& name, const QColor& color)
{
    return QIcon(new ThemedIconEngine(resourceOf(name), color));
}

QPixmap themedPixmap(const QString& name, int size, const QColor& color, qreal ratio)
{
    QPixmap pixmap = render(resourceOf(name), (QSizeF(size, size) * ratio).toSize(), color);
    pixmap.setDevicePixelRatio(ratio);
    return pixmap;
}

} // namespace weir
