// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QList>
#include <QPointF>
#include <QRegularExpression>
#include <QString>
#include <QXmlStreamReader>

#include <string>

namespace weir::test {

/// A name that breaks what does not take care: markup, quotes, the end of CDATA, controls, U+202E, half a
/// character.
inline const std::string kEvil = "a<b>&\"'\x01\n\u202Eevil\xff]]>";

/// What a test looks at of an SVG.
struct SvgElement
{
    QString name;
    QXmlStreamAttributes attributes;
    QString text;
    QPointF moved; ///< by the groups around it
    [[nodiscard]] double number(const char* attribute) const
    {
        return attributes.value(QLatin1String(attribute)).toDouble();
    }
};

inline QPointF movedBy(const QXmlStreamAttributes& attributes)
{
    static const QRegularExpression kMove("^translate\\(([-0-9.]+) ([-0-9.]+)\\)$");
    const auto match = kMove.match(attributes.value("transform").toString());
    return match.hasMatch() ? QPointF(match.captured(1).toDouble(), match.captured(2).toDouble()) : QPointF();
}

/// All elements, in their order; none where it is no XML.
inline QList<SvgElement> elementsOf(const std::string& svg)
{
    QXmlStreamReader xml(QByteArray::fromStdString(svg));
    QList<SvgElement> elements;
    QList<qsizetype> open;
    while (!xml.atEnd()) {
        switch (xml.readNext()) {
        case QXmlStreamReader::StartElement: {
            const QPointF moved = open.isEmpty() ? QPointF() : elements[open.last()].moved;
            open << elements.size();
            elements << SvgElement{
                xml.name().toString(), xml.attributes(), {}, moved + movedBy(xml.attributes())};
            break;
        }
        case QXmlStreamReader::EndElement:
            open.removeLast();
            break;
        case QXmlStreamReader::Characters:
            elements[open.last()].text += xml.text();
            break;
        default:
            break;
        }
    }
    if (xml.hasError())
        qWarning("%s", qPrintable(xml.errorString()));
    return xml.hasError() ? QList<SvgElement>() : elements;
}

} // namespace weir::test
